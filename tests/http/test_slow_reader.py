"""A client that reads a long table slowly costs no memory and is in nobody's way.

With UDCG_LONG=1 the table has a million rows.
"""

import json
import select
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict

import pytest

from contract import ROOT
from editions import Editions
from process import FRUGAL, LONG, PROGRAM, watches_threads

ROWS = 1_000_000 if LONG else 20_000
GENERATE = ROOT / "tests" / "bench" / "generate.py"
LONGEST = 18_000  # rows of a table that is compared
READERS = 8
SECONDS = 45 if LONG else 6  # that they read slowly
STEP = 4096  # bytes that each takes at a time
MARGIN = 2048 * READERS  # KiB; a third of the short tables, and sockets hold less of them than that
QUICK = 0.1  # seconds: the median of what others ask for, or, on a slow machine, …
MUCH = 50  # … so many times what it is when nobody reads slowly
CACHED = "/v1/meetings?limit=20"
TABLE = b"GET /v1/aid.csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def big(rules, tmp_path_factory):
    """One query thread and one loop, so that whoever held one would hold up all."""
    directory = tmp_path_factory.mktemp("big")
    timeline, database = directory / "timeline.ndjson", directory / "timeline.db"
    counts = ["--meetings", "1000", "--aid", str(ROWS)]
    subprocess.run([sys.executable, GENERATE, *counts, "--out", timeline], check=True)
    subprocess.run([PROGRAM, "load", timeline, "--db", database], check=True)
    options = ["--db", database, "--query-threads", "1", "--workers", "1", "--cache-size", "4M"]
    one = Editions(rules, timeline, None, *options, **FRUGAL)
    yield one
    one.stop()


class Table:
    """The reply to a request for the whole table, on a connection with a small window."""

    def __init__(self, address):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STEP)
        self.socket.settimeout(60)
        self.socket.connect(address)
        self.socket.sendall(TABLE)
        self.size, self.end = 0, b""

    def step(self, size):
        """False at the end."""
        part = self.socket.recv(size)
        self.size += len(part)
        self.end = (self.end + part)[-5:]
        return bool(part)

    def finish(self):
        while self.step(1 << 20):
            pass
        self.socket.close()
        assert self.end == b"0\r\n\r\n", "the table was cut short"
        return self.size


class Slow(threading.Thread):
    """Reads tables, each a little at a time."""

    def __init__(self, tables):
        super().__init__(daemon=True)
        self.tables = tables
        self.ending = threading.Event()

    def run(self):
        tables = {table.socket: table for table in self.tables}
        while not self.ending.wait(0.1):
            # Waiting for one that the server is late with would make all the others too slow.
            for readable in select.select(list(tables), [], [], 0)[0]:
                tables[readable].step(STEP)


def seconds_of(connection, target):
    started = time.monotonic()
    connection.send(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert connection.receive().status == 200
    return time.monotonic() - started


def test_slow_readers(big):
    address, client = big.server.address, big.client
    assert Table(address).finish() > 200 * ROWS
    # Figures that only a walk of all of them finds fill the page caches before.
    for target in (CACHED, "/v1/aid/totals?claimant=none"):
        assert client.get(target).status == 200
    with client.connect() as other:
        quick = {
            name: max(QUICK, MUCH * statistics.median(seconds_of(other, target) for _ in range(50)))
            for name, target in (("live", "/livez"), ("cached", CACHED))
        }
    memory = {name: big.memory(name) for name in ("VmRSS", "VmHWM")}

    reading = Slow([Table(address) for _ in range(READERS)])
    reading.start()
    started = time.monotonic()
    resident, waited, number = [], defaultdict(list), 0
    with client.connect() as other:
        while time.monotonic() - started < SECONDS:
            number += 1
            query = f"/v1/aid?limit=1&min_amount={number}&currency=USD"
            targets = {"live": "/livez", "cached": CACHED, "query": query}
            for name, target in targets.items():
                waited[name].append(seconds_of(other, target))
            resident.append(big.memory())
            time.sleep(0.05)
    reading.ending.set()
    reading.join()

    grown = max(resident) - memory["VmRSS"], big.memory("VmHWM") - memory["VmHWM"]
    middle = {name: statistics.median(found) for name, found in waited.items()}
    worst = {name: max(found) for name, found in waited.items()}
    one, *others = reading.tables
    for table in others:
        table.socket.close()
    size = one.finish()
    print(f"{ROWS:,} rows, {size:,} bytes: {grown} KiB more; {middle}, at most {worst}")
    assert size > 200 * ROWS
    assert max(grown) < MARGIN or watches_threads()
    assert all(middle[name] < bound for name, bound in quick.items()), quick
    assert big.metric("udcg_http_streams_failed_total") == 0


@pytest.mark.parametrize(
    "query",
    [
        "sort=date",
        "sort=-date&from=2022-02-03",
        "sort=date&from=2022-03&to=2025",
        "sort=-amount,donor",
        "sort=donor",
        "q=support",
    ],
)
def test_a_long_table_has_the_rows_of_the_pages(big, query):
    """Rows are chosen some thousands ahead of those that are written, ever more at a time."""
    pages, following = [], f"/v1/aid?fields=id&limit=1000&{query}"
    while following and len(pages) < LONGEST:
        page = big.client.get(following)
        pages += page.data
        following = page.json["page"]["next"]
    assert len(pages) > 5000
    for limit in (1500, 1999, 2000, 2001, 6000, 14001, LONGEST):
        table = big.client.get(f"/v1/aid.ndjson?fields=id&limit={limit}&{query}").body
        assert [json.loads(row) for row in table.splitlines()] == pages[:limit], limit
    first = big.client.get(f"/v1/aid?fields=id&limit=1000&{query}").json["page"]["next"]
    later = big.client.get(first.replace("aid?", "aid.ndjson?").replace("limit=1000", "limit=4000"))
    assert [json.loads(row) for row in later.body.splitlines()] == pages[1000:5000]


def test_a_target_that_is_longer_in_its_canonical_form(big):
    """A table is made from the request as it came; this one is longer than what is made at once."""
    target = "/v1/aid.csv?limit=5000&q=la"
    brief, long = (big.client.get(target + "!" * count) for count in (1, 7000))
    assert brief.body.count(b"\n") == 5001 and len(brief.body) > 1 << 20
    assert (long.status, long.body) == (200, brief.body)
