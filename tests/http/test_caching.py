"""Validators, codings and what caches are told."""

import gzip

import pytest

from targets import OPERATIONS, by_id, plain_target

CACHED = [one for one in OPERATIONS if 304 in one.statuses]
BIG = "/v1/meetings?limit=100"  # worth a coding


@pytest.fixture
def tag(client):
    return client.get(BIG).header("ETag")


@pytest.mark.parametrize("operation", **by_id(CACHED))
def test_cached_replies(sample, operation):
    reply = sample.client.get(plain_target(operation, sample.timeline))
    weak = operation.path.endswith(".sqlite")
    assert reply.header("ETag").startswith("W/" if weak else '"')
    assert reply.header("Cache-Control") == "public, no-cache"
    assert reply.header("Last-Modified") is None


@pytest.mark.parametrize("operation", **by_id([one for one in OPERATIONS if one not in CACHED]))
def test_replies_that_are_not_to_be_kept(sample, operation):
    if "text/event-stream" not in operation.media_types:
        reply = sample.client.get(plain_target(operation, sample.timeline))
        assert reply.header("Cache-Control") == "no-store"
        assert reply.header("ETag") is None


@pytest.mark.parametrize(
    "form",
    ["{}", "W/{}", '"x", {}', '"x" , W/"y",{}', "*", '"a,b", {}', ' {} '],
)
def test_if_none_match(client, tag, form):
    reply = client.get(BIG, headers={"If-None-Match": form.replace("{}", tag)})
    assert (reply.status, reply.body) == (304, b"")
    assert reply.header("ETag") == tag
    for name in ("Cache-Control", "Vary", "Dataset-Version", "Access-Control-Allow-Origin"):
        assert reply.header(name) == client.get(BIG).header(name)


@pytest.mark.parametrize("form", ['"x"', "x{}", '""', "", 'W/"x", "y"', "{", '"{}"', '"x", *', "*, {}", "w/{}"])
def test_if_none_match_of_something_else(client, tag, form):
    """Whether the reply is at hand or not."""
    value = form.replace("{}", tag)
    assert client.get(BIG, headers={"If-None-Match": value}).status == 200
    fresh = BIG.replace("100", str(100 + len(form)))  # asked for by nobody else
    other = client.request("HEAD", fresh.replace("limit=", "fields=id&limit=")).header("ETag")
    value = form.replace("{}", other)
    headers = {"If-None-Match": value, "Accept": "application/json;q=0.9"}
    assert client.get(fresh + "&fields=id", headers=headers).status == 200


def test_if_none_match_in_several_lines(client, tag):
    """RFC 9110, 5.3: they are one list."""
    reply = client.get(BIG, headers={"If-None-Match": '"x"', "if-none-match": tag})
    assert reply.status == 304


@pytest.mark.parametrize(
    "target, status",
    [
        ("/v1/meetings?limit=0", 400),
        ("/v1/meetings/nobody", 404),
        ("/v1/meetings?cursor=x", 400),
        ("/v1/search?q=ab&cursor=x", 400),
        ("/v1/aid/totals?to=2024&as_of=2024", 400),
    ],
)
def test_a_fault_comes_before_a_304(client, target, status):
    assert client.get(target, headers={"If-None-Match": "*"}).status == status


def test_a_304_of_what_is_not_at_hand_keeps_the_connection(client):
    """Its length is that of the body, which nobody had asked for yet. Only where that takes long it
    goes without, which a busy machine may come to now and then."""
    kept = 0
    for limit in range(75, 0, -1):  # fewer and fewer, for a machine on which many take long each time
        if kept > 5 and limit <= 70:
            break
        for path in ("/v1/meetings", "/v1/aid.csv", "/v1/claims"):
            target = f"{path}?limit={limit}"
            reply = client.get(target, headers={"If-None-Match": "*"})
            assert reply.status == 304
            length = reply.header("Content-Length")
            assert (length is None) == reply.will_close
            assert length in (None, str(len(client.get(target).sent)))
            kept += not reply.will_close
    assert kept > 5


def test_a_304_to_head(client, tag):
    reply = client.request("HEAD", BIG, {"If-None-Match": tag})
    assert reply.status == 304


@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Unmodified-Since"])
def test_dates_are_ignored(client, name):
    reply = client.get(BIG, headers={name: "Thu, 01 Jan 1970 00:00:00 GMT"})
    assert reply.status == 200


def test_ranges_are_ignored(client):
    reply = client.get(BIG, headers={"Range": "bytes=0-9"})
    assert (reply.status, reply.body) == (200, client.get(BIG).body)


def test_each_representation_has_its_own_tag(client):
    tags = [
        client.get(target, headers=headers).header("ETag")
        for target, headers in [
            (BIG, {}),
            (BIG, {"Accept-Encoding": "gzip"}),
            (BIG, {"Accept": "text/csv"}),
            (BIG + "&sort=title", {}),
            ("/v1/aid?limit=100", {}),
        ]
    ]
    assert len(set(tags)) == len(tags)


# Codings


@pytest.mark.parametrize(
    "accept, coding",
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br, zstd", None),
        ("br, gzip;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0.000", None),
        ("*;q=0, gzip", "gzip"),
        ("identity;q=0.5, gzip;q=0.4", None),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("*;q=0, identity;q=0.1", None),
        ("gzip;q=0, *", None),
        ("*", "gzip"),
        ("*;q=0.5, identity", None),
        ("gzip;q=0.5, *;q=0", "gzip"),
        ("gzip ; q=0.5 , identity ; q=0.5", "gzip"),
        ("gzip;Q=0", None),
        ("gzip;q=0abc", "gzip"),
        ("deflate, compress", None),
    ],
)
@pytest.mark.parametrize("target", [BIG, "/v1/meetings.csv", "/v1/meetings.ndjson"])
def test_coding(client, target, accept, coding):
    reply = client.request("GET", target, {"Accept-Encoding": accept})
    assert reply.status == 200
    assert reply.header("Content-Encoding") == coding
    assert reply.body == client.get(target).body


@pytest.mark.parametrize(
    "accept", ["identity;q=0", "*;q=0", "br;q=1, *;q=0", "gzip;q=0, identity;q=0"]
)
def test_no_coding_is_left(client, accept):
    reply = client.get(BIG, headers={"Accept-Encoding": accept})
    assert (reply.status, reply.problem) == (406, "not-acceptable")
    assert sorted(reply.faults["Accept-Encoding"]["allowed"]) == ["gzip", "identity"]


def test_gzip_is_smaller(client):
    coded = client.request("GET", BIG, {"Accept-Encoding": "gzip"})
    assert 4 * len(coded.sent) < len(client.get(BIG).body)
    assert gzip.decompress(coded.sent) == client.get(BIG).body


def test_small_bodies_are_sent_as_they_are(client):
    reply = client.get("/v1/meetings?limit=1&fields=id", headers={"Accept-Encoding": "gzip"})
    assert reply.header("Content-Encoding") is None
