"""Every list, filter, sort, count, total and computed field against the auditor, which reads the same
timeline and shares nothing with the server."""

import pytest
from conftest import SHIPPED

from tests.auditor import random_timeline
from tests.auditor.api import Api
from tests.auditor.compare import Comparison
from tests.auditor.model import load

REQUESTS = 120
RELOADS = 10


def faults(path, client, seed, requests=REQUESTS):
    host, port = client.address
    comparison = Comparison(Api(load(path)), f"http://{host}:{port}", seed)
    told = []
    for _ in range(requests):
        target, lines = comparison.one()
        told += [f"{target}: {line}" for line in lines]
    return told


@pytest.mark.parametrize("seed", range(8))
def test_random_timelines(sampled, seed):
    sample = sampled(100 + seed, 150)
    assert faults(sample.path, sample.client, seed) == []


def test_the_shipped_timeline(shipped):
    assert faults(SHIPPED, shipped, 1) == []


@pytest.mark.parametrize("options", [[], ["--db"]], ids=["in memory", "in a file"])
def test_after_each_of_many_reloads(editions, tmp_path, options):
    """Nothing stays of the edition before; a bad file in between changes nothing."""
    documents = [random_timeline.timeline(300 + number, 60) for number in range(RELOADS)]
    kept = [tmp_path / "timeline.db" for _ in options]
    one = editions(tmp_path / "timeline.json", documents[0], *options, *kept)
    for number, document in enumerate(documents[1:]):
        version = one.publish(document)
        written = tmp_path / "audited.json"
        written.write_text(one.path.read_text("utf-8"), "utf-8")
        assert faults(written, one.client, number, 25) == []
        one.fail(one.path.read_text("utf-8")[: -100 - 37 * number])
        assert one.version() == version
        assert faults(written, one.client, 50 + number, 25) == []
