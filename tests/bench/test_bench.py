"""The benchmark works: every row has a figure. What the figures are is no test's business."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PROGRAM = os.environ.get("UDCG_PROGRAM", HERE.parent.parent / "build" / "udcg")
# By how their row begins, as quality.md orders its targets.
ROWS = (
    "cached list", "cached item", "cached totals", "304", "uncached list of 20", "uncached item",
    "totals by donor and year", "first count of", "search, words in 1 %", "search, words in 30 %",
    "cached reply beside a slow search", "/livez beside", "page 1000 beside the first",
    "load of 1M records", "… most resident, with --db", "shipped timeline, start to ready",
    "… resident", "1M records, restart with --db", "cached list at half",
    "cached list, 1000 connections",
)  # fmt: skip


@pytest.fixture(scope="module", name="table")
def quick_table(tmp_path_factory):
    done = subprocess.run(
        [sys.executable, HERE / "bench.py", "--quick", "--program", PROGRAM,
         "--cache", tmp_path_factory.mktemp("bench"), "--without-fastify"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.strip("| ").split("|") for line in done.stdout.splitlines() if line[:1] == "|"]
    return [[cell.strip() for cell in row] for row in rows[2:]]


@pytest.mark.parametrize("what", ROWS)
def test_row(table, what):
    found = [row for row in table if row[0].startswith(what)]
    assert found, f"no row {what}"
    for _, target, measured, _, verdict, *_ in found:
        assert target[0] in "≤≥"
        assert float(measured.split()[0].replace(",", "")) > 0
        assert verdict in ("met", "missed")


def test_peer_that_is_left_out(table):
    (row,) = [row for row in table if "fastify" in row[1]]
    assert row[4] == "not run"
