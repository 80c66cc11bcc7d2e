"""Each allocation of a request failed, and each way to one in starts and reloads: whatever is under
way may end in a 5xx, and nothing else does."""

import http.client
import json
import os
import signal
import time

import pytest
from allocations import LIBRARY, MODES, Allocations
from client import Client, Connection
from conftest import LONG, load, sampled, version
from process import PATIENCE, Server
from targets import OPERATIONS, by_id, plain_target

pytestmark = pytest.mark.skipif(
    not LIBRARY.exists(), reason="sanitizers have allocators of their own"
)

RECORDS = 40
QUICK = ("--workers", 1, "--query-threads", 1, "--cache-size", 0)
ASKED = [one for one in OPERATIONS if "text/event-stream" not in one.media_types]


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    return Allocations(tmp_path_factory.mktemp("failing") / "control")


def ask(address, target):
    """(status, body) on a connection of its own; (None, …) where there is no reply."""
    try:
        with Connection(address) as connection:
            fields = "Host: a\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"
            connection.send(f"GET {target} HTTP/1.1\r\n{fields}\r\n".encode())
            reply = connection.receive("GET", target)
    except (OSError, http.client.HTTPException):
        return None, b""
    return reply.status, reply.body


def settled(failing):
    """Blocks alive when nothing changes any more."""
    before, count = None, failing.blocks
    while before != count:
        time.sleep(0.002)
        before, count = count, failing.blocks
    return count


class Asked:
    """A server whose allocations fail, and what it says while none does."""

    def __init__(self, server, client, failing):
        self.server, self.client, self.failing = server, client, failing

    def right(self, target):
        """The reply, and how many allocations it takes."""
        for _ in range(3):
            ask(self.client.address, target)
        settled(self.failing)
        made = self.failing.made
        status, body = ask(self.client.address, target)
        assert status == 200, target
        settled(self.failing)
        return body, self.failing.made - made

    def fail_at(self, target, number, mode, body):
        self.failing.fail(number, mode)
        status, got = ask(self.client.address, target)
        failed = self.failing.failed
        self.failing.none_fails()
        here = f"{target}: allocation {number}: {status} {got[:80]}"
        assert self.server.process.poll() is None, f"{here}: {self.server.log[-2000:]}"
        assert status in (None, 200, 500, 503), here
        if status == 200 and not changing(target):
            assert got == body, f"{here}: {difference(got, body)}"
        return failed, status


def difference(got, right):
    place = next((i for i, pair in enumerate(zip(got, right)) if pair[0] != pair[1]), 0)
    window = slice(max(0, place - 60), place + 60)
    return f"at {place} of {len(right)} {got[window]}, not {right[window]}"


def changing(target):
    return target == "/metrics"


def start(timeline, rules, failing):
    failing.start_over()
    server = Server("--timeline", timeline, *QUICK, **failing.variables)
    client = Client(server.address, rules)
    server.wait_ready(client)
    client.close()
    return server, client


@pytest.fixture(scope="module")
def left(written, rules, failing):
    """Blocks that are alive at the end of a server that wanted for nothing."""
    server, client = start(written(3, RECORDS), rules, failing)
    timeline = load(written(3, RECORDS))
    for operation in ASKED:
        for target in targets_of(operation, timeline, client.address):
            assert ask(client.address, target)[0] == 200
    server.stop()
    return failing.blocks


@pytest.fixture(scope="module")
def asked(written, rules, failing, left):
    server, client = start(written(3, RECORDS), rules, failing)
    yield Asked(server, client, failing)
    server.stop()
    assert failing.blocks <= left, f"{failing.blocks - left} blocks are lost"


def after_the_first_page(address, target):
    _, body = ask(address, target)
    return json.loads(body)["page"]["next"] or target


def targets_of(operation, timeline, address):
    """Targets that go through what the operation has."""
    plain = plain_target(operation, timeline)
    yield plain
    if operation.is_list:
        path, _, query = plain.partition("?")
        yield f"{path}.csv?{query}"
        if "include" in operation.parameters:
            names = ",".join(operation.parameters["include"].schema["enum"])
            yield f"{path}?include={names}"
        if "cursor" in operation.parameters:
            yield after_the_first_page(address, f"{path}?limit=1&{query}".rstrip("&"))
        if "from" in operation.parameters:
            yield f"{path}?from=2023&to=2025-06&q=support,sup"
    elif operation.id == "getAidTotals":
        yield f"{plain}?group_by=donor,category,month&from=2022"


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("operation", **by_id(ASKED))
def test_requests(written, asked, failing, operation, mode):
    failing.count_for(mode)
    timeline = load(written(3, RECORDS))
    for target in targets_of(operation, timeline, asked.client.address):
        body, total = asked.right(target)
        assert total > 0
        failures = 0
        for number in sampled(range(total), mode.samples(12)):
            failed, status = asked.fail_at(target, number, mode, body)
            failures += failed > 0
            assert ask(asked.client.address, target)[0] == 200, f"{target}: after {number}"
        assert failures > 0
        again, _ = asked.right(target)
        assert changing(target) or again == body


# Reloads and starts


@pytest.fixture
def two(written):
    """Two timelines that are not the same; small, for each of their allocations is failed."""
    return [written(seed, 8).read_bytes() for seed in (5, 6)]


def loads_over(server):
    """How many loads have ended, well or not."""
    words = ("loaded", "reloaded", "timeline not loaded", "timeline unchanged", "no memory for a")
    return sum(any(f" {word}" in line for word in words) for line in server.lines)


def wait_for_loads(server, count):
    until = time.monotonic() + PATIENCE
    while loads_over(server) < count:
        assert server.process.poll() is None, server.log[-2000:]
        assert time.monotonic() < until, f"no word of the load: {server.log[-2000:]}"
        time.sleep(0.0005)


def reload(server):
    """SIGHUP, and the line that tells how it went."""
    count = loads_over(server)
    server.process.send_signal(signal.SIGHUP)
    wait_for_loads(server, count + 1)


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("kept", [False, True], ids=["in memory", "in a file"])
def test_reloads(two, tmp_path, rules, failing, mode, kept):
    """The old dataset or the new one, whole; the next reload is as if nothing had been."""
    timeline = tmp_path / "timeline.json"
    new = tmp_path / "new.json"
    timeline.write_bytes(two[0])
    options = ("--db", tmp_path / "timeline.db") if kept else ()
    failing.start_over(mode)
    server = Server("--timeline", timeline, *QUICK, *options, **failing.variables)
    client = Client(server.address, rules)
    server.wait_ready(client)
    wait_for_loads(server, 1)  # its line comes after the dataset

    def replace(number):
        new.write_bytes(two[number])
        os.replace(new, timeline)
        reload(server)

    def load(number):
        replace(number)
        return ask(client.address, "/v1/meetings")

    right = {number: load(number) for number in (1, 0)}
    failing.note()
    load(1)
    ways = failing.noted()
    load(0)
    now, failures = 0, 0
    for number in sampled(ways, mode.samples(25)):
        failing.fail(number, mode)
        replace(1 - now)
        failures += failing.failed > 0
        failing.none_fails()
        served = ask(client.address, "/v1/meetings")
        assert served in right.values(), f"allocation {number}: {served}"
        if served == right[now]:
            assert load(1 - now) == right[1 - now], f"after allocation {number}"
        now = 1 - now
    assert failures > 0
    client.close()
    server.stop()


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
def test_starts(two, tmp_path, rules, failing, mode):
    """Ready in the end, or one clear line and status 3."""
    timeline = tmp_path / "timeline.json"
    timeline.write_bytes(two[0])

    def begin():
        return Server("--timeline", timeline, *QUICK, **failing.variables)

    def until_over(server):
        """Loaded, or ended; a line of the log may be lost."""
        until = time.monotonic() + PATIENCE
        while " loaded version" not in server.log and server.process.poll() is None:
            assert time.monotonic() < until, server.log
            if "no memory for a log line" in server.log:
                time.sleep(0.5)
                return
            time.sleep(0.0005)

    def stays(server):
        """Whether it gets ready, now that it has memory; it may be about to end. Where nobody was told
        its port, it is told to."""
        until = time.monotonic() + PATIENCE
        while server.process.poll() is None:
            if "listening" in server.log:
                if ask(server.address, "/readyz")[0] == 200:
                    return True
            elif "no memory for a log line" in server.log:
                server.process.terminate()
            assert time.monotonic() < until, server.log
            time.sleep(0.005)
        return False

    failing.start_over(mode)
    failing.note()
    server = begin()
    until_over(server)
    ways = failing.noted()
    server.stop()
    ended = 0
    for number in sampled(ways, mode.samples(25)):
        failing.start_over(mode)
        failing.fail(number, mode)
        server = begin()
        until_over(server)
        failing.none_fails()
        if stays(server):
            client = Client(server.address, rules)
            assert client.get("/v1/meetings").status == 200
            client.close()
            server.stop()
        elif server.process.returncode == 0:
            server.stop()  # it was told to
        else:
            check_refusal(server, number)
            ended += 1
    assert ended > 0


def check_refusal(server, number):
    server.reader.join()
    here = f"allocation {number}: {server.process.returncode}: {server.log}"
    assert server.process.returncode in (1, 3), here
    faults = [line for line in server.lines if "error" in line or line.startswith("udcg: ")]
    assert faults, here
