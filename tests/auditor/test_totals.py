"""/v1/aid/totals, each sentence of its rules on a case worked out by hand."""

import pytest

from .links import parsed
from .sample import api
from .totals import qualifier

TOTALS = "/v1/aid/totals"
NONE = {
    "superseded": 0, "contained": 0, "conflicting": 0, "date_uncertain": 0, "undated": 0,
    "earlier_reading": 0,
}  # fmt: skip


def body(aid, **params):
    params = {name.rstrip("_"): value for name, value in params.items()}
    return api(aid=aid).expected(TOTALS, params)


def picked(reply, *keys):
    return [tuple(row[key] for key in keys) for row in reply["data"]]


def reading(date, amount=1, measure="m", **fields):
    return {"kind": "cumulative", "measure": measure, "date": date, "amount": amount, **fields}


def test_packages_are_summed_by_donor_and_currency():
    reply = body({
        "a": {"donor": "us", "amount": 5},
        "b": {"donor": "us", "amount": 7},
        "c": {"donor": "us", "amount": 9, "currency": "EUR"},
        "d": {"amount": 1},
        "e": {"donor": "club", "amount": 2},
    })  # fmt: skip
    keys = ("donor", "donor_name", "donor_kind", "currency", "amount", "count")
    assert picked(reply, *keys) == [
        ("club", "The Club", "group", "USD", 2, 1),
        ("us", "United States", "country", "EUR", 9, 1),
        ("us", "United States", "country", "USD", 12, 2),
        (None, None, None, "USD", 1, 1),
    ]
    assert reply["totals"] == [
        {"currency": "EUR", "amount": 9, "count": 1, "qualifier": None},
        {"currency": "USD", "amount": 15, "count": 4, "qualifier": None},
    ]
    assert reply["excluded"] == NONE
    assert reply["as_of"] is None


def test_keys_not_asked_for_are_null():
    (row,) = body(
        {"a": {"donor": "us", "date": "2024-05-05", "meeting": None}}, group_by="category"
    )["data"]
    assert row["category"] == "military"
    for key in ("measure", "donor", "donor_name", "recipient", "mechanism", "meeting", "year",
                "quarter", "month", "since", "since_text", "as_of"):  # fmt: skip
        assert row[key] is None
    assert row["summable"] is True and len(row) == 21


def test_kinds_are_never_added_and_ordered():
    reply = body({
        "rest": reading("2024", 3, "n") | {"kind": "remaining"},
        "sum": reading("2024", 100),
        "a": {"amount": 5},
    })  # fmt: skip
    assert picked(reply, "kind", "amount", "summable") == [
        ("package", 5, True), ("cumulative", 100, False), ("remaining", 3, False),
    ]  # fmt: skip
    assert [row["amount"] for row in reply["totals"]] == [5]


def test_the_kind_filter():
    aid = {"sum": reading("2024", 100), "a": {"amount": 5}}
    assert picked(body(aid, kind="package"), "amount") == [(5,)]
    reply = body(aid, kind="cumulative")
    assert picked(reply, "amount") == [(100,)]
    assert reply["totals"] == []


def test_a_reading_is_the_figure_itself_whatever_group_by_says():
    reply = body(
        {"r": reading("2024-05", 8, donor="us", recipient="ua", mechanism="fund", qualifier="about",
                      since="2022-02", since_text="the start")},
        group_by="category",
    )  # fmt: skip
    (row,) = reply["data"]
    assert row == {
        "kind": "cumulative", "measure": "m", "donor": "us", "donor_name": "United States",
        "donor_kind": "country", "recipient": "ua", "category": "military", "mechanism": "fund",
        "meeting": None, "year": None, "quarter": None, "month": None, "currency": "USD",
        "amount": 8, "qualifier": "about", "count": 1, "since": "2022-02", "since_text": "the start",
        "as_of": "2024-05", "summable": False, "figures": "/v1/aid?id=r",
    }  # fmt: skip


def test_the_latest_reading_is_judged_before_any_other_filter():
    aid = {
        "old": reading("2023", category="military"),
        "new": reading("2024", category="unspecified"),
    }
    reply = body(aid, category="military")
    assert reply["data"] == []
    assert reply["excluded"] == NONE | {"earlier_reading": 1}


def test_excluded_names_the_first_reason_of_what_matches_the_filters():
    group = {"conflict_group": "g"}
    reply = body(
        {
            "wrong": {"date": "2024"},
            "right": {"date": "2024", "supersedes": "wrong", "contained_in": "big"},
            "big": {"date": "2024"},
            "one": {"date": "2024", **group},
            "two": {"date": None, **group},
            "vague": {"date": "[2024-06..2025-06]"},
            "never": {},
            "later": {"date": "2026"},
            "other": {"date": "2024", "category": "financial", "contained_in": "big"},
            "r": reading("2023"),
            "s": reading("2024"),
            "t": reading("2024-06/2025"),
            "u": reading(None),
        },
        as_of="2024",
        category="military",
    )
    assert reply["excluded"] == {
        "superseded": 1, "contained": 1, "conflicting": 2, "date_uncertain": 2, "undated": 2,
        "earlier_reading": 1,
    }  # fmt: skip
    assert reply["as_of"] == "2024"
    assert reply["totals"] == [{"currency": "USD", "amount": 1, "count": 1, "qualifier": None}]


def test_what_surely_lies_outside_is_filtered_and_not_excluded():
    aid = {"a": {"date": "2023"}, "b": {"supersedes": "a", "date": "2023"}, "c": {"date": "2025"}}
    assert body(aid, from_="2024", to="2024")["excluded"] == NONE
    assert body({"a": {"date": "[..2023]"}}, from_="2024")["excluded"] == NONE
    for open_date in ("[2023..]", "[..2025]"):
        reply = body({"a": {"date": open_date}}, from_="2024")
        assert reply["excluded"] == NONE | {"date_uncertain": 1}


def test_undated_figures_count_where_no_date_is_asked_for():
    aid = {"a": {"amount": 3}, "r": reading(None, 4)}
    assert picked(body(aid), "amount") == [(3,), (4,)]
    reply = body(aid, from_="1900")
    assert picked(reply, "kind", "amount") == [("cumulative", 4)]
    assert reply["excluded"]["undated"] == 1
    assert body(aid, to="2100")["excluded"]["undated"] == 2


def test_windows_that_do_not_touch_never_share_a_package():
    aid = {"a": {"date": "2023-12-31/2024-01-01"}, "b": {"date": "2024-02"}}
    first = body(aid, from_="2023", to="2023")
    second = body(aid, from_="2024", to="2024")
    assert first["totals"] == [] and first["excluded"]["date_uncertain"] == 1
    assert picked(second, "count") == [(1,)]


def test_readings_heed_to_and_never_from():
    aid = {"r": reading("2020", 1), "s": reading("2024", 2)}
    assert picked(body(aid, from_="2022"), "amount") == [(2,)]
    assert picked(body(aid, from_="2022", to="2023"), "amount") == [(1,)]


def test_a_month_as_to_means_its_last_day():
    assert picked(body({"a": {"date": "2024-02-29"}}, to="2024-02"), "count") == [(1,)]


def test_as_of_with_to_is_refused():
    assert body({"a": {}}, as_of="2024", to="2024") == {"status": 400}


@pytest.mark.parametrize(
    "parameter",
    ["superseded", "counted", "year", "quarter", "month", "undated", "dates", "date_basis"],
)
def test_parameters_that_totals_do_not_take(parameter):
    assert body({"a": {}}, **{parameter: "true"}) == {"status": 400}


def test_a_superseded_package_is_out_whatever_as_of():
    aid = {"a": {"date": "2023", "amount": 5}, "b": {"date": "2025", "supersedes": "a"}}
    reply = body(aid, as_of="2024")
    assert reply["data"] == [] and reply["excluded"] == NONE | {"superseded": 1}


def test_contained_whatever_the_filters():
    aid = {"big": {"category": "financial"}, "part": {"contained_in": "big"}}
    assert body(aid, category="military")["excluded"] == NONE | {"contained": 1}


def test_time_keys_are_null_where_the_range_spans_periods():
    reply = body(
        {
            "a": {"date": "2024-06-13", "amount": 1},
            "b": {"date": "2024-04/2024-06", "amount": 2},
            "c": {"date": "2024", "amount": 4},
            "d": {"amount": 8},
        },
        group_by=["year", "quarter", "month"],
    )
    assert picked(reply, "year", "quarter", "month", "amount") == [
        ("2024", "2024-Q2", "2024-06", 1),
        ("2024", "2024-Q2", None, 2),
        ("2024", None, None, 4),
        (None, None, None, 8),
    ]


def test_with_time_keys_readings_stand_at_the_end_of_each_period():
    reply = body(
        {
            "r": reading("2023-11-30", 1),
            "s": reading("2024-05-01", 2),
            "t": reading("[2024-05..]", 3),
        },
        group_by=["donor", "year", "quarter"],
    )
    assert picked(reply, "year", "quarter", "amount") == [
        ("2023", "2023-Q4", 1),
        ("2024", "2024-Q1", 1),
        ("2024", "2024-Q2", 2),
        (None, None, 3),
    ]


def test_the_period_that_holds_as_of_is_judged_at_that_day():
    aid = {"r": reading("2024-01-05", 1), "s": reading("2024-06-13", 2), "t": reading("2025", 3)}
    assert picked(body(aid, group_by="year", as_of="2024-06-12"), "year", "amount") == [("2024", 1)]
    assert picked(body(aid, group_by="year", to="2024-06-13"), "year", "amount") == [("2024", 2)]


def test_readings_are_ordered_by_measure_currency_time_id():
    reply = body(
        {
            "z": reading("2024-02", 1, "m"),
            "y": reading("2024-02", 2, "m"),
            "x": reading("2023-02", 3, "b"),
            "w": reading("2024-02", 4, "b"),
        },
        group_by="year",
    )
    assert picked(reply, "measure", "year", "amount") == [
        ("b", "2023", 3), ("b", "2024", 4), ("m", "2024", 2), ("m", "2024", 1),
    ]  # fmt: skip


def test_figures_of_packages_name_the_group_and_keep_the_filters():
    reply = body(
        {"a": {"donor": "us", "date": "2024-05-05"}, "b": {"date": "2024-05-05"}},
        group_by=["donor", "month"], donor=["us", "none"], category="military", from_="2024",
    )  # fmt: skip
    common = {
        "counted": ["true"], "kind": ["package"], "currency": ["USD"], "month": ["2024-05"],
        "category": ["military"], "from": ["2024"],
    }  # fmt: skip
    assert [parsed(row["figures"]) for row in reply["data"]] == [
        ("/v1/aid", common | {"donor": ["us"]}), ("/v1/aid", common | {"donor": ["none"]}),
    ]  # fmt: skip


def test_counted_gives_the_figures_that_totals_use():
    made = api(aid={
        "a": {"date": "2024-05-05"},
        "b": {"date": "2024", "supersedes": "a"},
        "r": reading("2023"),
        "s": reading("2024"),
        "t": reading("2025"),
    })  # fmt: skip

    def counted(**params):
        reply = made.expected("/v1/aid", {"counted": "true", "sort": ["donor"], **params})
        return [row["id"] for row in reply["data"]]

    assert counted() == ["b", "t"]
    assert counted(as_of="2024") == ["b", "s"]
    assert counted(to="2024-06") == ["r"]
    assert counted(**{"from": "2024-02"}) == ["t"]
    assert counted(kind="package", year="2024") == ["b"]
    assert counted(kind="package", year="none") == []


@pytest.mark.parametrize("parameter", ["dates", "undated", "date_basis", "superseded"])
def test_counted_refuses_what_has_another_meaning(parameter):
    reply = api(aid={"a": {}}).expected("/v1/aid", {"counted": "true", parameter: "true"})
    assert reply == {"status": 400}


@pytest.mark.parametrize(
    "qualifiers, sum_qualifier",
    [
        (["about", "about"], "about"),
        (["exact"], "exact"),
        ([None, None], None),
        ([None, "exact"], None),
        ([None, "exact", "at_least"], "at_least"),
        (["exact", "up_to"], "up_to"),
        (["about", "up_to"], "mixed"),
        ([None, "about", "up_to"], "mixed"),
    ],
)
def test_qualifier_of_a_sum(qualifiers, sum_qualifier):
    assert qualifier(qualifiers) == sum_qualifier


def test_over_ten_thousand_rows_are_refused():
    aid = {"r": reading("1000-01-01"), "s": reading("9999-12-31")}
    assert body(aid, group_by="month") == {"status": 400}
    assert len(body(aid, group_by="year")["data"]) == 9000
