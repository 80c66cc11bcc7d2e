"""kill -9 while a database is built: the next start has the old dataset or the new one, whole."""

import hashlib
import random
import signal
import subprocess
import time

import pytest
from client import Client
from conftest import LONG, version
from process import PATIENCE, PROGRAM, Server, environment, run

TIMES = 100 if LONG else 5


def exported(database):
    """The version of what is in it, from its records."""
    done = run("export", "--db", database, "--format", "ndjson")
    assert done.returncode == 0, done.stderr
    return hashlib.sha256(done.stdout).hexdigest()


ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def as_in_a_terminal():
    """Whoever runs the tests, nohup or a shell in the background, may ignore them."""
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)


def build(timeline, database, profiles):
    """One that counts its lines leaves its counts, which may be cut short, apart from the others'."""
    return subprocess.Popen(
        [PROGRAM, "load", timeline, "--db", database],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment(GCOV_PREFIX=str(profiles)), preexec_fn=as_in_a_terminal,
    )  # fmt: skip


def wait_until_made(path, is_over):
    """Or until what makes it is over: a busy machine may show us nothing of it."""
    until = time.monotonic() + PATIENCE
    while not path.exists() and not is_over():
        assert time.monotonic() < until, f"there is no {path}"
        time.sleep(0.001)


def left_over(directory):
    return {path.name for path in directory.iterdir()} - {"a.json", "b.json", "timeline.db"}


@pytest.fixture
def two(written, tmp_path):
    """Two timelines beside a database, with their versions; a load takes some tenths of a second."""
    found = []
    for seed, name in ((11, "a.json"), (12, "b.json")):
        path = tmp_path / name
        path.write_bytes(written(seed, 800).read_bytes())
        database = tmp_path / "timeline.db"
        assert run("load", path, "--db", database).returncode == 0
        found.append((path, exported(database)))
    return found


def test_load(two, tmp_path, tmp_path_factory, rules):
    database, profiles = tmp_path / "timeline.db", tmp_path_factory.mktemp("profiles")
    rng = random.Random(1)
    started = time.monotonic()
    assert build(two[0][0], database, profiles).wait() == 0
    seconds = time.monotonic() - started
    old, killed, tries = two[0][1], 0, 0
    while killed < TIMES:
        timeline, new = two[1 - [one[1] for one in two].index(old)]
        process = build(timeline, database, profiles)
        time.sleep(rng.random() * seconds * 1.1)
        if process.poll() is None:
            killed += 1
        else:
            seconds *= 0.8  # a load is quicker now than the one that was timed
        tries += 1
        assert tries < 10 * TIMES, "hardly a kill comes in time"
        process.kill()
        process.wait()
        found = exported(database)
        assert found in (old, new), f"try {tries}"
        if tries % 5 == 1:
            server = Server("--timeline", timeline, "--db", database)
            client = Client(server.address, rules)
            server.wait_ready(client)
            assert version(client) == new
            assert client.get("/v1/meetings").status == 200
            client.close()
            server.stop()
            assert left_over(tmp_path) == set()
            found = exported(database)
            assert found == new
        old = found


@pytest.fixture
def long_load(two, written, tmp_path):
    """A timeline whose load takes seconds, and a database with another one."""
    timeline = tmp_path / "a.json"
    timeline.write_bytes(written(13, 8000).read_bytes())
    return timeline, tmp_path / "timeline.db"


@pytest.mark.parametrize("number", ENDING)
def test_a_load_that_is_told_to_end(two, long_load, tmp_path, tmp_path_factory, number):
    """It leaves the database that there was, and nothing beside it."""
    timeline, database = long_load
    before, profiles = database.read_bytes(), tmp_path_factory.mktemp("profiles")
    for _ in range(10):
        process = build(timeline, database, profiles)
        wait_until_made(tmp_path / "timeline.db.new", lambda: process.poll() is not None)
        time.sleep(0.2)
        process.send_signal(number)
        if process.wait() != 0:
            break
        database.write_bytes(before)  # it was over by then
    assert process.wait() == -number
    assert left_over(tmp_path) == set()
    assert exported(database) == two[1][1]


@pytest.mark.parametrize("seconds", [0, 0.5, 1])
def test_a_server_that_is_told_to_end_while_it_loads(two, long_load, tmp_path, seconds):
    timeline, database = long_load
    server = Server("--timeline", timeline, "--db", database, "--drain-delay", "0s")
    wait_until_made(tmp_path / "timeline.db.new", lambda: " loaded version=" in server.log)
    time.sleep(seconds)
    server.stop()
    assert left_over(tmp_path) == set()


def test_reload(two, tmp_path, rules):
    """A server is killed while it loads another timeline behind what it serves."""
    database, timeline = tmp_path / "timeline.db", tmp_path / "timeline.json"
    rng = random.Random(2)
    for number in range(TIMES):
        path, new = two[number % 2]
        timeline.write_bytes(path.read_bytes())
        server = Server("--timeline", timeline, "--db", database)
        client = Client(server.address, rules)
        server.wait_ready(client)
        assert version(client) == new, f"kill {number}"
        timeline.write_bytes(two[1 - number % 2][0].read_bytes())
        server.process.send_signal(1)
        time.sleep(rng.random() * 0.4)
        server.process.kill()
        server.process.wait()
        client.close()
        assert exported(database) in [one[1] for one in two], f"kill {number}"
