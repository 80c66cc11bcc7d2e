"""Timelines that end too early and databases with changed bytes: told, or harmless."""

import os
import random
import signal
import socket
import time

import pytest
from client import Client
from conftest import LONG, ROOT, sampled
from process import PATIENCE, Server, run

SHIPPED = ROOT / "data" / "timeline.json"


def faults_of(path):
    done = run("check", path)
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_a_timeline_that_ends_too_early(written, tmp_path, form):
    """Each fault has its place. What ends at a line's end may be a timeline of its own."""
    whole = written(7, 30, form).read_bytes()
    cut = tmp_path / f"cut.{form}"
    for length in sampled(range(0, len(whole) - 1, 37), 150):
        cut.write_bytes(whole[:length])
        status, told = faults_of(cut)
        if form == "ndjson" and status == 0:
            assert whole[:length].count(b"\n") and whole[length - 1 : length + 1].count(b"\n")
            continue
        assert status == 1, f"{length} bytes: {status} {told}"
        line = told.splitlines()[0]
        assert line.split(":")[0].isdigit(), f"{length} bytes: no line number: {told}"
        assert int(line.split(":")[0]) <= whole[:length].count(b"\n") + 1


def test_a_reload_of_it(serve, tmp_path):
    """The old answers stay, and /readyz says why."""
    whole = SHIPPED.read_bytes()
    timeline = tmp_path / "timeline.json"
    timeline.write_bytes(whole)
    server, client = serve("--timeline", timeline)
    right = client.get("/v1/meetings").body
    for length in sampled(range(0, len(whole) - 1, 499), 12):
        failed = server.log.count("timeline refused")
        timeline.write_bytes(whole[:length])
        server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + PATIENCE
        while server.log.count("timeline refused") == failed:
            assert time.monotonic() < until, server.log[-1000:]
            time.sleep(0.001)
        assert client.get("/v1/meetings").body == right
        assert "line " in client.get("/readyz").body.decode()


# Databases


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """(timeline, database's bytes, what it answers) of one that was built."""
    directory = tmp_path_factory.mktemp("kept")
    timeline = directory / "timeline.json"
    timeline.write_bytes(SHIPPED.read_bytes())
    database = directory / "timeline.db"
    assert run("load", timeline, "--db", database).returncode == 0
    return timeline, database, database.read_bytes()


ASKED = (
    "/v1/meetings?limit=1000&include=attendance", "/v1/aid?limit=1000", "/v1/aid/totals",
    "/v1/claims?limit=1000", "/v1/timeline?limit=1000", "/v1/search?q=air", "/v1/summary",
    "/v1/sources?include=evidence", "/v1/participants?limit=1000", "/v1/export.ndjson",
    "/v1/aid?donor=us&sort=-amount", "/v1/meetings?q=ramstein", "/v1/vocabulary",
)  # fmt: skip


def answers(client):
    found = []
    for target in ASKED:
        reply = client.get(target)
        found.append((reply.status, reply.body))
    return found


def settle(server, client, database, file):
    """Until it is looked through, or built anew. `file`: the number that it had before the start; what
    was refused at once is another file by the end of the first load."""
    server.wait_said(" loaded version=")
    if database.stat().st_ino == file:
        until = time.monotonic() + PATIENCE
        while not any(word in server.log for word in ("timeline unchanged", " reloaded")):
            assert time.monotonic() < until, server.log
            time.sleep(0.001)
    elif b"udcg_dataset_failed_loads_total 0\n" not in client.get("/metrics").body:
        server.wait_said(" reloaded")


def test_a_database_with_a_changed_byte(kept, rules):
    """Wherever it is: not taken, or noticed at once and built anew; no wrong answer stays."""
    timeline, database, whole = kept
    rng = random.Random(1)
    server = Server("--timeline", timeline, "--db", database)
    client = Client(server.address, rules)
    server.wait_ready(client)
    right = answers(client)
    client.close()
    server.wait_said("timeline unchanged")  # the undamaged one is taken as it is
    server.stop()

    noticed = 0
    for _ in range(600 if LONG else 25):
        place, bit = rng.randrange(len(whole)), 1 << rng.randrange(8)
        damaged = bytearray(whole)
        damaged[place] ^= bit
        database.write_bytes(damaged)
        file = database.stat().st_ino
        server = Server("--timeline", timeline, "--db", database)
        client = Client(server.address, rules)
        server.wait_ready(client)
        settle(server, client, database, file)
        got = answers(client)
        assert got == right, f"byte {place}, bit {bit}: {server.log}"
        noticed += "timeline unchanged" not in server.log
        client.close()
        server.stop()
    assert noticed > 0


@pytest.mark.parametrize("damaged, status", [(True, 503), (False, 200)])
def test_what_is_known_to_be_damaged_is_not_served(tmp_path, rules, damaged, status):
    """Not even where nothing can take its place; a good one stays, as at any reload that fails."""
    timeline, database = tmp_path / "timeline.json", tmp_path / "timeline.db"
    timeline.write_bytes(SHIPPED.read_bytes())
    assert run("load", timeline, "--db", database).returncode == 0
    looks = timeline.stat()
    timeline.write_bytes(b" " * looks.st_size)
    os.utime(timeline, ns=(looks.st_atime_ns, looks.st_mtime_ns))
    if damaged:
        database.write_bytes(database.read_bytes().replace(b"Ramstein", b"Rumstein"))
    server = Server("--timeline", timeline, "--db", database)
    client = Client(server.address, rules)
    server.wait_said("timeline refused")
    assert " loaded version=" in server.log, "it was not taken by its looks"
    for target in ("/readyz", "/v1/meetings", "/v1/aid/totals"):
        reply = client.get(target)
        assert reply.status == status, target
        assert not damaged or "damaged" in reply.json["detail"]
    assert client.get("/livez").status == 200
    assert ("the database is damaged" in server.log) == damaged
    client.close()
    server.stop()


def test_an_export_of_it(kept):
    """Told, or the very same export."""
    timeline, database, whole = kept
    database.write_bytes(whole)
    right = run("export", "--db", database, "--format", "ndjson").stdout
    assert right
    rng = random.Random(2)
    for _ in range(2000 if LONG else 100):
        place = rng.randrange(len(whole))
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.randrange(8)
        database.write_bytes(damaged)
        done = run("export", "--db", database, "--format", "ndjson")
        told = done.stderr.decode().splitlines()
        assert done.returncode == 0 and done.stdout == right or (
            done.returncode == 3 and len(told) == 1
        ), f"byte {place}: {done}"


@pytest.mark.parametrize("length", [0, 1, 100, 4096, -4096, -1])
def test_a_database_that_was_cut(kept, rules, length):
    timeline, database, whole = kept
    database.write_bytes(whole[:length])
    file = database.stat().st_ino
    server = Server("--timeline", timeline, "--db", database)
    client = Client(server.address, rules)
    server.wait_ready(client)
    settle(server, client, database, file)
    assert client.get("/v1/meetings").status == 200
    client.close()
    server.stop()
    assert run("export", "--db", database).returncode == 0


def test_the_log_says_what_failed(serve, tmp_path):
    """A disk that loses what is being served: a 500, and a line for whoever runs the server."""
    timeline, database = tmp_path / "timeline.json", tmp_path / "timeline.db"
    timeline.write_bytes(SHIPPED.read_bytes())
    server, client = serve("--timeline", timeline, "--db", database)
    os.truncate(database, 8192)
    said = [client.get(f"/v1/meetings?limit={number}").status for number in range(1, 20)]
    assert 500 in said
    server.wait_said("status=500")
    lines = [line for line in server.log.splitlines() if "status=500" in line]
    assert all('reason="' in line and 'reason=""' not in line for line in lines)


def test_the_log_says_why_a_stream_ended(serve, written, tmp_path):
    """It began with 200, so that its end is all that the client sees of it."""
    database = tmp_path / "timeline.db"
    server, client = serve("--timeline", written(13, 1500), "--db", database)
    with socket.socket() as reader:
        # The kernel holds a few of the largest segments for who takes little, so that it cannot have
        # taken all before the file is cut.
        reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.settimeout(PATIENCE)
        reader.connect(server.address)
        reader.sendall(b"GET /v1/export.sqlite HTTP/1.1\r\nHost: localhost\r\n\r\n")
        got = reader.recv(4096)
        assert got.startswith(b"HTTP/1.1 200 ")
        os.truncate(database, 8192)
        while part := reader.recv(65536):
            got = got[-8:] + part
    assert not got.endswith(b"\r\n0\r\n\r\n")
    server.wait_said("target=/v1/export.sqlite status=200")
    line = next(line for line in server.log.splitlines() if "/v1/export.sqlite" in line)
    assert line.endswith('reason="cannot be opened, read or written"')
    assert b"udcg_http_streams_failed_total 1\n" in client.get("/metrics").body
