"""Queries give way to the loops that send replies."""

import os
from pathlib import Path

import pytest

from client import Client
from process import Server

NICE = 16  # field of /proc/PID/task/TID/stat behind the name, from 0
STEP, MOST = 5, 19


@pytest.mark.skipif(os.nice(0) + 3 >= MOST, reason="nothing can be nicer than the tests are")
@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.parametrize("workers, queries", [(1, 1), (2, 3)])
def test_queries_give_way(sample, rules, workers, queries, more):
    ours = os.nice(0) + more
    theirs = min(ours + STEP, MOST)
    server = Server("--timeline", sample.path, "--workers", workers, "--query-threads", queries,
                    under=("nice", "-n", str(more)))  # fmt: skip
    client = Client(server.address, rules)
    server.wait_ready(client)
    threads = Path(f"/proc/{server.process.pid}/task").glob("*/stat")
    nice = [int(one.read_text("ascii").rpartition(")")[2].split()[NICE]) for one in threads]
    client.close()
    server.stop()
    assert nice.count(theirs) == queries
    assert nice.count(ours) >= 1 + workers
    assert len(nice) == nice.count(ours) + nice.count(theirs)
