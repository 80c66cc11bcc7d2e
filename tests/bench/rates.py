"""Rates: how many replies a second, beside nginx with the same bytes and beside fastify."""

import re

from load import Client, h2load, wrk
from mix import item_targets, list_target, meeting_filters
from processes import Trouble
from table import Row, Target, brief, median

CONNECTIONS = 64
COUNTS = (127, 128, 129, 256, 1000)
PAGES_A_FILTER = 60
HIT = re.compile(rb"^udcg_cache_hits_total (\d+)", re.M)
NEXT = re.compile(rb'"limit":\d+,"next":"([^"]*)"')  # a meeting has a `next` of its own


def alternate(rounds, *contenders):
    """Each contender's samples; who goes first changes from round to round."""
    samples = [[] for _ in contenders]
    for turn in range(rounds):
        for place in range(len(contenders)):
            number = (turn + place) % len(contenders)
            samples[number].append(contenders[number]())
    return samples


def ratios(ours, theirs):
    return [one.rate / other.rate for one, other in zip(ours, theirs)]


def body_of(server, target):
    with Client(server) as client:
        return client.get(target)[0]


def beside(peer, ours, theirs):
    """The peer's figures, and what part of our requests was refused: those are no replies."""
    refused = max(sample.refused for sample in ours)
    return f"{peer} {brief(median(theirs))}" + (f", {refused:.1%} refused" if refused else "")


def hits(server):
    return int(HIT.search(body_of(server, "/metrics"))[1])


def walk_lists(server, filters):
    """Target and reply of the first pages of each filtered list; totals are counted on the way."""
    with Client(server) as client:
        for one in filters:
            target = list_target(one)
            for _ in range(PAGES_A_FILTER):
                body = client.get(target)[0]
                yield target, body
                found = NEXT.search(body)
                if not found:
                    break
                target = found[1].decode("ascii")


def cached(bench):
    """Replies out of the cache: a list, an item, totals."""
    target = Target(1.2, "×", "nginx", at_least=True)
    subjects = {
        "list": list_target("status=held"),
        "item": "/v1/meetings/meeting-1",
        "totals": "/v1/aid/totals",
    }
    server = bench.big()
    bodies = {name: body_of(server, path) for name, path in subjects.items()}
    with bench.data.nginx(bodies) as nginx:
        for name, path in subjects.items():
            ours = bench.data.targets(f"cached-{name}", [path])
            theirs = bench.data.targets(f"static-{name}", [f"/{name}"])
            samples = alternate(
                bench.rounds,
                lambda ours=ours: wrk(server, ours, bench.seconds, CONNECTIONS),
                lambda theirs=theirs: wrk(nginx, theirs, bench.seconds, CONNECTIONS),
            )
            what = f"cached {name}, {len(bodies[name]):,} bytes"
            peer = beside("nginx", *samples)
            yield Row(
                what, target, ratios(*samples), median(samples[0]), server.memory(), peer
            )


def unchanged(bench):
    """304s beside cached 200s, both by h2load."""
    server = bench.big()
    path = list_target("status=held")
    with Client(server) as client:
        etag = re.search(rb"(?i)\r\netag: *(\S+)", client.get(path)[1])[1].decode("ascii")
    log = bench.data.log("h2load")
    whole, bare = alternate(
        bench.rounds,
        lambda: h2load(server, path, bench.seconds, log=log),
        lambda: h2load(server, path, bench.seconds, [f"If-None-Match: {etag}"], log=log),
    )
    target = Target(1, "×", "the cached 200", at_least=True)
    yield Row("304", target, ratios(bare, whole), median(bare), server.memory(),
              beside("200", bare, whole))


def _uncached(bench, server, targets):
    """A sampler that insists on having measured no reply out of the cache."""
    wrk(server, targets, bench.seconds, CONNECTIONS)  # what is in the cache now is far behind

    def measure():
        before = hits(server)
        sample = wrk(server, targets, bench.seconds, CONNECTIONS)
        from_cache = hits(server) - before
        if from_cache:
            raise Trouble(f"{from_cache} replies of {targets.path} came from the cache")
        return sample

    return measure


def uncached_list(bench):
    """Pages of 20 rows over the mix of filters, their totals known."""
    server = bench.big()
    filters = list(meeting_filters())
    bodies = dict(walk_lists(server, filters))
    typical = sorted(bodies.values(), key=len)[len(bodies) // 2]
    ours = bench.data.targets("lists", bodies)
    static = bench.data.targets("static-page", ["/page"])
    with bench.data.nginx({"page": typical}) as nginx:
        samples = alternate(
            bench.rounds,
            _uncached(bench, server, ours),
            lambda: wrk(nginx, static, bench.seconds, CONNECTIONS),
        )
    what = f"uncached list of 20, {ours.count:,} targets, {len(typical):,} bytes"
    yield Row(
        what, Target(0.35, "×", "nginx", at_least=True), ratios(*samples), median(samples[0]),
        server.memory(), beside("nginx", *samples),
    )  # fmt: skip
    yield _beside_fastify(bench, server, ours, filters)


def _beside_fastify(bench, server, ours, filters):
    what, target = "the same", Target(4, "×", "fastify", at_least=True)
    if not bench.data.has_fastify():
        return Row(what, target, [], beside="fastify is not here")
    with bench.data.fastify() as fastify:
        theirs = bench.data.targets("fastify", dict(walk_lists(fastify, filters)))
        samples = alternate(
            bench.rounds,
            _uncached(bench, server, ours),
            lambda: wrk(fastify, theirs, bench.seconds, CONNECTIONS),
        )
    return Row(
        what, target, ratios(*samples), median(samples[0]), server.memory(),
        beside("fastify", *samples),
    )  # fmt: skip


def uncached_item(bench):
    server = bench.big()
    first, *others = item_targets(bench.data.meetings)
    ours = bench.data.targets("items", others)
    static = bench.data.targets("static-item", ["/item"])
    with bench.data.nginx({"item": body_of(server, first)}) as nginx:
        samples = alternate(
            bench.rounds,
            _uncached(bench, server, ours),
            lambda: wrk(nginx, static, bench.seconds, CONNECTIONS),
        )
    yield Row(
        "uncached item", Target(0.7, "×", "nginx", at_least=True), ratios(*samples),
        median(samples[0]), server.memory(), beside("nginx", *samples),
    )  # fmt: skip


def connections(bench):
    """No number of connections stalls a loop: each beside 64; one, which waits for the client between
    replies, beside nginx that does."""
    server = bench.big()
    path = list_target("status=held")
    ours = bench.data.targets("cached-list", [path])
    static = bench.data.targets("static-list", ["/list"])

    def row(count, peer, theirs):
        what = f"cached list, {count} connection{'s' * (count > 1)}"
        samples = alternate(
            bench.rounds, lambda: wrk(server, ours, bench.seconds, count), theirs
        )
        return Row(
            what, Target(0.7, "×", peer, at_least=True), ratios(*samples), median(samples[0]),
            server.memory(), beside(peer, *samples),
        )  # fmt: skip

    with bench.data.nginx({"list": body_of(server, path)}) as nginx:
        yield row(1, "nginx with one", lambda: wrk(nginx, static, bench.seconds, 1))
    for count in COUNTS:
        yield row(count, "64 connections", lambda: wrk(server, ours, bench.seconds, CONNECTIONS))
