"""System calls that fail, by strace's injection: an answer, a 5xx, or a start that says why not."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from client import Client, Connection
from conftest import LONG, ROOT, sampled, version
from process import PATIENCE, PROGRAM, Server, environment, sanitized
from test_allocations import ask

SHIPPED = ROOT / "data" / "timeline.json"


def may_trace():
    if not shutil.which("strace"):
        return False
    done = subprocess.run(["strace", "-D", "-o", "/dev/null", "true"], check=False, timeout=20)
    return done.returncode == 0


pytestmark = pytest.mark.skipif(not may_trace(), reason="tracing is not allowed here")

START = {  # call -> errors that the kernel gives
    "openat": ["EMFILE", "EACCES", "EIO"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO"],
    "pwrite64": ["ENOSPC", "EIO"],
    "fdatasync": ["EIO"],
    "rename": ["EACCES", "ENOSPC"],
    "unlink": ["EACCES"],
    "mmap": ["ENOMEM"],
    "mprotect": ["ENOMEM"],
    "clone": ["EAGAIN"],
    "newfstatat": ["EACCES", "EIO"],
    "epoll_create1": ["EMFILE"],
    "epoll_ctl": ["ENOMEM"],
    "epoll_wait": ["EINTR"],
    "eventfd2": ["EMFILE"],
    "signalfd4": ["EMFILE"],
    "socket": ["EMFILE", "EACCES"],
    "setsockopt": ["ENOMEM"],
    "bind": ["EACCES", "EADDRINUSE", "EADDRNOTAVAIL"],
    "listen": ["EADDRINUSE"],
    "getsockname": ["ENOBUFS"],
    "fcntl": ["EINVAL"],
    "poll": ["EINTR"],
    "seccomp": ["EINVAL", "EPERM"],
    "landlock_create_ruleset": ["ENOSYS", "EOPNOTSUPP"],
    "landlock_restrict_self": ["EPERM"],
    "prctl": ["EINVAL"],
    "capset": ["EPERM"],
    "getrandom": ["ENOSYS"],
    "ftruncate": ["EIO"],
}
RUNNING = {
    "accept4": ["EMFILE", "ECONNABORTED", "ENOBUFS", "EINTR"],
    "recvfrom": ["ECONNRESET", "EINTR", "EAGAIN"],
    "sendmsg": ["EPIPE", "EINTR", "EAGAIN", "ENOBUFS"],
    "sendto": ["EPIPE", "EINTR", "EAGAIN", "ENOBUFS"],
    "epoll_wait": ["EINTR"],
    "setsockopt": ["EINVAL"],
    "getsockopt": ["EINVAL"],
    "mmap": ["ENOMEM"],
    "madvise": ["EINVAL"],
    "pread64": ["EIO"],
    "openat": ["EMFILE"],
    "read": ["EIO"],
    "write": ["EAGAIN"],
    "close": ["EIO"],
    "shutdown": ["ENOTCONN"],
    "ioctl": ["EINVAL"],
}


# Who is traced to the end cannot be looked through for leaks.
TO_THE_END = {"ASAN_OPTIONS": "detect_leaks=0"}


def traced(call, log, error=None, when=None):
    """A command that becomes a program whose calls are counted, or fail."""
    inject = ["-e", f"inject={call}:error={error}:when={when}"] if error else []
    return ["strace", "-D", "-I2", "-f", "-qq", "-o", str(log), "-e", f"trace={call}", *inject]


def tracer_of(server):
    """The process that traces it; 0: none."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    return int(re.search(r"^TracerPid:\s*(\d+)", status, re.MULTILINE)[1])


def let_go(server):
    """Ends the tracing; from here on no call fails."""
    os.kill(tracer_of(server), signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while tracer_of(server):
        assert time.monotonic() < until, "still traced"
        time.sleep(0.001)


def wait_traced(server):
    """Until somebody traces all of its threads."""
    tasks = Path(f"/proc/{server.process.pid}/task")
    until = time.monotonic() + PATIENCE
    while any("\nTracerPid:\t0\n" in path.read_text("ascii") for path in tasks.glob("*/status")):
        assert time.monotonic() < until, "not traced"
        time.sleep(0.001)


def begin(tmp_path, under, **variables):
    return Server("--timeline", tmp_path / "timeline.json", "--db", tmp_path / "timeline.db",
                  "--workers", 1, under=under, **variables)  # fmt: skip


def until_over(server):
    until = time.monotonic() + PATIENCE
    while server.process.poll() is None and " loaded version" not in server.log:
        assert time.monotonic() < until, server.log
        time.sleep(0.01)
    return server.process.poll()


def count_of(call, tmp_path):
    log = tmp_path / "strace"
    server = begin(tmp_path, traced(call, log))
    assert until_over(server) is None, server.log
    let_go(server)
    server.stop()
    return calls_in(log, call)


def calls_in(log, call):
    return len(re.findall(rf"\b{call}\(", log.read_text("utf-8", "replace")))


def count_before_main(call, tmp_path):
    """What the dynamic loader does is not ours; it has words of its own, or crashes."""
    log = tmp_path / "strace"
    command = ["strace", "-qq", "-o", log, "-e", f"trace={call}", PROGRAM, "--version"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60,
                   env=environment(**TO_THE_END))  # fmt: skip
    return calls_in(log, call)


@pytest.fixture
def directory(tmp_path):
    shutil.copy(SHIPPED, tmp_path / "timeline.json")
    return tmp_path


@pytest.mark.parametrize("call", START)
def test_starts(directory, rules, call):
    """Serves the truth, or ends with a line that says what is wrong."""
    if call == "mmap" and sanitized():
        pytest.skip("sanitizers end the process when they get no memory")
    total = count_of(call, directory)
    first = count_before_main(call, directory) + 1
    for error in START[call][: None if LONG else 1]:
        for number in sampled(range(first, total + 1), 2):
            (directory / "timeline.db").unlink(missing_ok=True)
            server = begin(directory, traced(call, directory / "strace", error, number),
                           **TO_THE_END)  # fmt: skip
            status = until_over(server)
            here = f"{call} {number} of {total}: {error}: {status} {server.log}"
            if status is None:
                client = Client(server.address, rules)
                server.wait_ready(client)
                assert client.get("/v1/meetings").status == 200, here
                client.close()
                server.stop()
                continue
            server.reader.join()
            assert status in (1, 2, 3, 127), here
            assert server.lines and len(server.lines[-1]) > 10, here


TARGETS = ("/v1/meetings?limit=1000", "/v1/aid.csv", "/v1/export.sqlite", "/v1/vocabulary", "/livez")


@pytest.mark.parametrize("call", RUNNING)
def test_requests(directory, rules, call):
    """Each third call fails while clients ask; afterwards all is well."""
    errors = RUNNING[call]
    for error in errors if LONG else errors[:1]:
        server = begin(directory, traced(call, directory / "strace", error, "100+3"))
        assert until_over(server) is None or call in START, server.log
        if server.process.poll() is not None:
            continue
        client = Client(server.address, rules)
        server.wait_ready(client)
        right = {target: client.get(target).body for target in TARGETS[:2]}
        client.close()
        for _ in range(12):
            for target in TARGETS:
                status, body = ask(server.address, target)
                here = f"{call}: {error}: {target}: {status} {server.log[-1500:]}"
                assert server.process.poll() is None, here
                assert status in (None, 200, 500, 503), here
                if status == 200 and target in right:
                    assert len(body) <= len(right[target]), here
        server.process.send_signal(signal.SIGHUP)
        let_go(server)
        client = Client(server.address, rules)
        assert {client.get(target).status for target in TARGETS} == {200}
        client.close()
        server.stop()


def test_a_connection_that_cannot_be_waited_for(directory, rules):
    """It is dropped; the next ones are none the worse."""
    # strace counts by thread: past what the start does, and odd, for a loop takes in and lets go.
    number = 2 * count_of("epoll_ctl", directory) + 1
    log = directory / "strace"
    server = begin(directory, traced("epoll_ctl", log, "ENOMEM", number), **TO_THE_END)
    assert until_over(server) is None, server.log
    statuses = [ask(server.address, "/livez")[0] for _ in range(number)]
    assert statuses.count(None) == 1 and set(statuses) == {None, 200}
    client = Client(server.address, rules)
    assert {client.get(target).status for target in TARGETS} == {200}
    client.close()
    server.stop()
    failed = [line for line in log.read_text("utf-8").splitlines() if "(INJECTED)" in line]
    assert len(failed) == 1 and "EPOLL_CTL_ADD" in failed[0]


def test_what_cannot_go_on(directory):
    """A loop that cannot wait for its connections ends by abort(), and says so."""
    # strace counts by thread. The loop takes connections in and lets them go by turns; the latter
    # must not fail.
    first = count_of("epoll_ctl", directory) // 2 * 2 + 2
    server = begin(directory, traced("epoll_ctl", directory / "strace", "ENOMEM", f"{first}+"))
    assert until_over(server) is None, server.log
    for _ in range(20):
        if server.process.poll() is None:
            ask(server.address, "/livez")
    assert server.process.wait(timeout=20) == -signal.SIGABRT, server.log
    server.reader.join()
    assert "the HTTP library gave up" in server.log


def test_a_reload_whose_files_fail(directory, rules):
    """The dataset that there was stays, whatever the disk does."""
    for call, error in (("pwrite64", "EIO"), ("rename", "EIO"), ("fdatasync", "EIO"),
                        ("openat", "EMFILE"), ("pread64", "EIO")):  # fmt: skip
        (directory / "timeline.db").unlink(missing_ok=True)
        server = begin(directory, ())
        client = Client(server.address, rules)
        server.wait_ready(client)
        before = version(client)
        tracer = subprocess.Popen(
            [*traced(call, directory / "strace", error, "1+1")[:1], *traced(
                call, directory / "strace", error, "1+1")[2:], "-p", str(server.process.pid)],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_traced(server)
        text = SHIPPED.read_text("utf-8").replace('"title": "', f'"title": "By {call} ', 1)
        (directory / "timeline.json").write_text(text, "utf-8")
        server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + PATIENCE
        while "timeline not loaded" not in server.log and " reloaded" not in server.log:
            assert time.monotonic() < until, f"{call}: {server.log}"
            time.sleep(0.01)
        tracer.send_signal(signal.SIGINT)
        tracer.wait()
        assert "timeline not loaded" in server.log, f"{call}: {server.log}"
        with Connection(client.address) as connection:
            connection.send(b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert connection.receive().status == 200
        assert version(client) == before
        assert client.get("/readyz").status == 200
        server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + PATIENCE
        while " reloaded" not in server.log:
            assert time.monotonic() < until, f"{call}: {server.log}"
            time.sleep(0.01)
        assert version(client) != before
        client.close()
        server.stop()
        shutil.copy(SHIPPED, directory / "timeline.json")


def test_a_reload_between_file_and_dataset(directory, rules):
    """Its file has the name already: who opens it now has the new dataset."""
    server = begin(directory, ())
    client = Client(server.address, rules)
    server.wait_ready(client)
    before = version(client)
    command = ["strace", "-f", "-qq", "-o", directory / "strace", "-e", "trace=rename",
               "-e", "inject=rename:delay_exit=1000000", "-p", str(server.process.pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_traced(server)
        until = time.monotonic() + PATIENCE
        text = SHIPPED.read_text("utf-8").replace('"title": "', '"title": "Slow ', 1)
        (directory / "timeline.json").write_text(text, "utf-8")
        server.process.send_signal(signal.SIGHUP)
        while "reloaded" not in server.log:
            assert time.monotonic() < until, server.log
            # A stream takes the loop's database with it, and the next request opens one.
            for target in ("/v1/export.sqlite", "/v1/meetings"):
                assert client.get(target).status == 200
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait()
    assert version(client) != before
    client.close()
    server.stop()
