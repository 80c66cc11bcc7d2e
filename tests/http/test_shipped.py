"""What the five reports support, asked of the server as a journalist would ask it."""

import pytest

from tests.auditor import model
from conftest import SHIPPED

CONTACT_GROUP = "ukraine-defense-contact-group"
QUOTED_ONLY = ("john-kirby", "pat-ryder", "mike-waltz", "joe-biden", "trump")


def ids(reply):
    return [row["id"] for row in reply.data]


def only(reply):
    assert len(reply.data) == 1, ids(reply)
    return reply.data[0]


@pytest.fixture(scope="module")
def timeline():
    return model.load(SHIPPED)


def test_the_card_counts_the_file(shipped, timeline):
    counts = shipped.get("/v1").data["counts"]
    for kind, name in model.KINDS.items():
        assert counts[name] == len(timeline.by_kind[kind]), name
    entries = sum(len(meeting["attendance"]) for meeting in timeline.records("meeting"))
    assert counts["attendance"] == entries
    assert counts["sources"] == 5


# When and where


def test_the_23rd(shipped):
    row = only(shipped.get("/v1/meetings?ordinal=23&series=" + CONTACT_GROUP))
    assert (row["date"], row["place"], row["country"]) == ("2024-06-13", "Brussels", "BE")
    assert row["status"] == "planned", "no report says that it took place"
    assert "lloyd-austin" in row["conveners"]
    headcount = [row[f"headcount_{name}"] for name in ("value", "qualifier", "counts", "unit")]
    assert headcount == [50, "nearly", "expected", "countries"]


def test_a_wrong_header_date_is_no_meeting_day(shipped):
    assert shipped.get("/v1/meetings?from=2024-10-01&to=2024-10-31").data == []
    assert "contact-group-23" in ids(shipped.get("/v1/meetings?from=2024-06-13&to=2024-06-13"))
    source = shipped.get("/v1/sources/000-30095388a7529506").data
    assert (source["header_date"], source["header_date_trusted"]) == ("2024-10-23", False)


def test_the_journey_is_not_the_meeting(shipped):
    assert "contact-group-23" not in ids(shipped.get("/v1/meetings?from=2024-06-12&to=2024-06-12"))


def test_nato_ministers_met_the_day_after(shipped):
    row = only(shipped.get("/v1/meetings?series=nato&from=2024&to=2024"))
    assert row["date"] == "2024-06-14"
    assert row["date_basis"] == "derived", "the report says Friday"


def test_a_conference_is_not_the_contact_group(shipped):
    row = only(shipped.get("/v1/meetings?kind=conference"))
    assert (row["ordinal"], row["date"], row["country"]) == (61, "2025-02-14/2025-02-16", "DE")
    assert row["series"] != CONTACT_GROUP


def test_an_open_date_matches_its_known_end_only(shipped):
    open_ended = "contact-group-2025-brussels"
    assert shipped.get(f"/v1/meetings/{open_ended}").data["date_max"] is None
    assert open_ended in ids(shipped.get("/v1/meetings?from=2025-01-01&to=2025-12-31"))
    assert open_ended not in ids(shipped.get("/v1/meetings?from=2030"))


def test_first_convened_by_somebody_else(shipped):
    row = only(shipped.get(f"/v1/meetings?series={CONTACT_GROUP}&convener=gb"))
    assert row["date_min"] == "2025-02-11"
    assert (row["venue"], row["country"]) == ("NATO headquarters", "BE")


def test_every_date_says_how_it_is_known(shipped):
    for path in ("/v1/meetings", "/v1/aid", "/v1/claims"):
        for row in shipped.rows(path, {"include": "evidence"})[0]:
            supporting = [one for one in row["evidence"] if "date" in one["supports"]]
            if row["date"] is None:
                assert row["date_basis"] is None
                continue
            derived = [one for one in supporting if one["basis"] == "derived"]
            assert row["date_basis"] == ("derived" if derived else "stated"), row["id"]
            assert supporting, row["id"]
            assert not derived or any(one["reasoning"] for one in derived), row["id"]


# Who


@pytest.mark.parametrize("person", QUOTED_ONLY)
def test_who_is_quoted_or_named_did_not_attend(shipped, person):
    assert shipped.get(f"/v1/participants/{person}").data["meeting_count"] == 0
    assert shipped.get(f"/v1/attendance?participant={person}").data == []


def test_announced_guests_are_expected(shipped):
    rows = shipped.get("/v1/meetings/contact-group-23/participants").data
    assert {row["participant"]: (row["role"], row["status"]) for row in rows} == {
        "lloyd-austin": ("chair", "expected"),
        "charles-q-brown": ("accompanying", "expected"),
    }


def test_the_nine(shipped):
    rows, _ = shipped.rows("/v1/attendance", {"series": "bucharest-nine"})
    countries = {row["country"] for row in rows if row["kind"] == "country"}
    assert countries == {"BG", "CZ", "EE", "HU", "LT", "LV", "PL", "RO", "SK"}
    assert {row["mode"] for row in rows} == {"remote"}


def test_headcounts_that_mean_different_things(shipped):
    row = shipped.get("/v1/meetings/contact-group-2022-ramstein?include=headcounts").data
    counts = {one["counts"]: one["value"] for one in row["headcounts"]}
    assert counts == {"invited": 40, "accepted": 20}
    assert (row["headcount_value"], row["headcount_counts"]) == (20, "accepted")


# How much


def test_packages_are_added_and_nothing_else(shipped):
    body = shipped.get("/v1/aid/totals").json
    assert body["totals"] == [
        {"currency": "USD", "amount": 725_000_000, "count": 2, "qualifier": None}
    ]
    sums = [row for row in body["data"] if row["kind"] == "package"]
    assert [(row["donor"], row["amount"]) for row in sums] == [("us", 725_000_000)]
    readings = {row["amount"] for row in body["data"] if row["kind"] != "package"}
    assert 3_850_000_000 in readings and 126_000_000_000 in readings


def test_how_much_is_left(shipped):
    row = only(shipped.get("/v1/aid?kind=remaining"))
    assert (row["amount"], row["qualifier"], row["donor"]) == (3_850_000_000, "about", "us")


def test_a_later_reading_replaces_an_earlier_one(shipped):
    measure = shipped.get("/v1/aid/us-aid-66bn").data["measure"]
    rows = [
        row for row in shipped.get("/v1/aid/totals").data if row["measure"] == measure
    ]
    assert [row["amount"] for row in rows] == [66_000_000_000]
    body = shipped.get(f"/v1/aid/totals?measure={measure}&category=military").json
    assert body["data"] == []
    assert body["excluded"]["earlier_reading"] == 1


def test_as_of_a_day(shipped):
    """On the last day of June 2024 one package is certain; the other was announced later."""
    body = shipped.get("/v1/aid/totals?kind=package&as_of=2024-06-30").json
    assert [row["amount"] for row in body["totals"]] == [225_000_000]
    assert set(body["excluded"].values()) == {0}
    assert body["as_of"] == "2024-06-30"


def test_allies_are_no_country(shipped):
    rows = shipped.get("/v1/aid?donor=allied-nations").data
    assert [row["donor_kind"] for row in rows] == ["group"]
    assert all(row["donor"] != "allied-nations" for row in shipped.get("/v1/aid?donor=us").data)


def test_what_was_in_a_package(shipped):
    row = only(shipped.get("/v1/aid?kind=package&mechanism=presidential-drawdown"))
    assert row["amount"] == 500_000_000
    assert len(row["items"]) == 4
    assert row["meeting"] == "ramstein-zelenskyy-austin"


# Who says what


def test_conflicting_claims_are_both_there(shipped):
    rows = shipped.get("/v1/claims?conflicting=true&type=casualties").data
    assert {(row["claimant"], row["value"], row["qualifier"]) for row in rows} == {
        ("us", 1200, "about"),
        ("volodymyr-zelenskyy", 4000, None),
    }
    assert len({row["conflict_group"] for row in rows}) == 1


def test_an_expectation_that_nothing_comes(shipped):
    assert "no-new-packages-expected" in ids(shipped.get("/v1/claims?negative=true"))


def test_a_promise_with_a_horizon(shipped):
    row = shipped.get("/v1/claims/coalition-through-2027").data
    assert (row["horizon"], row["type"]) == ("2027", "pledge")


# Where it stands


def test_every_record_has_words_behind_it(shipped):
    for path in ("/v1/meetings", "/v1/participants", "/v1/attendance", "/v1/aid", "/v1/claims"):
        for row in shipped.rows(path, {"include": "evidence"})[0]:
            assert row["evidence"], row
            assert row["source_ids"]
            assert all(one["quote"] is None for one in row["evidence"]), "their licence has none"


def test_facts_stand_where_their_source_has_bytes(shipped):
    for source in shipped.rows("/v1/sources")[0]:
        for fact in shipped.rows(f"/v1/sources/{source['id']}/facts")[0]:
            assert 0 <= fact["byte_start"] < fact["byte_end"] <= source["bytes"]
            assert fact["char_end"] - fact["char_start"] <= fact["byte_end"] - fact["byte_start"]
