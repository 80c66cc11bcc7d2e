"""A machine that has little: it serves, or says in one line why it does not start."""

import contextlib
import http.client
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from client import Client, Connection
from conftest import LONG, ROOT, version
from process import LISTENING, PATIENCE, PROGRAM, Server, environment, sanitized

SHIPPED = ROOT / "data" / "timeline.json"


def inside(*mounts):
    """A command that becomes another one behind mounts of its own."""
    return ("unshare", "--map-root-user", "--mount", "sh", "-c",
            " && ".join([*mounts, 'exec "$@"']), "sh")  # fmt: skip


def may_mount():
    return subprocess.run(
        [*inside("mount -t tmpfs tmpfs /mnt"), "true"], capture_output=True, check=False
    ).returncode == 0  # fmt: skip


mounting = pytest.mark.skipif(not may_mount(), reason="mounts are not allowed here")


@pytest.fixture
def place():
    """A directory with program and timeline that is not under /tmp."""
    directory = Path(tempfile.mkdtemp(prefix="udcg-faults-", dir="/var/tmp"))
    shutil.copy(PROGRAM, directory / "udcg")
    shutil.copy(SHIPPED, directory / "timeline.json")
    (directory / "disk").mkdir()
    yield directory
    shutil.rmtree(directory)


def load(place, *under):
    return subprocess.run(
        [*under, place / "udcg", "load", place / "timeline.json", "--db", place / "disk/x.db"],
        capture_output=True, env=environment(), timeout=60, check=False,
    )  # fmt: skip


def serves(client):
    for target in ("/v1/meetings?include=attendance", "/v1/aid/totals", "/v1/search?q=air"):
        assert client.get(target).status == 200
    assert client.get("/v1/aid.csv").status == 200


def refused_clearly(done):
    told = done.stderr.decode().splitlines()
    assert done.returncode == 3, done
    assert 1 <= len(told) <= 2 and all(told), told


# Disks


@mounting
@pytest.mark.parametrize("kib", [4, 64, 200, 400, 700])
def test_a_full_disk(place, kib):
    done = load(place, *inside(f"mount -t tmpfs -o size={kib}k tmpfs {place}/disk"))
    refused_clearly(done)
    assert b"no space left" in done.stderr


@mounting
def test_a_read_only_disk(place):
    refused_clearly(load(place, *inside(f"mount -t tmpfs -o ro tmpfs {place}/disk")))


def test_a_bound_on_files(place):
    def bound():
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))

    done = subprocess.run(
        [place / "udcg", "load", place / "timeline.json", "--db", place / "disk/x.db"],
        capture_output=True, env=environment(), timeout=60, check=False, preexec_fn=bound,
    )  # fmt: skip
    assert done.returncode in (3, -25), done  # SIGXFSZ, which POSIX sends, is not ours to ignore
    assert not (place / "disk/x.db").exists()


@mounting
def test_a_disk_that_fills_between_loads(place, serve):
    """The dataset stays; the next load, with room again, is as if nothing had been."""
    disk = place / "disk"
    fill = f"mount -t tmpfs -o size=2200k tmpfs {disk} && head -c 1 /dev/zero > {disk}/filler"
    server, client = serve("--timeline", place / "timeline.json", "--db", disk / "x.db",
                           under=inside(fill))  # fmt: skip
    before = version(client)
    seen = Path(f"/proc/{server.process.pid}/root{disk}")
    with (seen / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError):
        while filler.write(bytes(4096)):
            pass
    text = (place / "timeline.json").read_text("utf-8")
    (place / "timeline.json").write_text(text.replace('"title": "', '"title": "New ', 1), "utf-8")
    reloaded(server, "timeline not loaded")
    assert version(client) == before
    assert "no space left" in client.get("/readyz").body.decode()
    serves(client)
    (seen / "filler").write_bytes(b"")
    reloaded(server, " reloaded")
    assert version(client) != before


def reloaded(server, word):
    count = server.log.count(word)
    server.process.send_signal(signal.SIGHUP)
    until = time.monotonic() + 30
    while server.log.count(word) == count:
        assert time.monotonic() < until, server.log
        time.sleep(0.005)


@mounting
def test_a_read_only_root_without_tmp(place, serve):
    """Everything read-only, /tmp empty and read-only: in memory nothing is written anywhere."""
    under = inside("mount -o remount,bind,ro /", "mount -t tmpfs -o ro tmpfs /tmp")
    server, client = serve("--timeline", place / "timeline.json", under=under,
                           program=place / "udcg")  # fmt: skip
    assert not list(Path(f"/proc/{server.process.pid}/root/tmp").iterdir())
    serves(client)


# CPUs

ALLOWED = os.sched_getaffinity(0)
CPUS = len(ALLOWED)


def workers_of(server):
    return int(re.search(r"\blistening .*\bworkers=(\d+)", server.log)[1])


@mounting
@pytest.mark.parametrize("quota, most", [
    ("100000 100000", 1), ("1000 100000", 1), ("150000 100000", 2), ("max 100000", CPUS),
    ("", CPUS),
])  # fmt: skip
def test_a_quota_of_cpus(place, serve, quota, most):
    """Of a group around that of the process."""
    groups = "/sys/fs/cgroup"
    under = inside(
        f"mount -t tmpfs tmpfs {groups}", f"mkdir -p {groups}/a/b",
        f"echo '{quota}' > {groups}/a/cpu.max", f"echo 'max 100000' > {groups}/a/b/cpu.max",
        f"printf '1:cpu:/\\n0::/a/b\\n' > {place}/cgroup",
        f"mount --bind {place}/cgroup /proc/$$/cgroup",
    )  # fmt: skip
    server, _ = serve("--timeline", place / "timeline.json", under=under)
    assert workers_of(server) == min(CPUS, most)


def test_one_cpu(place, serve):
    under = ("taskset", "--cpu-list", str(min(ALLOWED)))
    server, _ = serve("--timeline", place / "timeline.json", under=under)
    assert workers_of(server) == 1


# Descriptors and memory


def test_64_descriptors(serve, tmp_path):
    """More clients than there are descriptors: 503 or a reply, and it goes on."""
    server, client = serve("--timeline", SHIPPED, "--db", tmp_path / "x.db",
                           under=("prlimit", "--nofile=64"))  # fmt: skip
    serves(client)
    held = []
    try:
        for _ in range(100):
            held.append(Connection(client.address, timeout=5))
            held[-1].send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
    except OSError:
        pass
    answered = 0
    for connection in held[:30]:
        with contextlib.suppress(OSError, http.client.HTTPException):  # it was cut
            answered += connection.receive("GET", "/livez").status in (200, 503)
    assert answered > 0
    for connection in held:
        connection.close()
    client.close()
    server.wait_ready(client)
    serves(client)


def test_descriptors_that_idle_clients_hold(serve):
    """They make room, long before they would be cut for being idle."""
    server, client = serve("--timeline", SHIPPED, "--workers", 1)
    client.close()
    held = []

    def one_more():
        held.append(Connection(client.address, timeout=20))
        held[-1].send(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        assert held[-1].receive("GET", "/livez").status == 200

    for _ in range(20):
        one_more()
    numbers = sorted(int(number) for number in os.listdir(f"/proc/{server.process.pid}/fd"))
    most = numbers[-1] + 1
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (most, most))
    for _ in range(most - len(numbers) + 2):
        one_more()
    for connection in held:
        connection.close()
    serves(client)


@pytest.mark.skipif(sanitized(), reason="sanitizers need more room than there is")
def test_256_mib(written, serve):
    server, client = serve("--timeline", written(8, 1500), under=("prlimit", "--as=268435456"))
    for target in ("/v1/meetings?limit=1000", "/v1/timeline?limit=1000", "/v1/vocabulary",
                   "/v1/aid/totals?group_by=donor,category,month", "/v1/search?q=sup"):  # fmt: skip
        assert client.get(target).status == 200
    rows = client.get("/v1/attendance.csv").body
    assert rows.count(b"\r\n") > 100


@pytest.mark.skipif(sanitized(), reason="sanitizers need more room than there is")
@pytest.mark.parametrize("mib", range(8, 136, 4 if LONG else 16))
def test_little_memory(rules, mib):
    """Serves, or ends with status 3 and a line that says what is wanting."""
    server = Server("--timeline", SHIPPED, under=("prlimit", f"--as={mib << 20}"))
    until = time.monotonic() + PATIENCE
    while server.process.poll() is None and " loaded version" not in server.log:
        assert time.monotonic() < until, f"{mib} MiB: {server.log}"
        time.sleep(0.01)
    if server.process.poll() is not None:
        server.reader.join()
        # 127: the dynamic loader had no room for the libraries.
        assert server.process.returncode in (3, 127), f"{mib} MiB: {server.log}"
        assert server.log, f"{mib} MiB"
        return
    for target in ("/v1/meetings", "/v1/aid/totals", "/v1/vocabulary", "/v1/export.json"):
        status = status_of(server.address, target)
        assert server.process.poll() is None, f"{mib} MiB: {target}: {server.log}"
        assert status in (None, 200, 500, 503), target
    server.stop()


# A log


@contextlib.contextmanager
def logging():
    """A server that logs each request, and the address it listens on; its log was read so far."""
    process = subprocess.Popen(
        [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--timeline", SHIPPED,
         "--log-level", "debug"],
        stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    try:
        while not (found := LISTENING.search(process.stderr.readline())):
            assert process.poll() is None
        yield process, (found[1], int(found[2]))
        process.terminate()
        assert process.wait(timeout=PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def lines_lost(client):
    text = client.get("/metrics").body.decode()
    return int(re.search(r"^udcg_log_lines_lost_total (\d+)$", text, re.M)[1])


def test_a_log_that_nobody_reads(rules):
    """Every request is answered; once the log is read again, it says how many lines it lacks."""
    rest, asked = [], 2000
    with logging() as (process, address):
        while " loaded " not in process.stderr.readline():
            assert process.poll() is None
        client = Client(address, rules)
        for number in range(asked):
            assert client.get("/livez").status == 200, f"request {number}"
        assert lines_lost(client) > 500

        def read():
            for line in process.stderr:
                rest.append(line)

        reader = threading.Thread(target=read)
        reader.start()
        until = time.monotonic() + PATIENCE
        while not any(" log lines lost " in line for line in list(rest)):
            assert client.get("/livez").status == 200
            asked += 1
            assert time.monotonic() < until, "it does not say what was lost"
            time.sleep(0.01)
        lost = lines_lost(client)
        client.close()
        process.terminate()
        reader.join(timeout=PATIENCE)
    assert all(re.match(r"\d{4}-\d\d-\d\dT", line) and line.endswith("\n") for line in rest)
    told = [int(line.rpartition("lines=")[2]) for line in rest if " log lines lost " in line]
    assert sum(told) == lost
    # Those for the count itself are two.
    assert sum(" request " in line for line in rest) + lost == asked + 2


def test_a_log_that_is_gone(rules):
    with logging() as (process, address):
        process.stderr.close()
        client = Client(address, rules)
        while client.get("/readyz").status != 200:
            assert process.poll() is None
        assert lines_lost(client) > 0
        client.close()


def status_of(address, target):
    """None without a reply: there was no memory for so much as that."""
    try:
        with Connection(address) as connection:
            connection.send(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            return connection.receive("GET", target).status
    except (OSError, http.client.HTTPException):
        return None
