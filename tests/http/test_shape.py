"""Bodies byte by byte: one record a line, so that grep, diff and NDJSON see the same lines."""

import json
import re

import pytest

from client import target_of
from targets import ITEMS, LISTS, OPERATIONS, by_id, needed, path_of, plain_target

JSON = [
    one for one in OPERATIONS
    if one.path.startswith("/v1") and "application/json" in one.media_types
]  # fmt: skip
ESCAPED_FOR_NOTHING = re.compile(rb"\\u(?!00[01])|\\/")


def tail_of(operation):
    """Keys beside `data`, in order, each on a line of its own."""
    return [key for key in operation.body["required"] if key != "data"]


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_lines_of_a_list(sample, operation):
    """{"data":[ on the first, one line a record, ], on one, one line a further key."""
    reply = sample.client.get(plain_target(operation, sample.timeline))
    assert reply.body.endswith(b"}\n")
    lines = reply.body.decode().removesuffix("\n").split("\n")
    rows = reply.data
    assert lines[0] == '{"data":['
    records = lines[1 : 1 + len(rows)]
    assert [json.loads(line.removesuffix(",")) for line in records] == rows
    assert all(line.endswith("},") for line in records[:-1])
    assert not rows or records[-1].endswith("}")
    rest = lines[1 + len(rows) :]
    assert rest[0] == "],"
    tail = tail_of(operation)
    assert len(rest) == 1 + len(tail)
    for line, key in zip(rest[1:], tail):
        assert line.startswith(f'"{key}":')
    assert list(reply.json) == ["data", *tail]


@pytest.mark.parametrize(
    "target", ["/v1/meetings?undated=true&from=2024", "/v1/meetings?country=AQ"]
)
def test_an_empty_list(client, target):
    lines = client.get(target).body.split(b"\n")
    assert lines[:2] == [b'{"data":[', b"],"]
    assert lines[2] == b'"page":{"total":0,"count":0,"limit":100,"next":null},'


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_an_item_is_one_line(sample, operation):
    body = sample.client.get(path_of(operation, sample.timeline)).body
    assert body.count(b"\n") == 1
    assert body.endswith(b"}}\n")


@pytest.mark.parametrize("operation", **by_id(JSON))
def test_text_is_utf8_as_it_is(sample, operation):
    reply = sample.client.get(plain_target(operation, sample.timeline))
    assert not ESCAPED_FOR_NOTHING.search(reply.body)
    assert not re.search(rb'[{,]\s*"[a-z_]+": ', reply.body), "white space after a key"
    reply.body.decode("utf-8")
    assert reply.body.endswith(b"\n")


def test_names_in_many_scripts_come_through(sample):
    rows, _ = sample.client.rows("/v1/participants")
    names = {record["id"]: record["name"] for record in sample.timeline.records("participant")}
    assert {row["id"]: row["name"] for row in rows} == names
    assert any(max(map(ord, name)) > 0x3000 for name in names.values())


def test_large_integers_come_through(sample):
    rows, _ = sample.client.rows("/v1/aid")
    amounts = {record["id"]: record["amount"] for record in sample.timeline.records("aid")}
    assert {row["id"]: row["amount"] for row in rows} == amounts
    rows, _ = sample.client.rows("/v1/claims")
    values = {record["id"]: record["value"] for record in sample.timeline.records("claim")}
    assert {row["id"]: row["value"] for row in rows} == values
    assert {2**53 - 1, -(2**53) + 1} <= set(values.values())


@pytest.mark.parametrize("operation", **by_id(JSON))
def test_the_same_question_gives_the_same_bytes(sample, operation):
    target = plain_target(operation, sample.timeline)
    assert sample.client.get(target).body == sample.client.get(target).body


def test_the_order_of_parameters_means_nothing(client):
    one = client.get("/v1/aid?kind=package,remaining&currency=USD&limit=3")
    for target in (
        "/v1/aid?limit=3&currency=USD&kind=package,remaining",
        "/v1/aid?currency=usd&kind=REMAINING,package&limit=3",
        "/v1/aid?kind=%70ackage,remaining&currency=USD&%6cimit=3",
    ):
        other = client.get(target)
        assert other.body == one.body
        assert other.header("ETag") == one.header("ETag")


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_the_dataset_is_named(sample, operation):
    card = sample.client.get("/v1").json
    assert card["dataset"] == {key: card["data"][key] for key in ("version", "released")}
    reply = sample.client.get(plain_target(operation, sample.timeline))
    assert reply.json["dataset"] == card["dataset"]
    assert reply.header("Dataset-Version") == card["dataset"]["version"]


@pytest.mark.parametrize("operation", **by_id([one for one in LISTS if "limit" in one.parameters]))
def test_next_keeps_every_parameter(sample, operation):
    """In canonical order: by name, the cursor with them."""
    params = needed(operation) | {"limit": "1", "fields": operation.fields[:1]}
    reply = sample.client.get(target_of(path_of(operation, sample.timeline), params))
    following = reply.json["page"]["next"]
    if following is not None:
        names = [pair.partition("=")[0] for pair in following.partition("?")[2].split("&")]
        assert sorted(names) == sorted([*params, "cursor"])
