"""Every list, filter, sort, count, total and computed field against the auditor, which reads the same
timeline and shares nothing with the server."""

import pytest
from conftest import SHIPPED

from tests.auditor.api import Api
from tests.auditor.compare import Comparison
from tests.auditor.model import load

REQUESTS = 120


def faults(path, client, seed):
    host, port = client.address
    comparison = Comparison(Api(load(path)), f"http://{host}:{port}", seed)
    told = []
    for _ in range(REQUESTS):
        target, lines = comparison.one()
        told += [f"{target}: {line}" for line in lines]
    return told


@pytest.mark.parametrize("seed", range(8))
def test_random_timelines(sampled, seed):
    sample = sampled(100 + seed, 150)
    assert faults(sample.path, sample.client, seed) == []


def test_the_shipped_timeline(shipped):
    assert faults(SHIPPED, shipped, 1) == []
