"""The whole timeline, in forms that load again and in one that SQLite opens."""

import json
import sqlite3

import pytest

from contract import parse
from process import run
from targets import LISTS, by_id
from tests.auditor import model

VIEWS = [  # lists that a view repeats: those of one resource, sub-lists and search left out
    one for one in LISTS
    if "{" not in one.path and one.id not in ("getAidTotals", "search")
]  # fmt: skip


@pytest.fixture(scope="module")
def database(sample, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "timeline.sqlite"
    path.write_bytes(sample.client.get("/v1/export.sqlite").body)
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    yield connection
    connection.close()


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_an_export_is_what_the_command_writes(sample, form):
    written = run("export", "--timeline", sample.path, "--format", form)
    assert written.returncode == 0, written.stderr
    assert sample.client.get(f"/v1/export.{form}").body == written.stdout


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_an_export_loads_again_to_the_same_version(sample, serve, tmp_path, form):
    path = tmp_path / f"again.{form}"
    path.write_bytes(sample.client.get(f"/v1/export.{form}").body)
    again = serve(path)
    assert again.get("/v1").data == sample.client.get("/v1").data
    assert again.get(f"/v1/export.{form}").body == path.read_bytes()


def test_both_forms_hold_the_same_records(sample):
    document = sample.client.get("/v1/export.json").json
    header, *lines = map(parse, sample.client.get("/v1/export.ndjson").body.splitlines())
    assert header == {key: document[key] for key in ("format", "title", "released", "licence")}
    found = {name: [] for name in model.KINDS.values()}
    for line in lines:
        found[model.KINDS[line.pop("record")]].append(line)
    assert found == {name: document[name] for name in found}


def test_the_database_is_sound(database):
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("operation", **by_id(VIEWS))
def test_a_view_has_the_fields_and_rows_of_its_list(sample, database, operation):
    cursor = database.execute(f"SELECT * FROM api_{operation.path.removeprefix('/v1/')}")
    assert [column[0] for column in cursor.description] == operation.fields
    listed, _ = sample.client.rows(operation.path, {"limit": 1000})
    types = {name: operation.record["properties"][name].get("type") for name in operation.fields}

    def value(name, cell):
        """Booleans are 0 and 1, lists JSON arrays in a database."""
        if types[name] == "array":
            return json.loads(cell)
        if types[name] in ("boolean", ["boolean", "null"]):
            return None if cell is None else bool(cell)
        return cell

    rows = [
        {name: value(name, cell) for name, cell in zip(operation.fields, row)} for row in cursor
    ]
    key = json.dumps
    assert sorted(rows, key=key) == sorted(listed, key=key)
