"""Computed fields, filters and sorts of the lists, on cases worked out by hand."""

import pytest

from .sample import api, cite, entry, ids

SOURCES = {
    "early": {"published": "2024-01-05"},
    "late": {"published": "[2024-03..]"},
    "never": {"published": None},
}


def one(name, identifier, **kinds):
    return api(**kinds).expected(f"/v1/{name}/{identifier}")["data"]


def test_reported_is_the_earliest_and_status_as_of_the_latest():
    row = one(
        "meetings", "m", source=SOURCES,
        meeting={"m": {
            "evidence": [cite("status", source="early"), cite("status", source="late")],
            "attendance": [entry("us", evidence=[cite("role", source="never")])],
        }},
    )  # fmt: skip
    assert row["source_ids"] == ["early", "late", "never"]
    assert row["reported"] == "2024-01-05"
    assert row["status_as_of"] == "[2024-03..]"


def test_a_basis_is_derived_if_any_citation_is():
    stated, derived = cite("date"), cite("date", basis="derived", start=5, end=6)
    for evidence, basis in (([stated], "stated"), ([stated, derived], "derived")):
        row = one("claims", "c", claim={"c": {"date": "2024", "evidence": evidence}})
        assert row["date_basis"] == basis
    assert one("claims", "c", claim={"c": {}})["date_basis"] is None


def count(value, counts, unit, qualifier=None):
    return {
        "value": value, "counts": counts, "unit": unit, "qualifier": qualifier,
        "evidence": [cite("value")],
    }  # fmt: skip


@pytest.mark.parametrize(
    "headcounts, expected",
    [
        ([], (None, None, None, None, None)),
        (
            [count(40, "invited", "countries"), count(20, "accepted", "countries", "about")],
            (20, 20, "about", "accepted", "countries"),
        ),
        (
            [count(90, "attended", "people"), count(50, "attended", "countries")],
            (50, 50, None, "attended", "countries"),
        ),
        (
            [count(90, "attended", "people"), count(50, "expected", "countries")],
            (90, 90, None, "attended", "people"),
        ),
        (
            [
                count(52, "attended", "countries", "about"),
                count(50, "attended", "countries", "about"),
            ],
            (50, 52, None, "attended", "countries"),
        ),
    ],
)
def test_headcount(headcounts, expected):
    row = one("meetings", "m", meeting={"m": {"headcounts": headcounts}})
    names = ("value", "value_max", "qualifier", "counts", "unit")
    assert tuple(row[f"headcount_{name}"] for name in names) == expected


def neighbours(identifier, **meetings):
    series = {name: {"series": "club", **fields} for name, fields in meetings.items()}
    row = one("meetings", identifier, meeting=series)
    return row["previous"], row["next"]


def test_neighbours_of_a_series():
    days = {
        "a": {"date": "2024-01-01"},
        "b": {"date": "2024-02"},
        "c": {"date": "2024-03-01", "status": "planned"},
    }
    assert neighbours("a", **days) == (None, "b")
    assert neighbours("b", **days) == ("a", "c")
    assert neighbours("c", **days) == ("b", None)


def test_cancelled_and_postponed_are_no_neighbours_but_have_some():
    days = {
        "a": {"date": "2024-01"},
        "b": {"date": "2024-02", "status": "cancelled"},
        "c": {"date": "2024-03", "status": "postponed"},
        "d": {"date": "2024-04"},
    }
    assert neighbours("d", **days) == ("a", None)
    assert neighbours("b", **days) == ("a", "d")


def test_neighbours_are_null_where_not_sure():
    assert (
        neighbours("c", a={"date": "2024-01"}, b={"date": "2024-01-05"}, c={"date": "2024-03"})[0]
        is None
    )
    assert (
        neighbours(
            "c", a={"date": "2024-01"}, b={"date": "2024-02/2024-04"}, c={"date": "2024-03"}
        )[0]
        is None
    )
    assert (
        neighbours("c", a={"date": "2024-01"}, b={"date": None}, c={"date": "2024-03"})[0] is None
    )
    assert neighbours("c", a={"date": "2024-01"}, c={"date": None}) == (None, None)


def test_meetings_of_one_day_are_no_neighbours_of_each_other():
    day = {"date": "2024-03-01"}
    assert neighbours("c", a={"date": "2024-01"}, b=day, c=day) == ("a", None)


def test_a_country_counts_its_persons_each_meeting_once():
    made = api(
        meeting={
            "m": {"date": "2024-05", "attendance": [entry("us"), entry("ann", "declined")]},
            "n": {"date": "[2024-07..]", "attendance": [entry("ann")]},
        },
        aid={"a": {"donor": "us", "recipient": "ua"}, "b": {"donor": "ann"}},
    )
    row = made.expected("/v1/participants/us")["data"]
    assert (row["meeting_count"], row["attended_count"], row["aid_count"]) == (2, 2, 2)
    assert (row["first_date"], row["last_date"]) == ("2024-05-01", "2024-05-31")
    row = made.expected("/v1/participants/ann")["data"]
    assert (row["meeting_count"], row["attended_count"], row["aid_count"]) == (2, 1, 1)
    assert made.expected("/v1/meetings/m")["data"]["named_count"] == 1


def test_a_country_matches_its_persons_as_participant_not_as_donor():
    made = api(
        meeting={"m": {"attendance": [entry("ann")], "conveners": ["ann"]}, "n": {}},
        aid={"a": {"donor": "ann", "claimant": "ann"}, "b": {"donor": "us", "claimant": None}},
        claim={"c": {"subject": "ann"}, "d": {"subject": "club"}},
    )
    assert ids(made.expected("/v1/meetings", {"participant": "US"})) == ["m"]
    assert ids(made.expected("/v1/meetings", {"convener": "us"})) == ["m"]
    assert ids(made.expected("/v1/aid", {"donor": "us"})) == ["b"]
    assert ids(made.expected("/v1/aid", {"claimant": ["us", "none"]})) == ["a", "b"]
    assert ids(made.expected("/v1/claims", {"subject": "us"})) == ["c"]
    assert ids(made.expected("/v1/participants/us/meetings")) == ["m"]


def test_participants_meet_all_of_an_entry_at_once():
    made = api(
        meeting={
            "m": {"attendance": [entry("ann", "invited", "chair"), entry("gb", "attended")]},
            "n": {"series": "club", "attendance": [entry("ann", "attended")]},
        }
    )
    assert ids(made.expected("/v1/participants", {"role": "chair", "status": "attended"})) == []
    assert ids(made.expected("/v1/participants", {"role": "chair"})) == ["ann", "us"]
    assert ids(made.expected("/v1/participants", {"series": "club"})) == ["ann", "us"]
    assert ids(made.expected("/v1/participants", {"meeting": "m", "status": "attended"})) == ["gb"]


def test_donor_member_is_a_group_that_has_it():
    made = api(aid={"a": {"donor": "club"}, "b": {"donor": "gb"}})
    assert ids(made.expected("/v1/aid", {"donor_member": "gb"})) == ["a"]
    assert ids(made.expected("/v1/aid", {"donor_member": "ua"})) == []


def test_overlaps_hold_for_both():
    made = api(aid={"a": {"overlaps": ["b"]}, "b": {}})
    assert made.expected("/v1/aid/b")["data"]["overlaps"] == ["a"]


DATES = {"a": "2024-01-05", "b": "[2024-01-05..]", "c": None, "d": "2024", "e": "[..2024-01-05]"}


def dated(**params):
    claims = {name: {"date": date} for name, date in DATES.items()}
    params = {name.rstrip("_"): value for name, value in params.items()}
    return ids(api(claim=claims).expected("/v1/claims", params))


def test_dates_sort_by_their_pair_and_nulls_last():
    assert dated() == ["d", "a", "b", "e", "c"]
    assert dated(sort=["-date"]) == ["a", "b", "e", "d", "c"]


def test_date_filters():
    assert dated(from_="2024-01-06") == ["d"]
    assert dated(from_="2024-01-05", dates="certain") == ["a", "b"]
    assert dated(to="2024-01-05", dates="certain") == ["a", "e"]
    assert dated(from_="2024", to="2024", dates="certain") == ["d", "a"]
    assert dated(undated="true") == ["c"]
    assert dated(date_basis="none") == ["c"]


def test_amounts_sort_by_currency_first():
    made = api(aid={"a": {"amount": 9}, "b": {"amount": 5}, "c": {"amount": 7, "currency": "EUR"}})
    assert ids(made.expected("/v1/aid", {"sort": ["amount"]})) == ["c", "b", "a"]
    assert ids(made.expected("/v1/aid", {"sort": ["-amount"]})) == ["a", "b", "c"]


def test_ties_keep_the_order_of_ids_in_both_directions():
    made = api(claim={"b": {}, "a": {}, "a-1": {}, "a1": {}})
    for sort in ("type", "-type"):
        assert ids(made.expected("/v1/claims", {"sort": [sort]})) == ["a", "a-1", "a1", "b"]


def test_attendance_ends_in_representative_nulls_last():
    made = api(meeting={"m": {"attendance": [
        entry("us"), entry("us", representative="b"), entry("us", representative="B"), entry("gb"),
    ]}})  # fmt: skip
    rows = made.expected("/v1/meetings/m/participants")["data"]
    assert [(row["participant"], row["representative"]) for row in rows] == [
        ("gb", None), ("us", "B"), ("us", "b"), ("us", None),
    ]  # fmt: skip


def test_place_matches_place_or_venue_whole_without_case():
    made = api(meeting={
        "a": {"place": "Zürich"}, "b": {"venue": "ZÜRICH"}, "c": {"place": "Zürich West"}, "d": {},
    })  # fmt: skip
    assert ids(made.expected("/v1/meetings", {"place": "züRich"})) == ["a", "b"]
    assert ids(made.expected("/v1/meetings", {"place": "none"})) == ["d"]


def test_titles_leave_out_what_is_unknown():
    made = api(aid={
        "a": {"donor": "us", "recipient": "ua"}, "b": {"donor": "us"}, "c": {"recipient": "ua"}, "d": {},
    })  # fmt: skip
    assert [row["title"] for row in made.expected("/v1/timeline")["data"]] == [
        "United States to Ukraine: 1 USD, package",
        "United States: 1 USD, package",
        "to Ukraine: 1 USD, package",
        "1 USD, package",
    ]


def test_facts_point_into_the_canonical_record():
    made = api(meeting={"m": {
        "evidence": [cite("title", "kind", start=9, end=12)],
        "attendance": [
            entry("us", evidence=[cite("role", start=3, end=5)]),
            entry("gb", evidence=[cite("status", start=3, end=4)]),
        ],
    }})  # fmt: skip
    rows = made.expected("/v1/sources/s/facts")["data"]
    assert [row["field"] for row in rows if row["type"] == "meeting"] == [
        "/attendance/0/status", "/attendance/1/role", "/kind", "/title",
    ]  # fmt: skip
    assert made.expected("/v1/sources/s")["data"]["fact_count"] == len(rows)


def test_includes_are_rows_of_their_lists():
    made = api(
        meeting={"m": {"attendance": [entry("us")], "headcounts": [count(5, "invited", "people")]}},
        aid={"b": {"meeting": "m"}, "a": {"meeting": "m"}},
    )
    includes = ["aid", "attendance", "headcounts", "sources"]
    row = made.expected("/v1/meetings/m", {"fields": ["id"], "include": includes})["data"]
    assert list(row) == ["id", *includes]
    assert row["aid"] == made.expected("/v1/aid", {"sort": ["donor"]})["data"]
    assert row["attendance"] == made.expected("/v1/attendance")["data"]
    assert row["sources"] == made.expected("/v1/sources")["data"]
    assert row["headcounts"] == [
        {"value": 5, "qualifier": None, "counts": "invited", "unit": "people", "source_ids": ["s"]}
    ]


def test_the_summary():
    made = api(
        meeting={
            "old": {"series": "club", "date": "2023"},
            "new": {"series": "club", "date": "2024-01", "title": "New"},
            "soon": {"series": "club", "date": "2024-02", "status": "planned"},
            "gone": {"series": "club", "date": "2023-05", "status": "planned"},
            "whenever": {"series": "club", "status": "planned"},
        },
        aid={"a": {"conflict_group": "g"}, "b": {"conflict_group": "g"}, "c": {"amount": 4}},
    )
    summary = made.expected("/v1/summary")["data"]
    (series,) = summary["series"]
    assert series["latest_held"] == {"id": "new", "title": "New", "date": "2024-01"}
    assert [meeting["id"] for meeting in series["planned"]] == ["soon"]
    assert [(row["amount"], row["count"]) for row in summary["totals"]] == [(4, 1)]
    assert summary["conflicts"] == [
        {"conflict_group": "g", "type": "aid", "count": 2, "href": "/v1/aid?conflict_group=g"}
    ]
    assert {row["name"]: row["count"] for row in summary["unknown"]} == {
        "undated_meetings": 1, "undated_aid": 3, "undated_claims": 0,
        "unnamed_representatives": 0, "untrusted_headers": 0,
    }  # fmt: skip
