"""Servers under which things break. UDCG_FAULTS=long looks at all that the short form samples."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "http")]

from client import Client  # noqa: E402
from contract import Contract  # noqa: E402
from process import Server  # noqa: E402
from tests.auditor import model, random_timeline  # noqa: E402

LONG = os.environ.get("UDCG_FAULTS") == "long"


def sampled(numbers, short):
    """All of the numbers in the long form, `short` of them, spread evenly, in the short one."""
    numbers = list(numbers)
    if LONG or len(numbers) <= short:
        return numbers
    return [numbers[place * len(numbers) // short] for place in range(short)]


@pytest.fixture(scope="session")
def rules():
    return Contract()


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """written(seed, records, form): a random timeline's file."""
    directory = tmp_path_factory.mktemp("timelines")

    def make(seed, records=60, form="json"):
        path = Path(directory, f"{seed}-{records}.{form}")
        if not path.exists():
            with path.open("w", encoding="utf-8") as out:
                random_timeline.write(random_timeline.timeline(seed, records), form, out, seed)
        return path

    return make


@pytest.fixture
def serve(rules):
    """serve(*options): a server that is ready and its client; it has to end well."""
    running = []

    def start(*options, **more):
        server = Server(*options, **more)
        running.append(server)
        client = Client(server.address, rules)
        server.wait_ready(client)
        return server, client

    yield start
    for server in running:
        server.stop()


def version(client):
    """Of the dataset that is served."""
    return client.get("/v1").json["dataset"]["version"]


def load(path):
    return model.load(path)
