"""python3-icalendar reads /v1/meetings.ics."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar, vDuration

STATUS = {"held": "CONFIRMED", "planned": "TENTATIVE", "postponed": "TENTATIVE",
          "cancelled": "CANCELLED"}  # fmt: skip
LAST = "9999-12-31"


def events_of(service, query=""):
    calendar = Calendar.from_ical(service.client.get(f"/v1/meetings.ics{query}").body)
    assert calendar["VERSION"] == "2.0"
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    assert len(events) == len(calendar.walk("VEVENT")), "a UID stands twice"
    return events


def expected_of(service):
    """The meetings whose day or span is known; what lasts past the last year has no end to give."""
    rows, _ = service.client.rows("/v1/meetings")
    known = [row for row in rows if row["date_precision"] in ("day", "span")]
    return [row for row in known if row["date_max"] != LAST or row["date_min"] == LAST]


def last_day(event):
    """The end is exclusive; without one it is the day of the start."""
    if "DTEND" not in event:
        return event["DTSTART"].dt
    return event["DTEND"].dt - timedelta(days=1)


@pytest.mark.parametrize("name", ["shipped", "sample"])
def test_events(request, name):
    service = request.getfixturevalue(name)
    events = events_of(service)
    rows = expected_of(service)
    titles = sorted(str(event["SUMMARY"]) for event in events.values())
    assert titles == sorted(row["title"].replace("\r\n", "\n") for row in rows)
    released = date.fromisoformat(service.get("/v1")["data"]["released"])
    by_id = {uid.partition("@")[0]: event for uid, event in events.items()}
    for row in rows:
        event = by_id[row["id"]]
        assert event["DTSTART"].dt == date.fromisoformat(row["date_min"])
        assert last_day(event) == date.fromisoformat(row["date_max"])
        assert str(event["STATUS"]) == STATUS[row["status"]]
        assert event["DTSTAMP"].dt.date() == released


def test_filters(sample):
    events = events_of(sample, "?status=held")
    assert 0 < len(events) < len(events_of(sample))
    assert {str(event["STATUS"]) for event in events.values()} == {"CONFIRMED"}


def test_a_subscription_is_refreshed(shipped):
    calendar = Calendar.from_ical(shipped.client.get("/v1/meetings.ics").body)
    assert vDuration.from_ical(str(calendar["REFRESH-INTERVAL"])) == timedelta(days=1)
