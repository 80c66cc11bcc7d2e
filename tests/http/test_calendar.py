"""/v1/meetings.ics, read by python3-icalendar and byte by byte."""

import json
import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

STATUSES = {
    "held": "CONFIRMED",
    "planned": "TENTATIVE",
    "postponed": "TENTATIVE",
    "cancelled": "CANCELLED",
}
LAST_DAY = "9999-12-31"  # of all: RFC 5545 has no day after it


def meetings_of(client, query=""):
    """Those that a calendar can show, in its order."""
    target, found = f"/v1/meetings?limit=1000{query}", []
    while target:
        page = client.get(target).json
        found += page["data"]
        target = page["page"]["next"]
    return [
        one for one in found
        if one["date_precision"] in ("day", "span")
        and (one["date_max"] < LAST_DAY or one["date_min"] == LAST_DAY)
    ]  # fmt: skip


def read(client, query=""):
    reply = client.get("/v1/meetings.ics" + query)
    assert reply.status == 200
    assert reply.header("Content-Type") == "text/calendar; charset=utf-8"
    return Calendar.from_ical(reply.body), reply.body


def check(events, meetings, released):
    assert len(events) == len(meetings)
    for event, meeting in zip(events, meetings, strict=True):
        assert str(event["UID"]).startswith(meeting["id"] + "@")
        assert str(event["SUMMARY"]) == re.sub("\r\n?", "\n", meeting["title"])
        assert event["STATUS"] == STATUSES[meeting["status"]]
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert event.decoded("DTSTART") == date.fromisoformat(meeting["date_min"])
        if meeting["date_max"] == LAST_DAY:
            assert "DTEND" not in event
        else:
            end = date.fromisoformat(meeting["date_max"]) + timedelta(days=1)
            assert event.decoded("DTEND") == end
        assert event.decoded("DTSTAMP").date() == date.fromisoformat(released)
        text = str(event["DESCRIPTION"])
        assert f"Date: {meeting['date']} ({meeting['date_basis']})" in text
        assert f"Status: {meeting['status']}" in text
        assert text.endswith("Sources: " + ", ".join(meeting["source_ids"]))
        if meeting["note"] is not None:
            assert text.startswith(re.sub("\r\n?", "\n", meeting["note"]) + "\n")
        for key in ("venue", "place"):
            assert meeting[key] is None or meeting[key] in str(event["LOCATION"])
        if meeting["venue"] == meeting["place"] == meeting["country"] is None:
            assert "LOCATION" not in event


def test_every_meeting_with_a_day_or_span(sample):
    calendar, _ = read(sample.client)
    card = sample.client.get("/v1").data
    events = calendar.walk("VEVENT")
    assert events
    assert {event["STATUS"] for event in events} == set(STATUSES.values())
    check(events, meetings_of(sample.client), card["released"])
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == card["title"]
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]


def test_the_shipped_calendar(shipped):
    calendar, _ = read(shipped)
    events = {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}
    spanning = events["msc-61"]  # 14 to 16 February 2025
    assert spanning.decoded("DTSTART") == date(2025, 2, 14)
    assert spanning.decoded("DTEND") == date(2025, 2, 17)
    assert "contact-group-23" in events
    assert "contact-group-2025-brussels" not in events  # its day is not known


def test_content_lines(sample):
    """RFC 5545, section 3.1: CRLF, at most 75 octets, no character torn."""
    _, body = read(sample.client)
    assert body.endswith(b"\r\n")
    lines = body[:-2].split(b"\r\n")
    for line in lines:
        assert len(line) <= 75
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), line
        line.decode()  # raises where a character is torn
    assert any(line.startswith(b" ") for line in lines)
    assert any(re.search(rb"[\x80-\xff]", line) for line in lines if line.startswith(b" "))


@pytest.mark.parametrize(
    "query", ["status=cancelled,planned", "from=2024&to=2025", "kind=call", "undated=true"]
)
def test_filters(sample, query):
    events = read(sample.client, "?" + query)[0].walk("VEVENT")
    released = sample.client.get("/v1").data["released"]
    check(events, meetings_of(sample.client, "&" + query), released)


def test_uids_are_unique_and_stay(sample, serve):
    """In another release and in another order of the file; only the host may change them."""
    uids = [str(event["UID"]) for event in read(sample.client)[0].walk("VEVENT")]
    assert len(set(uids)) == len(uids)
    public = serve(sample.path, "--public-url", "https://api.example:8443/udcg")
    for event in read(public)[0].walk("VEVENT"):
        name, _, host = str(event["UID"]).partition("@")
        assert f"{name}@udcg" in uids
        assert host == "api.example:8443"
        assert str(event["URL"]) == f"https://api.example:8443/udcg/v1/meetings/{name}"


def test_no_url_without_a_public_one(client):
    assert not [event for event in read(client)[0].walk("VEVENT") if "URL" in event]


EVIDENCE = {"source": "report", "byte_start": 0, "byte_end": 1, "sha256": "0" * 64}
MANY = 1234  # more than are written in one piece


@pytest.fixture(scope="module")
def long(serve, tmp_path_factory):
    meetings = [
        {
            "id": f"meeting-{number}",
            "title": f"Meeting {number} " + "ü" * (number % 90),
            "kind": "meeting",
            "status": "held",
            "date": str(date(2000, 1, 1) + timedelta(days=number // 3)),
            "evidence": [EVIDENCE | {"supports": ["date"], "basis": "stated"}],
        }
        for number in range(MANY)
    ]
    header = {"title": "Long", "released": "2026-01-31", "licence": "CC0-1.0"}
    source = {"id": "report", "file": "report.txt"}
    document = {"format": "udcg-timeline/1", **header, "sources": [source], "meetings": meetings}
    path = tmp_path_factory.mktemp("long") / "timeline.json"
    path.write_text(json.dumps(document))
    return serve(path)


def test_a_long_calendar_is_sent_in_parts(long):
    """Every meeting once, in order, and one frame around all of them."""
    calendar, body = read(long)
    check(calendar.walk("VEVENT"), meetings_of(long), "2026-01-31")
    assert body.count(b"BEGIN:VEVENT\r\n") == MANY
    assert body.count(b"BEGIN:VCALENDAR\r\n") == body.count(b"END:VCALENDAR\r\n") == 1
    packed = long.get("/v1/meetings.ics", headers={"Accept-Encoding": "gzip"})
    assert packed.header("Content-Encoding") == "gzip"
    assert packed.body == body
