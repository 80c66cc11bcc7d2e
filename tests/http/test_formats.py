"""CSV and NDJSON of every list: the rows of its JSON, all of them unless `limit` says otherwise."""

import csv
import io
import re

import pytest

import contract
from client import target_of
from targets import LISTS, by_id, needed, path_of

TYPES = {"csv": "text/csv", "ndjson": "application/x-ndjson", "json": "application/json"}


def whole(sample, operation):
    path = path_of(operation, sample.timeline)
    if "limit" not in operation.parameters:
        return sample.client.get(path).data
    return sample.client.rows(path, needed(operation) | {"limit": 1000})[0]


def ask(sample, operation, suffix, params=None):
    path = f"{path_of(operation, sample.timeline)}.{suffix}"
    reply = sample.client.get(path, needed(operation) | (params or {}))
    assert reply.status == 200, reply.body
    assert reply.media_type == TYPES[suffix]
    return reply


def lines(reply):
    assert not reply.body or reply.body.endswith(b"\n")
    return [contract.parse(line) for line in reply.body.split(b"\n")[:-1]]


def cell(value):
    """As a cell says it: nothing for null, lists joined by ; with \\; and \\\\ inside."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(one.replace("\\", "\\\\").replace(";", "\\;") for one in value)
    return str(value)


def table(reply):
    """Header and rows; RFC 4180 read strictly."""
    text = reply.body.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_ndjson_has_all_rows(sample, operation):
    assert lines(ask(sample, operation, "ndjson")) == whole(sample, operation)


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_ndjson_has_the_lines_of_the_json(sample, operation):
    path = path_of(operation, sample.timeline)
    page = sample.client.get(path, needed(operation)).body.split(b"\n")
    records = [line.removesuffix(b",") for line in page[1 : page.index(b"],")]]
    assert ask(sample, operation, "ndjson").body.split(b"\n")[: len(records)] == records


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_csv_has_all_rows(sample, operation):
    header, *rows = table(ask(sample, operation, "csv"))
    assert header == operation.fields
    expected = [[cell(row[name]) for name in header] for row in whole(sample, operation)]
    assert rows == expected


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_csv_lines_end_in_crlf(sample, operation):
    """Outside of quotes there is no other line end."""
    body = ask(sample, operation, "csv").body
    outside = b"".join(body.split(b'"')[::2])
    assert outside.count(b"\n") == outside.count(b"\r\n") == outside.count(b"\r")


@pytest.mark.parametrize("operation", **by_id([one for one in LISTS if "limit" in one.parameters]))
def test_limit_may_have_any_size(sample, operation):
    rows = whole(sample, operation)
    for limit in (1, 2, 5000, 2**53 - 1):
        assert lines(ask(sample, operation, "ndjson", {"limit": limit})) == rows[:limit]
        assert len(table(ask(sample, operation, "csv", {"limit": limit}))) == 1 + len(rows[:limit])


def following(reply):
    """Where the header leads to, None from the last page."""
    found = re.search(r'<([^>]*)>; rel="next"', reply.header("Link") or "")
    return found and found[1]


@pytest.mark.parametrize("named_by", ["suffix", "Accept"])
@pytest.mark.parametrize("suffix", ["csv", "ndjson"])
@pytest.mark.parametrize("operation", **by_id([one for one in LISTS if "limit" in one.parameters]))
def test_pages_lead_on_in_their_format(sample, operation, suffix, named_by):
    """As those of JSON do: by the header, as nothing in the body can."""
    rows = lines if suffix == "ndjson" else lambda reply: table(reply)[1:]
    path, headers = path_of(operation, sample.timeline), {}
    whole_list = rows(ask(sample, operation, suffix))
    if named_by == "suffix":
        path += f".{suffix}"
    else:
        headers = {"Accept": TYPES[suffix]}
    limit = min(1000, len(whole_list) // 2 + 1)
    target, walked = target_of(path, needed(operation) | {"limit": limit}), []
    while target:
        assert target.partition("?")[0] == path
        reply = sample.client.get(target, headers=headers)
        assert reply.media_type == TYPES[suffix]
        assert 0 < len(rows(reply)) <= limit
        walked += rows(reply)
        target = following(reply)
    assert walked == whole_list


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_csv_columns_are_the_fields_asked_for(sample, operation):
    names = operation.fields[::-2]
    header, *rows = table(ask(sample, operation, "csv", {"fields": names}))
    assert header == names
    assert rows == [[cell(row[name]) for name in names] for row in whole(sample, operation)]


def test_an_empty_csv_has_its_header(sample):
    reply = sample.client.get("/v1/meetings.csv?country=AQ")
    assert table(reply) == [LISTS[0].fields]
    assert sample.client.get("/v1/meetings.ndjson?country=AQ").body == b""


@pytest.mark.parametrize("path", ["/v1/meetings", "/v1/aid", "/v1/sources"])
def test_ndjson_takes_include(sample, path):
    rows = lines(sample.client.get(f"{path}.ndjson?include=evidence&limit=20"))
    assert rows == sample.client.get(f"{path}?include=evidence&limit=20").data


# Which format


@pytest.mark.parametrize(
    "accept, media_type",
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/csv;q=0.5, application/x-ndjson", "application/x-ndjson"),
        ("text/csv, application/json;q=0.9", "text/csv"),
        ("application/json;q=0, */*;q=0.1", "text/csv"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("text/csv;charset=utf-8", "text/csv"),
        ("image/png, */*;q=0.001", "application/json"),
        # The most specific range counts for each type, wherever it stands.
        ("text/csv;q=0.1, text/*;q=0.9, application/json;q=0.5", "application/json"),
        ("*/*;q=0.1, text/*;q=0.3, application/x-ndjson;q=0.2", "text/csv"),
        ("application/*;q=0.9, application/json;q=0.1", "application/x-ndjson"),
        ("text/csv ; q=0.2 ,\tapplication/json ; Q=0.1", "text/csv"),
        # A malformed weight is none.
        ("text/csv;q=0abc, application/json;q=0.5", "text/csv"),
        ("text/csv;q=0.5x, application/json;q=0.7", "text/csv"),
        ("text/csv;q=0., application/json;q=0.5", "application/json"),
        ("text/csv;q=0.3333, application/json;q=0.6667", "application/json"),
        (", ,text/csv,", "text/csv"),
        ("", "application/json"),
    ],
)
def test_accept(client, accept, media_type):
    reply = client.get("/v1/meetings?limit=1", headers={"Accept": accept})
    assert (reply.status, reply.media_type) == (200, media_type)
    assert {word.strip() for word in reply.header("Vary").split(",")} == {
        "Accept", "Accept-Encoding",
    }  # fmt: skip


@pytest.mark.parametrize("accept", ["image/png", "text/html", "*/*;q=0", "application/json;q=0"])
def test_accept_of_nothing_that_there_is(client, accept):
    reply = client.get("/v1/meetings?limit=1", headers={"Accept": accept})
    assert (reply.status, reply.problem) == (406, "not-acceptable")


def test_accept_that_is_no_text(client):
    reply = client.get("/v1/meetings?limit=1", headers={"Accept": "image/\udcff"})
    assert (reply.status, reply.faults["Accept"]["value"]) == (406, "image/?")


def test_accept_in_several_lines(client):
    """RFC 9110, 5.3: they are one list."""
    reply = client.get(
        "/v1/meetings?limit=1", headers={"Accept": "application/json;q=0.1", "accept": "text/csv"}
    )
    assert reply.media_type == "text/csv"


@pytest.mark.parametrize("suffix", TYPES)
@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_head_of_every_format(sample, operation, suffix):
    got = ask(sample, operation, suffix)
    target = target_of(f"{path_of(operation, sample.timeline)}.{suffix}", needed(operation))
    head = sample.client.request("HEAD", target)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "ETag", "Vary", "Content-Disposition", "Content-Encoding", "Link"):
        assert head.header(name) == got.header(name), name
    assert head.header("Content-Length") in (str(len(got.sent)), None)


@pytest.mark.parametrize("suffix", TYPES)
@pytest.mark.parametrize("accept", ["application/json", "text/csv", "image/png"])
def test_a_suffix_wins(client, suffix, accept):
    reply = client.get(f"/v1/aid.{suffix}?limit=1", headers={"Accept": accept})
    assert (reply.status, reply.media_type) == (200, TYPES[suffix])
    assert reply.header("Vary") == "Accept-Encoding"


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_json_by_suffix_is_json(sample, operation):
    """But for the links, which keep the suffix."""
    target = target_of(path_of(operation, sample.timeline), needed(operation))
    by_suffix = ask(sample, operation, "json")
    assert by_suffix.data == sample.client.get(target).data
    leads_to = by_suffix.json.get("page", {}).get("next")
    if leads_to:
        assert leads_to.startswith(f"{path_of(operation, sample.timeline)}.json?")
        assert sample.client.get(leads_to).status == 200
