"""Miller and Python's csv read every CSV: as many rows as there are, each field as it is."""

import csv
import io
import json
import subprocess

import pytest

from client import target_of
from targets import LISTS, by_id, path_of
from tests.auditor import model

MOST_HITS = 1000


@pytest.fixture(scope="module")
def timeline(sample):
    return model.load(sample.timeline)


@pytest.fixture(scope="module")
def ask(sample, timeline):
    """ask(operation): the list's path, its parameters, and all of its records as JSON."""
    found = {}

    def asked(operation):
        if operation.id not in found:
            path = path_of(operation, timeline)
            required = [one for one in operation.parameters.values() if one.required]
            parameters = {"q": "sup"} if required else {}
            if "cursor" in operation.parameters:
                rows, replies = sample.client.rows(path, parameters | {"limit": 1000})
                total = replies[0].json["page"]["total"]
            else:
                rows = sample.client.get(path, parameters).data
                total = len(rows)
            if operation.id == "search":
                total = min(total, MOST_HITS)
            assert len(rows) == total > 0
            found[operation.id] = path, parameters, rows
        return found[operation.id]

    return asked


def text_of(value):
    """A JSON value as it stands in a CSV."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(str(one).replace("\\", "\\\\").replace(";", "\\;") for one in value)
    return json.dumps(value) if isinstance(value, (bool, int)) else value


def texts_of(rows):
    return [{key: text_of(value) for key, value in row.items()} for row in rows]


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_python(sample, ask, operation):
    path, parameters, rows = ask(operation)
    body = sample.client.get(f"{path}.csv", parameters).body.decode()
    found = list(csv.DictReader(io.StringIO(body, newline=""), strict=True))
    assert found == texts_of(rows)


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_miller(sample, ask, operation):
    path, parameters, rows = ask(operation)
    command = ["mlr", "--infer-none", "--icsv", "--ojson", "cat"]
    result = subprocess.run(
        command, input=sample.client.get(target_of(f"{path}.csv", parameters)).body,
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr.decode()
    assert json.loads(result.stdout) == texts_of(rows)


def test_the_sample_is_hard(ask):
    """What breaks a careless reader is in it: quotes, commas, line breaks, semicolons in lists."""
    texts = [
        text_of(value)
        for operation in LISTS
        for row in ask(operation)[2]
        for value in row.values()
    ]  # fmt: skip
    for trap in ('"', ",", "\n", "\\;", "é"):
        assert any(trap in text for text in texts), trap
    assert max(len(ask(operation)[2]) for operation in LISTS) > 1000
