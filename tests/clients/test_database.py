"""SQLite opens /v1/export.sqlite; its views hold what the API gives."""

import json
import sqlite3

import pytest

from targets import LISTS, is_served

pytestmark = pytest.mark.skipif(
    not is_served("/v1/export.sqlite"), reason="/v1/export.sqlite is not served yet"
)

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


def as_json(row, types):
    """SQLite has neither lists nor truth."""
    found = dict(row)
    for name, value in found.items():
        if value is not None and "array" in types[name]:
            found[name] = json.loads(value)
        elif value is not None and "boolean" in types[name]:
            found[name] = bool(value)
    return found


@pytest.mark.parametrize("operation", [one for one in WHOLE if one.id != "search"], ids=str)
def test_view(database, sample, operation):
    name = "api_" + operation.path.rpartition("/")[2]
    types = {
        key: {one.get("type", "string") if isinstance(one.get("type", "string"), str) else one["type"][0]
              for one in schema.get("anyOf", [schema])}
        for key, schema in operation.record["properties"].items()
    }  # fmt: skip
    found = [as_json(row, types) for row in database.execute(f"SELECT * FROM {name}")]
    rows, _ = sample.client.rows(operation.path, {"limit": 1000})
    assert all(list(row) == operation.fields for row in found)
    order = lambda row: json.dumps(row, sort_keys=True)  # noqa: E731
    assert sorted(found, key=order) == sorted(rows, key=order)
