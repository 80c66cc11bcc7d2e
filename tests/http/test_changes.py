"""/v1/changes: who listens hears of every reload, and costs next to nothing."""

import json
import time

import pytest

from events import Events
from process import PATIENCE, watches_threads
from tests.auditor import random_timeline

HEARTBEAT = 15  # seconds
SOON = 10.0  # seconds: less than the heartbeat, more than a busy machine takes


def titled(number):
    return random_timeline.timeline(5, 100) | {"title": f"Edition {number}"}


@pytest.fixture
def edition(editions, tmp_path):
    """edition(*options): a server of a test's own."""
    return lambda *options: editions(tmp_path / "timeline.json", titled(0), *options)


def test_an_event_at_connect_and_at_each_reload(edition):
    one = edition()
    with Events(one.client) as events, Events(one.client, version="1.0") as old:
        delays = []
        for number in range(6):
            event = events.event()
            delays.append(time.monotonic() - signalled if number else 0)
            assert old.event() == event
            assert event["event"] == "dataset"
            reply = one.client.get("/v1")
            assert event["id"] == reply.header("Dataset-Version")
            assert json.loads(event["data"]) == reply.json["dataset"]
            one.write(titled(number + 1))
            signalled = one.reload()
    # Not at the next heartbeat. A busy machine may be late, but not each time.
    assert sorted(delays)[2] < SOON, delays


def test_what_changes_nothing_is_no_event(edition):
    """A file that says the same, and one that is refused."""
    one = edition()
    with Events(one.client) as events:
        first = events.event()["id"]
        one.reload()
        one.write("{")
        one.reload()
        until = time.monotonic() + PATIENCE
        while one.client.get("/readyz").json["reload_error"] is None:
            assert time.monotonic() < until, one.server.log
            time.sleep(0.01)
        one.write(titled(1))
        one.reload()
        assert events.event()["id"] != first
        assert one.version() != first


def test_who_comes_back_hears_what_is_new(edition):
    one = edition()
    version = one.version()
    with Events(one.client, {"Last-Event-ID": version}) as events:
        assert events.block() == [":"]
        one.write(titled(1))
        one.reload()
        assert events.event()["id"] == one.version() != version
    for known in (version, "", "x" * 64, "x" * 500):
        with Events(one.client, {"Last-Event-ID": known}) as events:
            assert events.event()["id"] == one.version()


def test_there_are_so_many_and_no_more(edition):
    one = edition("--max-connections", "9")
    listeners = [Events(one.client) for _ in range(5)]
    assert one.metric("udcg_http_subscribers") == 5
    reply = one.client.get("/v1/changes")
    assert (reply.status, reply.problem) == (503, "overloaded")
    assert int(reply.header("Retry-After")) > 0
    assert one.client.get("/v1/meetings").status == 200
    for listener in listeners:
        listener.close()
    until = time.monotonic() + PATIENCE
    while one.metric("udcg_http_subscribers"):
        assert time.monotonic() < until, "those who left still count"
        time.sleep(0.05)
    with Events(one.client) as events:
        assert events.event()["id"] == one.version()


def test_many_wait_for_little(edition):
    """They hear of a reload at once; neither threads nor time nor much memory go into waiting."""
    one = edition("--query-threads", "1", "--workers", "1")
    many = 300
    for _ in range(20):  # what a connection needs for the first time is there
        one.client.get("/v1/meetings?limit=1")
    before = one.memory()
    listeners = [Events(one.client) for _ in range(many)]
    assert {listener.event()["id"] for listener in listeners} == {one.version()}
    each = (one.memory() - before) / many
    told = f"{each:.0f} KiB a subscriber, 16 of them of a connection"
    assert each < 32 or watches_threads(), told
    assert one.client.get("/v1/search?q=sup").status == 200
    assert one.client.get("/livez").status == 200
    one.write(titled(1))
    signalled = one.reload()
    heard = {listener.event()["id"] for listener in listeners}
    assert time.monotonic() - signalled < SOON
    assert heard == {one.version()}
    for listener in listeners:
        listener.close()


def test_silence_is_filled(edition):
    """Two signs of life, past the time after which an idle connection is closed."""
    one = edition()
    started = time.monotonic()
    with Events(one.client) as events:
        assert events.event()["id"] == one.version()
        for number in (1, 2):
            assert events.block() == [":"]
            assert number * HEARTBEAT - 1 < time.monotonic() - started
        assert time.monotonic() - started < 2 * HEARTBEAT + PATIENCE
        one.write(titled(1))
        one.reload()
        assert events.event()["id"] == one.version()


def test_head_hears_nothing_and_takes_no_place(edition):
    one = edition()
    with Events(one.client) as events:
        got = events.reply
    head = one.client.request("HEAD", "/v1/changes")
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "Cache-Control", "Dataset-Version", "Access-Control-Allow-Origin"):
        assert head.header(name) == got.header(name), name
    assert head.header("Cache-Control") == "no-store"
    assert head.header("ETag") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/event-stream"},
        {"Accept": "text/*;q=0.1"},
        {"Accept-Encoding": "gzip"},
        {"If-None-Match": "*"},
        {"Origin": "https://example.org"},
    ],
    ids=repr,
)
def test_it_is_one_thing_to_all(client, headers):
    with Events(client, headers) as events:
        assert events.reply.status == 200
        assert events.reply.header("Content-Type") == "text/event-stream"
        assert events.reply.header("Content-Encoding") is None
        assert events.event()["event"] == "dataset"


def test_a_coding_that_it_does_not_have(client):
    reply = client.get("/v1/changes", headers={"Accept-Encoding": "gzip, identity;q=0"})
    assert (reply.status, reply.problem) == (406, "not-acceptable")
    assert reply.faults["Accept-Encoding"]["allowed"] == ["identity"]


def test_the_end(edition):
    """Told to stop, the server ends the streams, and cuts none."""
    one = edition()
    listeners = [Events(one.client) for _ in range(20)]
    for listener in listeners:
        listener.event()
    one.server.stop()
    # It raises where the last chunk is wanting.
    assert [listener.response.read() for listener in listeners] == [b""] * 20
    for listener in listeners:
        listener.close()
