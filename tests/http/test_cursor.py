"""Walking a list by its cursor gives each record exactly once, in the order of its sort."""

import base64
import copy
import hashlib
import json
import subprocess
import sys

import pytest

from client import Client, target_of
from process import ROOT, Server
from targets import PAGED, by_id, needed, path_of
from tests.auditor import dates

SIZES = (1, 2, 7)
MANY = 150  # records: more are not walked one by one


@pytest.fixture(scope="module")
def small(sampled):
    """Small enough to be walked a record at a time, with ties and nulls in every sort."""
    return sampled(3, 100)


@pytest.fixture(scope="module")
def represented(serve, tmp_path_factory):
    """A meeting that one country attends several times, with the last of all texts and with none."""
    document = json.loads((ROOT / "data" / "timeline.json").read_text(encoding="utf-8"))
    meeting = next(one for one in document["meetings"] if one.get("attendance"))
    entry = meeting["attendance"][0]
    for last in (None, "\U0010ffff", "\U0010ffff\U0010ffff"):
        other = entry | {"representative": last, "evidence": copy.deepcopy(entry["evidence"])}
        for citation in other["evidence"] if last is None else ():
            citation["supports"] = [one for one in citation["supports"] if one != "representative"]
        meeting["attendance"].append(other)
    path = tmp_path_factory.mktemp("represented") / "timeline.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return serve(path)


@pytest.fixture(scope="module")
def generated(serve, tmp_path_factory):
    """Few participants and days in many records, so that every filter leaves some of each."""
    path = tmp_path_factory.mktemp("generated") / "timeline.ndjson"
    maker = ROOT / "tests" / "bench" / "generate.py"
    subprocess.run([sys.executable, maker, "--records", "600", "--out", path], check=True)
    return serve(path)


def sorts_of(operation):
    """Each sort in both directions, the default, and two joined ones."""
    if "sort" not in operation.parameters:
        return [None]
    names = operation.parameters["sort"].schema["enum"]
    pairs = [names[2:3] + names[0:1], names[-1:] + names[0:1]] if len(names) > 2 else []
    return [None, *([name] for name in names), *pairs]


WALKS = [
    pytest.param(operation, sort, id=f"{operation.id}-{','.join(sort or ['default'])}")
    for operation in PAGED
    for sort in sorts_of(operation)
]


@pytest.mark.parametrize("operation, sort", WALKS)
def test_every_record_once(small, operation, sort):
    path = path_of(operation, small.timeline)
    asked = needed(operation) | ({"sort": sort} if sort else {})
    whole, replies = small.client.rows(path, asked | {"limit": 1000})
    assert len(replies) == 1
    assert len({repr(row) for row in whole}) == len(whole)
    for size in SIZES if sort is None and len(whole) < MANY else SIZES[2:]:
        walked, replies = small.client.rows(path, asked | {"limit": size})
        assert walked == whole, size
        pages = [reply.json["page"] for reply in replies]
        assert {page["total"] for page in pages} == {len(whole)}
        assert [page["count"] for page in pages[:-1]] == [size] * (len(pages) - 1)
        assert 0 < pages[-1]["count"] <= size or not whole


@pytest.mark.parametrize("operation, sort", WALKS)
def test_order(small, operation, sort):
    """Nulls last either way; descending turns the keys around and leaves the last key as it is."""
    path = path_of(operation, small.timeline)
    rows, _ = small.client.rows(path, needed(operation) | ({"sort": sort} if sort else {}))
    for key in (sort or [])[:1]:
        values = [value_of(row, key.lstrip("-")) for row in rows]
        known = [value for value in values if value is not None]
        assert values[len(known) :] == [None] * (len(values) - len(known))
        assert known == sorted(known, reverse=key.startswith("-"))


def test_no_text_comes_after_none(represented):
    whole, _ = represented.rows("/v1/attendance", {"limit": 1000})
    alone = [row["representative"] for row in whole].index("\U0010ffff")
    assert [row["representative"] for row in whole[alone : alone + 3]] == [
        "\U0010ffff", "\U0010ffff\U0010ffff", None,
    ]  # fmt: skip
    assert represented.rows("/v1/attendance", {"limit": 1})[0] == whole


# Filters that leave one value of a sort's key, or a few, or that bound the same days as a cursor.
FILTERED = [
    ("/v1/aid", {"currency": one}, ["amount", "-amount"]) for one in (["USD"], ["EUR", "USD"])
] + [
    ("/v1/aid", {"donor": one}, ["donor", "-donor"]) for one in (["us"], ["us", "gb"])
] + [
    ("/v1/aid", {"year": ["2024", "2014", "2019"]}, ["date", "-date"]),
    ("/v1/aid", {"from": ["2016"], "to": ["2020-06"]}, ["date", "-date"]),
    ("/v1/aid", {"dates": ["certain"], "from": ["2016"], "to": ["2020-06"]}, ["date", "-date"]),
    ("/v1/meetings", {"convener": ["us"]}, ["date", "-date", "title"]),
    ("/v1/meetings", {"convener": ["us", "de"], "status": ["held"]}, ["date", "-date"]),
    ("/v1/meetings", {"participant": ["us"], "from": ["2015"]}, ["date", "-date"]),
    ("/v1/meetings", {"series": ["group-0"]}, ["series", "-series", "-date"]),
    ("/v1/timeline", {"type": ["aid", "claim"], "to": ["2021"]}, ["date", "-date"]),
]  # fmt: skip


@pytest.mark.parametrize("path, filters, sorts", FILTERED)
def test_filtered_lists_lose_nothing_between_pages(generated, path, filters, sorts):
    for sort in sorts:
        whole, _ = generated.rows(path, filters | {"sort": [sort], "limit": 1000})
        assert len({repr(row) for row in whole}) == len(whole) > 0
        assert generated.rows(path, filters | {"sort": [sort], "limit": 3})[0] == whole


def value_of(row, key):
    """What rows are compared by; None where that is not known. Text compares by its bytes."""
    if key == "date":
        first, last = row["date_min"] or row["date_max"], row["date_max"] or row["date_min"]
        return first and (first, last)
    if key == "amount":
        return row["currency"], row["amount"]
    if key == "published":
        return dates.bounds(row["published"]).pair
    value = row[key]
    return value.encode() if isinstance(value, str) else value


@pytest.mark.parametrize("operation", **by_id(PAGED))
def test_a_cursor_outlives_its_server(small, rules, operation):
    """Another process with the same timeline goes on where the first one stopped."""
    path = path_of(operation, small.timeline)
    first = small.client.get(target_of(path, needed(operation) | {"limit": 1}))
    assert first.json["page"]["total"] > 1, "the sample is too small"
    expected = small.client.get(first.json["page"]["next"]).body
    server = Server("--timeline", small.path)
    other = Client(server.address, rules)
    server.wait_ready(other)
    assert other.get(first.json["page"]["next"]).body == expected
    other.close()
    server.stop()


def made_up(path, asked, values):
    """A cursor that no page gave: whoever reads the source can write one."""
    scope = target_of(path, dict(sorted(asked.items())))
    raw = values.encode("ascii")
    mark = hashlib.sha256(scope.encode("ascii") + b"\n" + raw).hexdigest()[:8]
    return base64.urlsafe_b64encode(mark.encode("ascii") + raw).decode("ascii").rstrip("=")


SORTED = [
    parameter for parameter in WALKS if parameter.values[1] and "{" not in parameter.values[0].path
]


@pytest.mark.parametrize("operation, sort", SORTED)
@pytest.mark.parametrize("values", ("n", "i7;", "t0:", "t5:zzzzz"))
def test_a_made_up_cursor_is_some_place_or_refused(small, operation, sort, values):
    path = path_of(operation, small.timeline)
    asked = {"sort": sort} | needed(operation)
    seen = set()
    for count in range(1, 7):
        cursor = made_up(path, asked, values * count)
        reply = small.client.get(path, asked | {"cursor": cursor})
        assert reply.status in (200, 400), reply.body
        seen.add(reply.status)
    # As many values as the order has keys make a cursor; an id is never null.
    assert seen == ({400} if values == "n" else {200, 400})


@pytest.mark.parametrize("path, key", (("/v1/aid", "donor"), ("/v1/meetings", "series")))
@pytest.mark.parametrize("direction", ("", "-"))
def test_an_id_that_is_gone_lies_between_its_neighbours(generated, path, key, direction):
    asked = {"sort": [direction + key]}
    rows, _ = generated.rows(path, asked | {"limit": 1000})
    ids = sorted({row[key] for row in rows if row[key]})
    for one in ids:
        gone = one + "-"
        behind = [
            row for row in rows
            if row[key] is None or (row[key] < gone if direction else row[key] > gone)
        ]  # fmt: skip
        cursor = made_up(path, asked, f"t{len(gone)}:{gone}t1:a")
        reply = generated.get(path, asked | {"cursor": cursor, "limit": 1000})
        assert reply.json["data"] == behind
