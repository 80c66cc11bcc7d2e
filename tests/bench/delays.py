"""Delays: how long one request takes, and whether others wait for it."""

import itertools
import random
import statistics
import threading
import time

from load import Client, Sample, h2load, quantile, wrk
from generate import COMMON
from mix import (
    aid_filters, common_searches, filtered_totals_targets, list_target, rare_searches,
    totals_targets,
)  # fmt: skip
from processes import Trouble
from rates import CONNECTIONS, NEXT, hits
from table import Row, Target, median, seconds

PATIENCE = 120  # seconds a round
SLOW_CLIENTS = 10
# What a page of dashboards might ask for beside: far from the limit of the machine.
CALM_RATE, CALM_CONNECTIONS = 800, 8
DEEP_PAGE, PAGES_TIMED = 1000, 20
DEEP_LISTS = (
    "/v1/aid?limit=20", "/v1/aid?from=2015&limit=20&to=2024", "/v1/aid?limit=20&sort=-amount",
    "/v1/aid?limit=20&sort=donor", "/v1/meetings?limit=20&sort=named_count",
    "/v1/meetings?limit=20&sort=series", "/v1/meetings?limit=20&status=held",
    "/v1/timeline?limit=20",
)  # fmt: skip


def ask(server, targets):
    """One after the other, in an order of no meaning, until patience ends: a sample and every
    delay, none of them out of the cache."""
    before, spent = hits(server), server.cpu_seconds()
    delays = {}
    with Client(server) as client:
        for target in random.Random(1).sample(targets, len(targets)):
            delays[target] = client.get(target)[2]
            if sum(delays.values()) > PATIENCE:
                break
    spent = (server.cpu_seconds() - spent) / len(delays)
    if hits(server) != before:
        raise Trouble(f"replies came from the cache, of {targets[0]} and the like")
    times = list(delays.values())
    sample = Sample(len(times) / sum(times), quantile(times, 0.5), quantile(times, 0.99), spent)
    return sample, delays


def fresh(bench, targets):
    """One round a server start, so that nothing is remembered; and the slowest of the targets."""
    samples = []
    for _ in range(bench.rounds):
        with bench.start_big() as server:
            sample, delays = ask(server, targets)
            samples.append(sample)
            memory = server.memory()
    slowest = max(delays, key=delays.get)
    beside = f"slowest {slowest} {seconds(delays[slowest])}"
    if len(delays) < len(targets):
        beside = f"{len(delays)} of {len(targets)} asked; {beside}"
    return samples, memory, beside


def totals(bench):
    for what, targets in (
        ("totals by donor and year", totals_targets()),
        ("totals by donor and year, filtered", filtered_totals_targets()),
    ):
        samples, memory, slowest = fresh(bench, list(targets))
        figures = [sample.p50 * 1e3 for sample in samples]
        yield Row(what, Target(3, "ms", "p50"), figures, median(samples), memory, slowest)


def first_counts(bench):
    targets = [f"/v1/aid?{one}&limit=1" for one in aid_filters()]
    samples, memory, slowest = fresh(bench, targets)
    figures = [sample.p99 * 1e3 for sample in samples]
    what = f"first count of {len(targets)} filters"
    yield Row(what, Target(150, "ms", "p99"), figures, median(samples), memory, slowest)


def searches(bench):
    samples, memory, slowest = fresh(bench, list(rare_searches()))
    figures = [sample.p50 * 1e3 for sample in samples]
    target = Target(10, "ms", "p50")
    yield Row("search, words in 1 %", target, figures, median(samples), memory, slowest)
    samples, memory, slowest = fresh(bench, list(common_searches()))
    figures = [sample.p99 * 1e3 for sample in samples]
    target = Target(250, "ms", "p99")
    yield Row("search, words in 30 %", target, figures, median(samples), memory, slowest)


class Nuisance:
    """Clients that do nothing but search for common words, never twice for the same page."""

    numbers = itertools.count()

    def __init__(self, server, clients):
        self.asked, self.stop = 0, False
        self.threads = [
            threading.Thread(target=self._search, args=[server]) for _ in range(clients)
        ]

    def _target(self):
        limit, word = divmod(next(self.numbers), len(COMMON))
        return f"/v1/search?limit={limit % 1000 + 1}&q={COMMON[word]}"

    def _search(self, server):
        with Client(server) as client:
            while not self.stop:
                self.asked += 1
                client.get(self._target())

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.stop = True
        for thread in self.threads:
            thread.join()


def beside_slow(bench):
    """Cached replies, and /livez, while others search."""
    target = Target(5, "ms", "p99")
    log = bench.data.log("h2load")
    server = bench.big()
    for clients, path, what in (
        (1, list_target("status=held"), "cached reply beside a slow search"),
        (SLOW_CLIENTS, list_target("status=held"), f"cached reply beside {SLOW_CLIENTS}"),
        (SLOW_CLIENTS, "/livez", f"/livez beside {SLOW_CLIENTS}"),
    ):
        samples, asked = [], 0
        for _ in range(bench.rounds):
            with Nuisance(server, clients) as nuisance:
                samples.append(
                    h2load(
                        server, path, bench.seconds, connections=CALM_CONNECTIONS,
                        rate=CALM_RATE, log=log,
                    )
                )  # fmt: skip
            asked += nuisance.asked
        beside = f"{asked / bench.rounds:.0f} searches a round"
        sample = median(samples)._replace(cpu=0)  # the searches' own is in it
        figures = [sample.p99 * 1e3 for sample in samples]
        yield Row(what, target, figures, sample, server.memory(), beside)


def _walk(server, target, pages):
    """Seconds of each of the first pages."""
    times = []
    with Client(server) as client:
        while target and len(times) < pages:
            body, _, delay = client.get(target)
            times.append(delay)
            found = NEXT.search(body)
            target = found and found[1].decode("ascii")
    return times


def deep_pages(bench):
    figures, beside = [], []
    for target in DEEP_LISTS:
        found = []
        for _ in range(bench.rounds):
            with bench.start_big() as server:
                _walk(server, target, 1)  # the total is counted
                last = _walk(server, target, DEEP_PAGE)[-PAGES_TIMED:]
                # Afterwards, so that it is equally warm; by another limit, so that none is cached.
                first = _walk(server, target.replace("limit=20", "limit=21"), PAGES_TIMED)
            found.append(statistics.median(last) / statistics.median(first))
        figures.append(statistics.median(found))
        beside.append(f"{target} {figures[-1]:.2f}")
    what = f"page {DEEP_PAGE} beside the first"
    yield Row(what, Target(1.25, "×", "its time"), figures, beside=", ".join(beside))


def half_load(bench):
    server, log = bench.big(), bench.data.log("h2load")
    path = list_target("status=held")
    cached = bench.data.targets("cached-list", [path])
    most = wrk(server, cached, bench.seconds, CONNECTIONS).rate
    samples = [
        h2load(server, path, bench.seconds, rate=most / 2, log=log) for _ in range(bench.rounds)
    ]
    figures = [sample.p99 * 1e3 for sample in samples]
    yield Row(
        "cached list at half of the saturating load", Target(2, "ms", "p99"), figures,
        median(samples), server.memory(), f"of {most:,.0f}/s",
    )  # fmt: skip
