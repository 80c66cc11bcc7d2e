"""Queries give way to the loops that send replies."""

from pathlib import Path

import pytest

from client import Client
from process import Server

NICE = 16  # field of /proc/PID/task/TID/stat behind the name, from 0


@pytest.mark.parametrize("workers, queries", [(1, 1), (2, 3)])
def test_queries_give_way(sample, rules, workers, queries):
    server = Server("--timeline", sample.path, "--workers", workers, "--query-threads", queries)
    client = Client(server.address, rules)
    server.wait_ready(client)
    threads = Path(f"/proc/{server.process.pid}/task").glob("*/stat")
    nice = [int(one.read_text("ascii").rpartition(")")[2].split()[NICE]) for one in threads]
    client.close()
    server.stop()
    assert nice.count(5) == queries
    assert nice.count(0) >= 1 + workers
    assert len(nice) == nice.count(5) + nice.count(0)
