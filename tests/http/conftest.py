"""Servers to ask, one per worker and timeline, and clients that check every reply."""

import random
import sys
from pathlib import Path

import pytest

from contract import ROOT, Contract

sys.path.insert(0, str(ROOT))

from client import Client  # noqa: E402
from editions import Editions  # noqa: E402
from process import Server  # noqa: E402
from tests.auditor import model, random_timeline  # noqa: E402

SHIPPED = ROOT / "data" / "timeline.json"
RULES = Contract()


@pytest.fixture(scope="session")
def rules():
    return RULES


@pytest.fixture(scope="session")
def serve(rules):
    """serve(timeline, *options): a client of a running server; equal calls share one."""
    running = {}

    def start(timeline, *options):
        key = (str(timeline), *options)
        if key not in running:
            server = Server("--timeline", timeline, *options)
            running[key] = server, None
            client = Client(server.address, rules)
            running[key] = server, client
            server.wait_ready(client)
        return running[key][1]

    yield start
    failures = []
    for server, client in running.values():
        if client is not None:
            client.close()
        try:
            server.stop()
        except AssertionError as failure:
            failures.append(str(failure))
    assert not failures, "\n".join(failures)


@pytest.fixture
def editions(rules):
    """editions(path, document, *options): a server of a test's own, whose timeline may change."""
    started = []

    def start(*arguments):
        started.append(Editions(rules, *arguments))
        return started[-1]

    yield start
    for one in started:
        one.stop()


class Sample:
    """A random timeline: its file, the records that were written, and a server that serves it."""

    def __init__(self, path, client):
        self.path = path
        self.client = client
        self.timeline = model.load(path)

    def first_id(self, kind):
        return min(self.timeline.by_kind[kind])


@pytest.fixture(scope="session")
def sampled(serve, tmp_path_factory):
    """sampled(seed, records): a random timeline and its server."""
    directory = tmp_path_factory.mktemp("timelines")

    def make(seed, records):
        path = Path(directory, f"{seed}-{records}.json")
        if not path.exists():
            document = random_timeline.timeline(seed, records)
            with path.open("w", encoding="utf-8") as out:
                random_timeline.write(document, "json", out, seed)
        return Sample(path, serve(path))

    return make


@pytest.fixture(scope="session")
def sample(sampled):
    """The random timeline that most tests ask: large enough that every list has several pages."""
    return sampled(1, 400)


@pytest.fixture(scope="session")
def client(sample):
    return sample.client


@pytest.fixture(scope="session")
def shipped(serve):
    return serve(SHIPPED)


@pytest.fixture
def rng(request):
    """Random numbers that are the same in every run of a test."""
    return random.Random(request.node.nodeid)
