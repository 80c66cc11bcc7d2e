"""Bounds of dates, windows and periods, each worked out by hand."""

import pytest

from . import dates


@pytest.mark.parametrize(
    "text, first, last, precision, qualifier",
    [
        (None, None, None, "unknown", None),
        ("2024", "2024-01-01", "2024-12-31", "year", None),
        ("2024-02", "2024-02-01", "2024-02-29", "month", None),
        ("2023-02", "2023-02-01", "2023-02-28", "month", None),
        ("2024-02-29", "2024-02-29", "2024-02-29", "day", None),
        ("1900-02~", "1900-02-01", "1900-02-28", "month", "approximate"),
        ("2024?", "2024-01-01", "2024-12-31", "year", "uncertain"),
        ("2024-06-13%", "2024-06-13", "2024-06-13", "day", "both"),
        ("2024-06-13/2024-07", "2024-06-13", "2024-07-31", "span", None),
        ("[2023..2024-02]", "2023-01-01", "2024-02-29", "between", None),
        ("[..2024-02]", None, "2024-02-29", "between", None),
        ("[2024-02..]", "2024-02-01", None, "between", None),
        ("1000", "1000-01-01", "1000-12-31", "year", None),
        ("9999-12-31", "9999-12-31", "9999-12-31", "day", None),
    ],
)
def test_bounds(text, first, last, precision, qualifier):
    assert dates.bounds(text) == (first, last, precision, qualifier)


@pytest.mark.parametrize(
    "text",
    ["", "0999", "2024-13", "2023-02-29", "2024-1-1", "[..]", "2024/", "2025/2024", "[2025..2024]",
     "2024~/2025", "2024-06-13T00:00", "24"],
)  # fmt: skip
def test_no_dates(text):
    with pytest.raises(dates.BadDate):
        dates.bounds(text)


def test_an_open_end_is_possible_only_at_the_known_one():
    date = dates.bounds("[2025-02-11..]")
    assert dates.possible(date, "2025-01-01", "2025-12-31")
    assert not dates.possible(date, "2030-01-01", "2030-12-31")
    assert dates.possible(date, None, "2030-12-31")
    assert not dates.possible(dates.UNKNOWN, None, None)


def test_certain_asks_only_for_the_ends_that_matter():
    date = dates.bounds("[..2024-02-10]")
    assert dates.certain(date, None, "2024-12-31")
    assert not dates.certain(date, "2024-01-01", None)
    assert not dates.certain(date, "2024-01-01", "2024-12-31")
    assert dates.certain(dates.bounds("[2024-02-10..]"), "2024-02-10", None)


def test_outside_needs_the_real_bound():
    date = dates.bounds("[2025-02-11..]")
    assert dates.outside(date, None, "2025-02-10")
    assert not dates.outside(date, "2030-01-01", None)
    assert dates.outside(dates.bounds("2024"), "2025-01-01", None)
    assert not dates.outside(dates.UNKNOWN, "2025-01-01", "2025-12-31")


def test_periods():
    assert dates.period_of(dates.bounds("2024-05-31/2024-06-01"), "month") is None
    assert dates.period_of(dates.bounds("2024-05-31/2024-06-01"), "quarter") == "2024-Q2"
    assert dates.period_of(dates.bounds("2024"), "quarter") is None
    assert dates.period_of(dates.bounds("2024"), "year") == "2024"
    assert dates.period_of(dates.bounds("[2024-05-31..]"), "year") is None
    assert dates.period_end("2024") == "2024-12-31"
    assert dates.period_end("2024-Q1") == "2024-03-31"
    assert dates.period_end("2024-02") == "2024-02-29"


def test_periods_between():
    assert list(dates.periods_between("2023-11-30", "2024-02-01", "month")) == [
        "2023-11", "2023-12", "2024-01", "2024-02",
    ]  # fmt: skip
    assert list(dates.periods_between("2023-11-30", "2024-05-01", "quarter")) == [
        "2023-Q4", "2024-Q1", "2024-Q2",
    ]  # fmt: skip
    assert list(dates.periods_between("2023-11-30", "2023-11-30", "year")) == ["2023"]
