"""SQLite opens /v1/export.sqlite; its views hold what the API gives."""

import json
import sqlite3

import pytest

from targets import LISTS
from test_describe import shape

WHOLE = [one for one in LISTS if not one.path_parameters and "cursor" in one.parameters]


@pytest.fixture(scope="module")
def database(sample, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "timeline.sqlite"
    path.write_bytes(sample.client.get("/v1/export.sqlite").body)
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def test_it_is_whole(database):
    assert [tuple(row) for row in database.execute("PRAGMA integrity_check")] == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def as_json(row, properties):
    """SQLite has neither lists nor truth."""
    found = dict(row)
    for name, value in found.items():
        if value is not None and shape(properties[name])[0] & {"array", "boolean"}:
            found[name] = bool(value) if isinstance(value, int) else json.loads(value)
    return found


@pytest.mark.parametrize("operation", [one for one in WHOLE if one.id != "search"], ids=str)
def test_view(database, sample, operation):
    name = "api_" + operation.path.rpartition("/")[2]
    properties = operation.record["properties"]
    found = [as_json(row, properties) for row in database.execute(f"SELECT * FROM {name}")]
    rows, _ = sample.client.rows(operation.path, {"limit": 1000})
    assert all(list(row) == operation.fields for row in found)
    order = lambda row: json.dumps(row, sort_keys=True)  # noqa: E731
    assert sorted(found, key=order) == sorted(rows, key=order)
