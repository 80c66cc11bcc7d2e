#!/usr/bin/python3
"""Every figure of docs/performance.md: the server beside its peers, in one table.

Data and peers are made once, into the cache directory. The server has one CPU and the load another;
contenders take turns, and what counts is the ratio of a round. A busy machine spreads the rounds:
the table says how far.
"""

import argparse
import contextlib
import datetime
import os
import platform
import sys
from pathlib import Path

import delays
import rates
import starts
from data import ROOT, Data
from processes import LOAD_CPU, Trouble, pin
from table import render

GROUPS = {
    "cached": rates.cached,
    "unchanged": rates.unchanged,
    "lists": rates.uncached_list,
    "items": rates.uncached_item,
    "totals": delays.totals,
    "counts": delays.first_counts,
    "searches": delays.searches,
    "beside": delays.beside_slow,
    "deep": delays.deep_pages,
    "loads": starts.loads,
    "starts": starts.starts,
    "half": delays.half_load,
    "connections": rates.connections,
}
# Slow queries are to be measured, not refused; and the targets of a mix are to be out of the cache by
# the time they come again.
OPTIONS = ("--query-budget", "600s", "--cache-size", "16M")
QUICK_OPTIONS = (*OPTIONS, "--cache-size", "1M")


class Bench:
    def __init__(self, data, rounds, seconds, quick):
        self.data, self.rounds, self.seconds = data, rounds, seconds
        self.options = QUICK_OPTIONS if quick else OPTIONS
        self.shipped = ROOT / "data" / "timeline.json"
        self.servers = contextlib.ExitStack()
        self._big = None

    def start_big(self):
        """A server of the large timeline that remembers nothing yet, and has seen its files through."""
        server = self.data.udcg(database=self.data.database(), options=self.options)
        server.rest()
        return server

    def big(self):
        """The one that groups share."""
        if not self._big:
            self._big = self.servers.enter_context(self.start_big())
        return self._big


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        model = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), "")
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    load = os.getloadavg()[0]
    return f"{now}, {model}, {os.cpu_count()} CPUs, Linux {platform.release()}, load {load:.1f}"


def arguments():
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=ROOT / "build" / "udcg")
    parser.add_argument("--cache", type=Path, default=Path(cache) / "udcg-bench",
                        help="directory for data and peers (default: %(default)s)")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of a round of a rate")
    parser.add_argument("--quick", action="store_true",
                        help="a thousandth of the data: shows that all rows work, not how fast")  # fmt: skip
    parser.add_argument("--without-fastify", action="store_true",
                        help="do not install it, do not measure beside it")  # fmt: skip
    parser.add_argument("group", nargs="*", help=f"of {', '.join(GROUPS)}; default: all")
    given = parser.parse_args()
    unknown = set(given.group) - set(GROUPS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return given


def main():
    given = arguments()
    pin(LOAD_CPU)()  # who waits for a server, or asks it, takes none of its time
    if given.quick:
        meetings, aid, rounds, seconds = 1_000, 3_000, 1, 1
    else:
        meetings, aid, rounds, seconds = 100_000, 1_000_000, given.rounds, given.seconds
    data = Data(given.cache.absolute(), given.program.absolute(), meetings, aid)
    data.wants_fastify = not given.without_fastify
    bench = Bench(data, rounds, seconds, given.quick)
    rows, failed = [], False
    print(machine())
    with bench.servers:
        for name in given.group or GROUPS:
            print(name, file=sys.stderr)
            try:
                rows += GROUPS[name](bench)
            except Trouble as trouble:
                failed = True
                print(f"{name}: {trouble}", file=sys.stderr)
    print(render(rows))
    sys.exit(failed)


if __name__ == "__main__":
    main()
