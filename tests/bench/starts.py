"""Loads and starts: how long they take, and how much memory."""

import subprocess

from processes import ALL_CPUS, pin, run_measured
from table import Row, Target, seconds

ROUNDS_OF_A_LOAD = 3  # minutes each


def raw_seconds(bench, loaded, new):
    """Seconds of each phase of the raw inserts."""
    output = subprocess.run(
        [bench.data.raw_inserts(), loaded, new], check=True, capture_output=True, text=True,
        preexec_fn=pin(*ALL_CPUS),
    ).stdout  # fmt: skip
    new.unlink()
    return {name: float(value) for name, value in map(str.split, output.splitlines())}


def loads(bench):
    data, ratios, peaks, beside = bench.data, [], [], ""
    loaded, new = data.path("loaded.db"), data.path("raw.db")
    for _ in range(min(bench.rounds, ROUNDS_OF_A_LOAD)):
        loaded.unlink(missing_ok=True)
        took, cpu, peak = run_measured(
            [data.program, "load", data.timeline(), "--db", loaded], data.log("load")
        )
        raw = raw_seconds(bench, loaded, new)
        ratios.append(took / sum(raw.values()))
        peaks.append(peak / 2**20)
        parts = ", ".join(f"{name} {seconds(value)}" for name, value in raw.items())
        beside = f"{seconds(took)}, {seconds(cpu)} CPU; raw: {parts}"
    loaded.unlink()
    yield Row("load of 1M records", Target(2.5, "×", "raw inserts"), ratios, beside=beside)
    yield Row("… most resident, with --db", Target(128, "MiB"), peaks)


def starts(bench):
    data, times, memory = bench.data, [], []
    for _ in range(bench.rounds):
        with data.udcg(timeline=bench.shipped) as server:
            times.append(server.seconds_to_ready * 1e3)
            memory.append(server.memory() / 2**20)
    yield Row("shipped timeline, start to ready", Target(50, "ms"), times)
    yield Row("… resident", Target(24, "MiB"), memory)
    times = []
    for _ in range(bench.rounds):
        with bench.start_big() as server:
            times.append(server.seconds_to_ready * 1e3)
    yield Row("1M records, restart with --db", Target(200, "ms"), times)
