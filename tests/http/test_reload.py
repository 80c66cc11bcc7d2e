"""Reload under load: no request is lost, and no reply mixes two datasets.

With UDCG_LONG=1 it is 500 swaps and a million reads at least.
"""

import itertools
import random
import re
import socket
import threading
import time

import pytest

from conftest import SHIPPED
from process import LONG
from tests.auditor import random_timeline

SWAPS, READS = (500, 1_000_000) if LONG else (20, 2_000)
READERS = 6
BATCH = 20  # requests that are sent ahead of their replies
PAUSE = 0.02  # seconds between two batches, so that the loader is not left without a processor
SIZES = [60, 150, 2000]  # records; the lists of the last do not fit into one part
TARGETS = [  # what is asked for, how often, and as what
    ("/v1", 20, ""),
    ("/v1/summary", 20, ""),
    ("/v1/vocabulary", 10, "gzip"),
    ("/v1/meetings?limit=20", 40, ""),
    ("/v1/participants?sort=-meeting_count&limit=30&include=sources", 20, "gzip"),
    ("/v1/aid/totals?group_by=donor,year", 20, ""),
    ("/v1/search?q=sup", 10, ""),
    ("/v1/claims?limit=1000", 4, "gzip"),
    ("/v1/aid.csv", 2, ""),
    ("/v1/meetings.ics", 2, ""),
    ("/v1/timeline.ndjson", 1, ""),
    ("/v1/timeline.csv", 1, "gzip"),
    ("/v1/export.json", 1, ""),
]
FIELD = {
    name: re.compile(rb"\r\n%s: ([^\r]*)\r\n" % name.encode())
    for name in ("Content-Length", "Dataset-Version", "ETag")
}


def field(head, name):
    found = FIELD[name].search(head)
    return found and found[1]


class Replies:
    """What comes on a connection, one reply after the other."""

    def __init__(self, connection):
        self.socket = connection
        self.bytes = b""

    def _more(self):
        part = self.socket.recv(1 << 18)
        assert part, f"the server closed the connection within {self.bytes[:2000]}"
        self.bytes += part

    def _until(self, mark):
        while (end := self.bytes.find(mark)) < 0:
            self._more()
        found, self.bytes = self.bytes[: end + len(mark)], self.bytes[end + len(mark) :]
        return found

    def _take(self, size):
        while len(self.bytes) < size:
            self._more()
        found, self.bytes = self.bytes[:size], self.bytes[size:]
        return found

    def next(self):
        """Its head and its body."""
        head = self._until(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 304"):
            return head, b""
        length = field(head, "Content-Length")
        if length is not None:
            return head, self._take(int(length))
        body = []
        while size := int(self._until(b"\r\n"), 16):
            body.append(self._take(size + 2)[:-2])
        self._until(b"\r\n")
        return head, b"".join(body)


def request(target, coding, tag=None):
    lines = [f"GET {target} HTTP/1.1", "Host: localhost"]
    lines += [f"Accept-Encoding: {coding}"] if coding else []
    lines += [f"If-None-Match: {tag.decode()}"] if tag else []
    return "\r\n".join([*lines, "", ""]).encode()


def ask(address, message):
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(message)
        return Replies(connection).next()


class Reader(threading.Thread):
    """Asks on one connection, or on a new one each time, until it is told to stop."""

    def __init__(self, number, address, expected):
        super().__init__(daemon=True)
        self.rng = random.Random(number)
        self.keeps = number > 0
        self.address = address
        self.expected = expected
        self.reads = 0
        self.versions = set()
        self.target = self.fault = None
        self.ending = False

    def run(self):
        try:
            while not self.ending:
                with socket.create_connection(self.address, timeout=60) as connection:
                    self._read(connection)
        except Exception as fault:  # noqa: BLE001: whatever it is, the test tells it
            self.fault = fault

    def _read(self, connection):
        replies = Replies(connection)
        weights = [weight for _, weight, _ in TARGETS]
        versions = list(self.expected)
        while not self.ending:
            asked = []
            for target, _, coding in self.rng.choices(TARGETS, weights, k=BATCH):
                tag = None
                if self.rng.random() < 0.2:
                    tag = self.expected[self.rng.choice(versions)][target][0]
                asked.append((target, coding, tag))
            connection.sendall(b"".join(request(*one) for one in asked))
            for self.target, _, tag in asked:
                head, body = replies.next()
                self._check(self.target, tag, head, body)
                if b"\r\nConnection: close\r\n" in head:
                    return  # said beforehand: what was sent behind it is not answered
            time.sleep(PAUSE)
            if not self.keeps:
                return

    def _check(self, target, tag, head, body):
        """The reply is what that dataset, alone and at rest, says."""
        version = field(head, "Dataset-Version")
        wanted_tag, wanted = self.expected[version][target]
        assert field(head, "ETag") == wanted_tag, f"{target}: {head}"
        if head.startswith(b"HTTP/1.1 304"):
            assert tag == wanted_tag, f"{target}: a 304 to {tag}: {head}"
        else:
            assert head.startswith(b"HTTP/1.1 200"), f"{target}: {head}"
            assert tag != wanted_tag, f"{target}: no 304 to {tag}: {head}"
            assert body == wanted, f"{target}: a body that is none of {version}"
        self.reads += 1
        self.versions.add(version)


@pytest.mark.parametrize("stored", [False, True], ids=["memory", "file"])
def test_no_request_is_lost(editions, tmp_path, stored):
    documents = [random_timeline.timeline(70 + size, size) for size in SIZES]
    documents.append(SHIPPED.read_text("utf-8"))
    options = ["--db", tmp_path / "timeline.db"] if stored else []
    one = editions(tmp_path / "timeline.json", documents[-1], *options)
    address = one.server.address
    expected, streamed = {}, set()
    for document in documents:
        version = one.publish(document).encode()
        expected[version] = {}
        for target, _, coding in TARGETS:
            head, body = ask(address, request(target, coding))
            assert field(head, "Dataset-Version") == version
            expected[version][target] = field(head, "ETag"), body
            streamed.update([] if field(head, "Content-Length") else [target])
    assert len(expected) == len(documents)
    assert len(streamed) > 1, "no timeline is so large that its lists are streams"

    readers = [Reader(number, address, expected) for number in range(READERS)]
    for reader in readers:
        reader.start()
    started = time.monotonic()
    delays = []
    enough = READS / 2 if LONG else READS
    for swaps, document in enumerate(itertools.cycle(documents)):
        reads = sum(reader.reads for reader in readers)
        done = swaps >= SWAPS and reads >= enough
        done = done and all(len(reader.versions) > 1 for reader in readers)
        if done or swaps >= 10 * SWAPS or any(reader.fault for reader in readers):
            break
        begun = time.monotonic()
        version = one.publish(document)
        assert one.version() == version
        if document is documents[-1]:
            delays.append(time.monotonic() - begun)
    for reader in readers:
        reader.ending = True
    for reader in readers:
        reader.join(60)
        assert not reader.is_alive()
        assert reader.fault is None, (reader.target, reader.fault)
        assert len(reader.versions) > 1, "it saw no reload"
    seconds = time.monotonic() - started
    delays.sort()
    print(
        f"{swaps} swaps and {reads:,} reads in {seconds:.0f} s; the shipped timeline visible after"
        f" {delays[len(delays) // 2]:.3f} s in the middle, {delays[-1]:.3f} s at most"
    )
    assert one.metric("udcg_dataset_failed_loads_total") == 0
