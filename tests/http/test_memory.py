"""Whoever asks for what nobody asked before makes the server work, not grow."""

import os
import re
from pathlib import Path

import pytest

from client import Client
from process import FRUGAL, PATIENCE, Server, watches_threads

TARGETS = int(os.environ.get("UDCG_TARGETS", 12_000))
WARM = TARGETS // 4  # requests after which all is as full as it gets
BATCH = 50  # requests sent ahead of their replies
CACHE = 1 << 20  # bytes
GROWTH = 4 << 20  # bytes: of the heap's rough edges


def resident(process):
    """Bytes of its own memory, files that it reads aside."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return 1024 * int(re.search(r"^RssAnon:\s+(\d+) kB$", status, re.MULTILINE)[1])


def targets(first, last):
    """Lists, each with a filter of its own whose total nobody knows yet."""
    query = "currency=usd&limit={}&min_amount={}"
    return [f"/v1/aid?{query.format(1 + number % 20, number)}" for number in range(first, last)]


def ask(connection, wanted):
    for first in range(0, len(wanted), BATCH):
        batch = wanted[first : first + BATCH]
        lines = "".join(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n" for target in batch)
        connection.send(lines.encode())
        for target in batch:
            assert connection.receive(target=target).status == 200, target


@pytest.fixture
def server(sample):
    """One worker with a small cache, and no sanitizer's store of freed memory."""
    options = ["--timeline", sample.path, "--workers", "1", "--cache-size", CACHE]
    server = Server(*options, **FRUGAL)
    yield server
    server.stop()


def test_other_targets_for_ever(server, rules):
    client = Client(server.address, rules)
    server.wait_ready(client)
    with client.connect(timeout=PATIENCE) as connection:
        ask(connection, targets(1, WARM))
        before = resident(server.process)
        ask(connection, targets(WARM, TARGETS))
        grown = resident(server.process) - before
    metrics = client.get("/metrics").body.decode()
    kept = int(re.search(r"^udcg_cache_bytes (\d+)$", metrics, re.MULTILINE)[1])
    print(f"{TARGETS} targets, {kept} bytes kept, {grown} grown")
    assert grown < GROWTH or watches_threads()
    assert 0 < kept <= CACHE
    client.close()
