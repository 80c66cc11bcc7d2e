"""/v1/export.*: what comes out goes in again."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from process import run
from targets import LISTS


def exported(path, form):
    result = run("export", "--timeline", path, "--format", form)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(params=["small", "large"])
def subject(request, sampled, sample):
    """One whose export is an ordinary reply, and one that is sent in parts."""
    return sample if request.param == "small" else sampled(4, 1500)


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_the_same_bytes_as_the_command(subject, form):
    reply = subject.client.get(f"/v1/export.{form}")
    assert reply.body == exported(subject.path, form)
    assert reply.header("Content-Disposition") == f'attachment; filename="timeline.{form}"'


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_loads_again_to_the_same_version(subject, serve, form, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / f"timeline.{form}"
    path.write_bytes(subject.client.get(f"/v1/export.{form}").body)
    again = serve(path)
    assert again.get("/v1").data["version"] == subject.client.get("/v1").data["version"]


def test_compressed(subject):
    plain = subject.client.get("/v1/export.ndjson")
    packed = subject.client.get("/v1/export.ndjson", headers={"Accept-Encoding": "gzip"})
    assert packed.header("Content-Encoding") == "gzip"
    assert packed.body == plain.body
    assert len(packed.sent) < len(plain.body)
    assert packed.header("ETag") != plain.header("ETag")


@pytest.fixture
def database(subject, tmp_path):
    path = tmp_path / "timeline.sqlite"
    path.write_bytes(subject.client.get("/v1/export.sqlite").body)
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    yield connection
    connection.close()


def test_the_database_is_whole(subject, database):
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    version = database.execute("SELECT version FROM dataset").fetchone()[0]
    assert version == subject.client.get("/v1").data["version"]


def test_the_database_is_a_download(client):
    reply = client.get("/v1/export.sqlite")
    assert reply.header("Content-Disposition") == 'attachment; filename="timeline.sqlite"'
    assert reply.header("ETag").startswith('W/"')
    again = client.get("/v1/export.sqlite", headers={"If-None-Match": reply.header("ETag")})
    assert again.status == 304


def as_api(value, schema):
    """A column's value as JSON has it: lists are JSON texts, booleans 0 and 1."""
    types = schema.get("type", [])
    if "array" in types:
        return json.loads(value) if value else []
    return bool(value) if "boolean" in types and value is not None else value


@pytest.mark.parametrize(
    "name", ["meetings", "participants", "attendance", "aid", "claims", "timeline", "sources"]
)
def test_a_view_is_the_list(sample, name, tmp_path):
    """Columns and rows of api_NAME are fields and records of /v1/NAME."""
    path = tmp_path / "timeline.sqlite"
    path.write_bytes(sample.client.get("/v1/export.sqlite").body)
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    operation = next(one for one in LISTS if one.path == f"/v1/{name}")
    schemas = operation.record["properties"]
    found = [
        {key: as_api(row[key], schemas[key]) for key in row.keys()}
        for row in connection.execute(f"SELECT * FROM api_{name}")
    ]
    connection.close()
    listed = sample.client.rows(f"/v1/{name}", {"limit": 1000})[0]
    assert listed and list(found[0]) == operation.fields

    def key(row):
        return json.dumps(row, sort_keys=True)

    assert sorted(found, key=key) == sorted(listed, key=key)


def test_a_database_in_a_file_is_sent_as_it_is(sample, serve, tmp_path_factory):
    path = tmp_path_factory.mktemp("database") / "kept.db"
    client = serve(sample.path, "--db", path)
    assert client.get("/v1/export.sqlite").body == Path(path).read_bytes()
    assert os.path.getsize(path) > 0


def test_facts_of_all_sources(sample, tmp_path):
    path = tmp_path / "timeline.sqlite"
    path.write_bytes(sample.client.get("/v1/export.sqlite").body)
    connection = sqlite3.connect(path)
    count = connection.execute("SELECT count(*) FROM api_facts").fetchone()[0]
    connection.close()
    assert count == sample.client.get("/v1").data["counts"]["facts"]
