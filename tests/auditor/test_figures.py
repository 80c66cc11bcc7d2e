"""What becomes of a figure: each rule on a case small enough to see through."""

import pytest

from . import figures
from .sample import timeline


def state(made, identifier):
    aid = made.get("aid", identifier)
    return (
        figures.superseded_by(made, aid),
        figures.containing_package(made, aid),
        figures.in_conflict(made, aid),
        figures.summable(made, aid),
    )


def test_a_package_alone_is_summable():
    assert state(timeline(aid={"a": {}}), "a") == (None, None, False, True)


def test_totals_and_balances_never_are():
    made = timeline(aid={"a": {"kind": "cumulative", "measure": "m"}})
    assert state(made, "a") == (None, None, False, False)


def test_corrections_of_corrections():
    made = timeline(aid={"a": {}, "b": {"supersedes": "a"}, "c": {"supersedes": "b"}})
    assert [figures.summable(made, aid) for aid in made.records("aid")] == [False, False, True]
    assert figures.latest_correction(made, "a") == "c"


def test_contained_directly_and_through_others():
    made = timeline(aid={"big": {}, "mid": {"contained_in": "big"}, "low": {"contained_in": "mid"}})
    assert state(made, "mid")[1] == "big"
    assert state(made, "low")[1] == "mid"


def test_lying_in_a_running_total_excludes_nothing():
    made = timeline(
        aid={"sum": {"kind": "cumulative", "measure": "m"}, "a": {"contained_in": "sum"}}
    )
    assert state(made, "a") == (None, None, False, True)


def test_but_through_a_running_total_in_a_package():
    made = timeline(
        aid={
            "big": {},
            "sum": {"kind": "cumulative", "measure": "m", "contained_in": "big"},
            "a": {"contained_in": "sum"},
        }
    )
    assert state(made, "a")[1] == "big"


def test_what_a_superseded_package_contained_lies_in_its_correction():
    made = timeline(aid={"old": {}, "new": {"supersedes": "old"}, "part": {"contained_in": "old"}})
    assert state(made, "part")[1] == "new"


def test_a_part_that_corrects_its_whole_is_not_inside_itself():
    made = timeline(aid={"whole": {}, "part": {"contained_in": "whole", "supersedes": "whole"}})
    assert state(made, "part") == (None, None, False, True)


def test_a_container_in_conflict_excludes_nothing():
    made = timeline(
        aid={
            "one": {"conflict_group": "g"},
            "two": {"conflict_group": "g"},
            "part": {"contained_in": "one"},
        }
    )
    assert state(made, "one") == (None, None, True, False)
    assert state(made, "part") == (None, None, False, True)


def test_but_the_package_around_the_container_does():
    made = timeline(
        aid={
            "around": {},
            "one": {"conflict_group": "g", "contained_in": "around"},
            "two": {"conflict_group": "g"},
            "part": {"contained_in": "one"},
        }
    )
    assert state(made, "part")[1] == "around"


@pytest.mark.parametrize(
    "rival, conflict",
    [
        ({"conflict_group": "g"}, True),
        ({"conflict_group": "other"}, False),
        ({"conflict_group": "g", "kind": "cumulative", "measure": "m"}, False),
    ],
)
def test_conflict_is_with_another_package_of_the_group(rival, conflict):
    made = timeline(aid={"a": {"conflict_group": "g"}, "rival": rival})
    assert figures.in_conflict(made, made.get("aid", "a")) is conflict


def test_a_superseded_rival_is_no_conflict():
    made = timeline(
        aid={
            "a": {"conflict_group": "g"},
            "rival": {"conflict_group": "g"},
            "correction": {"supersedes": "rival"},
        }
    )
    assert state(made, "a") == (None, None, False, True)


def reading(date, **fields):
    return {"kind": "cumulative", "measure": "m", "date": date, **fields}


def latest(until=None, grain=None, **aid):
    made = timeline(aid=aid)
    rows = figures.standing_readings(made, "m", figures.Window(until=until), grain)
    return sorted((found["id"], period) for found, period in rows)


def test_the_latest_reading_stands():
    assert latest(a=reading("2024-01-05"), b=reading("2024-03")) == [("b", None)]


def test_readings_that_cannot_be_told_apart_all_stay():
    assert latest(a=reading("2024-03-05"), b=reading("2024-03"), c=reading("2024-01")) == [
        ("a", None), ("b", None),
    ]  # fmt: skip
    assert latest(a=reading("2024-03-05"), b=reading(None)) == [("a", None), ("b", None)]


def test_an_open_end_is_not_overtaken_and_a_known_begin_overtakes():
    assert latest(a=reading("[2023..]"), b=reading("2024"), c=reading("[2025..]")) == [
        ("a", None), ("c", None),
    ]  # fmt: skip


def test_readings_in_conflict_do_not_overtake_each_other():
    group = {"conflict_group": "g"}
    assert latest(a=reading("2023", **group), b=reading("2024", **group)) == [
        ("a", None), ("b", None),
    ]  # fmt: skip
    assert latest(
        a=reading("2023", **group), b=reading("2024", **group), c=reading("2023-05-05")
    ) == [("a", None), ("b", None)]
    assert latest(a=reading("2022", **group), b=reading("2024", **group), c=reading("2023")) == [
        ("b", None)
    ]


def test_a_superseded_reading_neither_stands_nor_overtakes():
    assert latest(a=reading("2023"), b=reading("2024"), c=reading("2022", supersedes="b")) == [
        ("a", None)
    ]


def test_readings_as_of_a_day():
    known = {"a": reading("2023"), "b": reading("2024-06"), "c": reading(None)}
    assert latest("2024-06-29", **known) == [("a", None)]
    assert latest("2024-06-30", **known) == [("b", None)]
    assert latest("2023-12-30", **known) == []


def test_readings_at_the_end_of_each_period():
    known = {"a": reading("2022-05"), "b": reading("2024-02-01"), "c": reading("2024-08-01")}
    assert latest(grain="year", **known) == [("a", "2022"), ("a", "2023"), ("c", "2024")]
    assert latest("2024-06-30", "year", **known) == [("a", "2022"), ("a", "2023"), ("b", "2024")]


def test_a_reading_counts_from_the_period_in_which_it_is_certain():
    known = {"a": reading("2023-02-01"), "b": reading("[2023-06..2024-03]")}
    assert latest(grain="year", **known) == [("a", "2023"), ("b", "2024")]


def test_a_reading_without_an_end_has_a_row_without_a_period():
    known = {"a": reading("2023"), "b": reading("[2024..]"), "c": reading(None)}
    assert latest(grain="year", **known) == [("a", "2023"), ("b", None), ("c", None)]
    assert latest("2025-12-31", "year", **known) == [("a", "2023")]
