"""Servers for other people's programs to read, and those programs."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "http"))

from client import Client  # noqa: E402
from contract import ROOT, Contract  # noqa: E402
from process import Server  # noqa: E402

sys.path.insert(0, str(ROOT))

from node import Modules  # noqa: E402
from tests.auditor import random_timeline  # noqa: E402

SHIPPED = ROOT / "data" / "timeline.json"


class Unchecked:
    """Takes every reply: those of a proxy, and those that are only compared."""

    def check(self, reply):
        pass


class Service:
    """A server on a timeline."""

    def __init__(self, rules, timeline, *options):
        self.timeline = Path(timeline)
        self.process = Server("--timeline", timeline, *options)
        self.client = Client(self.process.address, rules)
        self.process.wait_ready(self.client)

    @property
    def address(self):
        return "{}:{}".format(*self.process.address)

    @property
    def url(self):
        return f"http://{self.address}"

    def get(self, path):
        """The JSON of a path that answers with 200."""
        reply = self.client.get(path)
        assert reply.status == 200, f"{path}: {reply.body[:500]}"
        return reply.json

    def stop(self):
        self.client.close()
        self.process.stop()


@pytest.fixture(scope="session")
def rules():
    return Contract()


@pytest.fixture(scope="session")
def serve(rules):
    """serve(timeline, *options): a running service; equal calls share one."""
    running = {}

    def start(timeline, *options):
        key = (str(timeline), *map(str, options))
        if key not in running:
            running[key] = Service(rules, timeline, *options)
        return running[key]

    yield start
    for service in running.values():
        service.stop()


@pytest.fixture(scope="session")
def shipped(serve):
    return serve(SHIPPED)


@pytest.fixture(scope="session")
def write_timeline(tmp_path_factory):
    """write_timeline(records, form, order): so many random facts, always the same, in an order."""
    directory = tmp_path_factory.mktemp("timelines")

    def write(records, form="json", order=0):
        path = directory / f"{records}-{order}.{form}"
        if not path.exists():
            document = random_timeline.timeline(4, records)
            with path.open("w", encoding="utf-8") as out:
                random_timeline.write(document, form, out, order)
        return path

    return write


@pytest.fixture(scope="session")
def sample(serve, write_timeline):
    """Random facts, more than a page of each kind, with every character that there is."""
    return serve(write_timeline(1500))


@pytest.fixture(scope="session")
def modules():
    """npm's programs and what our scripts import; skips where npm is absent."""
    return Modules()
