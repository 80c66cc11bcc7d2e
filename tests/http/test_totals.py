"""/v1/aid/totals: the properties that make its numbers safe to quote, on random timelines."""

import copy
import itertools
import json
import random

import pytest

from client import target_of
from tests.auditor import links, model, random_timeline
from tests.auditor.api import Api

KEYS = ("donor", "recipient", "category", "mechanism", "meeting", "year", "quarter", "month")
FILTERS = (
    "kind", "measure", "donor", "recipient", "category", "mechanism", "currency", "claimant",
    "meeting", "conflict_group", "id",
)  # fmt: skip
PREPARED = ("kind", "donor", "recipient", "category", "mechanism", "currency")
NULLABLE = set(FILTERS) - {"kind", "category", "currency", "id"}
DAYS = ("2022-12-31", "2023-06-30", "2023", "2024-02", "2024-06-13", "2024-12-31", "2025", "9999")
PERIODS = {"year": 4, "month": 7}
SEEDS = range(1, 7)
QUESTIONS = 40


@pytest.fixture(params=SEEDS, scope="module")
def random_sample(request, sampled):
    return sampled(request.param, 60 if request.param % 2 else 250)


@pytest.fixture
def auditor(random_sample):
    return Api(random_sample.timeline)


def window(rng):
    return rng.choice(
        [{}, {"as_of": rng.choice(DAYS)}, {"to": rng.choice(DAYS)}, {"from": rng.choice(DAYS)}]
        + [{"from": rng.choice(DAYS[:4]), "to": rng.choice(DAYS[4:])}]
    )


def some_filters(rng, timeline, names=FILTERS):
    """A few filters with values that figures have."""
    figures = list(timeline.records("aid"))
    found = {}
    for name in rng.sample(names, rng.choice((0, 0, 1, 1, 2))):
        values = {rng.choice(figures)[name] or "none" for _ in range(rng.choice((1, 3)))}
        if name not in NULLABLE:
            values -= {"none"}
        if values:
            found[name] = sorted(values)
    if "currency" in found and names == FILTERS and rng.random() < 0.5:
        found["min_amount"] = [str(rng.choice(figures)["amount"])]
    if names == FILTERS and rng.random() < 0.2:
        found["source"] = [rng.choice(sorted(timeline.by_kind["source"]))]
    members = sorted({one for group in timeline.records("participant") for one in group["members"]})
    if members and rng.random() < 0.1:
        found["donor_member"] = [rng.choice(members)]
    return found


def question(rng, timeline):
    keys = rng.sample(KEYS, rng.choice((0, 1, 1, 2, 3)))
    group_by = {"group_by": keys} if keys else {}
    return some_filters(rng, timeline) | window(rng) | group_by


def questions(rng, sample):
    """Requests and their replies; the few with too many rows aside."""
    for _ in range(QUESTIONS):
        asked = question(rng, sample.timeline)
        reply = sample.client.get("/v1/aid/totals", asked)
        assert reply.status == 200, (reply.target, reply.body)
        yield asked, reply.json


def packages(body):
    return [row for row in body["data"] if row["kind"] == "package"]


def added_up(rows):
    """currency -> (amount, count)"""
    found = {}
    for row in rows:
        amount, count = found.get(row["currency"], (0, 0))
        found[row["currency"]] = amount + row["amount"], count + row["count"]
    return found


def ids_behind(sample, row):
    rows, _ = sample.client.rows(row["figures"] + "&limit=1000")
    return [figure["id"] for figure in rows], rows


def comparable(row):
    """The order of names and values in a link means nothing."""
    path, params = links.parsed(row["figures"])
    return row | {"figures": (path, {name: sorted(values) for name, values in params.items()})}


def unlinked(row):
    return row | {"figures": None}


def test_the_auditor_agrees(random_sample, auditor, rng):
    for asked, body in questions(rng, random_sample):
        expected = auditor.expected("/v1/aid/totals", asked)
        where = target_of("/v1/aid/totals", asked)
        assert expected["status"] == 200, where
        assert list(map(comparable, body["data"])) == list(map(comparable, expected["data"])), where
        for part in ("totals", "excluded", "as_of"):
            assert body[part] == expected[part], (where, part)


def any_day(rng, year):
    day = f"{year}-{rng.randint(1, 12):02}-{rng.choice((1, 2, 15, 28)):02}"
    return rng.choice((day, day, day[:7], day[:4]))


def any_window(rng):
    """Ends of every precision, in one month, in one year or years apart."""
    first, last = sorted(rng.choices(range(2020, 2028), k=2))
    found = {"from": any_day(rng, first), "to": any_day(rng, last)}
    if found["from"] > found["to"]:
        found["from"] = found["from"][:4]
    return rng.choice((found, found, {"from": found["from"]}, {"as_of": found["to"]}, {}))


def test_sums_prepared_at_load_say_what_the_figures_say(random_sample, auditor, rng):
    """To cite any source holds for every figure, and is a thing that no prepared sum can tell."""
    any_source = {"source": sorted(random_sample.timeline.by_kind["source"])}
    for _ in range(2 * QUESTIONS):
        keys = rng.sample(KEYS, rng.choice((1, 1, 2, 3)))
        asked = some_filters(rng, random_sample.timeline, PREPARED) | any_window(rng)
        asked |= {"group_by": keys}
        prepared = random_sample.client.get("/v1/aid/totals", asked)
        figures = random_sample.client.get("/v1/aid/totals", asked | any_source)
        where = prepared.target
        assert prepared.status == figures.status == 200, where
        for part in ("totals", "excluded", "as_of"):
            assert prepared.json[part] == figures.json[part], (where, part)
        assert list(map(unlinked, prepared.data)) == list(map(unlinked, figures.data)), where
        expected = auditor.expected("/v1/aid/totals", asked)
        assert list(map(comparable, prepared.data)) == list(map(comparable, expected["data"]))


def test_totals_are_the_sum_of_their_groups(random_sample, rng):
    for _, body in questions(rng, random_sample):
        totals = {row["currency"]: (row["amount"], row["count"]) for row in body["totals"]}
        assert added_up(packages(body)) == totals


def test_a_further_key_changes_no_total(random_sample, rng):
    for asked, body in questions(rng, random_sample):
        keys = list(asked.get("group_by", ["donor"]))
        if len(keys) < 3:
            more = rng.choice([key for key in KEYS if key not in keys])
            again = random_sample.client.get("/v1/aid/totals", asked | {"group_by": [*keys, more]})
            for part in ("totals", "as_of"):
                assert again.json[part] == body[part]
            # A time key asks for further readings, so that `excluded` may count others.
            if more not in PERIODS and more != "quarter":
                assert again.json["excluded"] == body["excluded"]


def test_figures_lead_to_exactly_the_rows_behind(random_sample, rng):
    for _, body in itertools.islice(questions(rng, random_sample), QUESTIONS // 2):
        used = []
        for row in body["data"]:
            ids, figures = ids_behind(random_sample, row)
            assert sum(figure["amount"] for figure in figures) == row["amount"], row
            assert len(figures) == row["count"], row
            assert {figure["currency"] for figure in figures} == {row["currency"]}
            assert {figure["kind"] for figure in figures} == {row["kind"]}
            if row["kind"] == "package":
                assert all(figure["summable"] for figure in figures)
                used += ids
        assert len(used) == len(set(used)), "a figure is in two sums"


def test_only_packages_are_summable(random_sample, rng):
    for _, body in questions(rng, random_sample):
        for row in body["data"]:
            assert row["summable"] == (row["kind"] == "package")
            if row["kind"] != "package":
                assert row["count"] == 1
                assert row["measure"] is not None


def test_nothing_is_lost(random_sample, rng):
    """Without dates and time keys every figure is in a row or counted under one reason."""
    for _ in range(QUESTIONS):
        asked = some_filters(rng, random_sample.timeline)
        body = random_sample.client.get("/v1/aid/totals", asked).json
        matching = random_sample.client.get("/v1/aid", asked | {"limit": 1}).json["page"]["total"]
        counted = sum(row["count"] for row in body["data"])
        assert counted + sum(body["excluded"].values()) == matching
        assert body["excluded"]["undated"] == body["excluded"]["date_uncertain"] == 0


def test_a_later_day_loses_no_package(random_sample):
    """Whatever is added as of a day is added as of a later one."""
    earlier = set()
    for day in ("1000", "2022", "2023-06-30", "2023-12", "2024-03", "2024-12-31", "2025", "9999"):
        rows, _ = random_sample.client.rows(
            "/v1/aid", {"counted": "true", "kind": "package", "as_of": day, "limit": 1000}
        )
        now = {row["id"] for row in rows}
        assert earlier <= now, day
        earlier = now


@pytest.mark.parametrize("grain", ["year", "month"])
def test_windows_that_do_not_touch_share_no_figure(random_sample, grain):
    """Consecutive windows part the dated packages, and each agrees with its time key."""
    rows = random_sample.client.get("/v1/aid/totals", {"kind": "package", "group_by": grain}).data
    periods = {row[grain] for row in rows} - {None}
    seen = set()
    for period in sorted(periods):
        asked = {"kind": "package", "from": period, "to": period}
        body = random_sample.client.get("/v1/aid/totals", asked).json
        inside = [row for row in rows if row[grain] == period]
        assert added_up(packages(body)) == added_up(inside), period
        figures, _ = random_sample.client.rows("/v1/aid", asked | {"counted": "true"})
        ids = {figure["id"] for figure in figures}
        assert not ids & seen
        seen |= ids


@pytest.mark.parametrize("kind", ["cumulative", "remaining"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_running_total_changes_no_package_row(seed, kind, sampled, serve, tmp_path):
    before = sampled(seed, 60)
    document = random_timeline.timeline(seed, 60)
    added = copy.deepcopy(next(one for one in document["aid"] if one["kind"] == "package"))
    added |= {
        "id": "added-reading", "kind": kind, "measure": "added-measure", "supersedes": None,
        "contained_in": None, "overlaps": [], "conflict_group": None, "date": None, "meeting": None,
    }  # fmt: skip
    added["evidence"] = added["evidence"][:1]
    added["evidence"][0]["supports"] = ["amount"]
    document["aid"].append(added)
    path = tmp_path / "more.json"
    path.write_text(json.dumps(document), "utf-8")
    client = serve(path)
    rng = random.Random(seed)
    for _ in range(10):
        asked = some_filters(rng, before.timeline) | window(rng)
        for key in KEYS[:-1]:
            one, other = (
                at.get("/v1/aid/totals", asked | {"group_by": key}).json
                for at in (before.client, client)
            )
            assert packages(one) == packages(other)
            assert one["totals"] == other["totals"]


def test_fields(random_sample):
    rows = random_sample.client.get("/v1/aid/totals").data
    names = ["amount", "kind", "figures"]
    short = random_sample.client.get("/v1/aid/totals", {"fields": names}).data
    assert short == [{name: row[name] for name in names} for row in rows]


def test_without_a_match(sampled):
    """No package, no row, no total: all keys are there all the same."""
    client = sampled(1, 60).client
    body = client.get("/v1/aid/totals", {"currency": "XAU"}).json
    assert (body["data"], body["totals"], body["as_of"]) == ([], [], None)
    assert set(body["excluded"].values()) == {0}


def test_dates_that_are_open_at_either_end_are_told_apart(serve, tmp_path):
    """From a day on, or until then: the same known day, and each certain in another window."""
    document = random_timeline.timeline(1, 20)
    figure = copy.deepcopy(next(one for one in document["aid"] if one["kind"] == "package"))
    figure |= {"supersedes": None, "contained_in": None, "overlaps": [], "conflict_group": None}
    figure |= {"currency": "CHF", "meeting": None, "mechanism": "open"}
    figure["evidence"] = figure["evidence"][:1]
    figure["evidence"][0]["supports"] = ["amount", "date"]
    document["aid"].append(figure | {"id": "open-end", "amount": 1, "date": "[2024-05-05..]"})
    document["aid"].append(figure | {"id": "open-begin", "amount": 2, "date": "[..2024-05-05]"})
    path = tmp_path / "open.json"
    path.write_text(json.dumps(document), "utf-8")
    client = serve(path)
    for window, amount in (({"from": "2024-01"}, 1), ({"to": "2024-12"}, 2), ({}, 3)):
        body = client.get("/v1/aid/totals", {"mechanism": "open"} | window).json
        assert [row["amount"] for row in body["data"]] == [amount], window
        assert body["excluded"]["date_uncertain"] == (1 if window else 0)


def serve_readings(serve, tmp_path, readings):
    """A server with figures of the measure "of-days": (amount, date, conflict_group)."""
    document = random_timeline.timeline(1, 20)
    figure = copy.deepcopy(next(one for one in document["aid"] if one["kind"] == "package"))
    figure |= {"supersedes": None, "contained_in": None, "overlaps": []}
    figure |= {"kind": "cumulative", "measure": "of-days", "meeting": None}
    figure["evidence"] = figure["evidence"][:1]
    figure["evidence"][0]["supports"] = ["amount", "date"]
    for amount, date, group in readings:
        document["aid"].append(
            figure
            | {"id": f"read-{amount}", "amount": amount, "date": date, "conflict_group": group}
        )
    path = tmp_path / "days.json"
    path.write_text(json.dumps(document), "utf-8")
    return serve(path)


def assert_standing(client, day, amounts):
    asked = {"as_of": f"2024-05-{day}", "measure": "of-days"}
    for group_by in ("donor", "month"):
        rows = client.get("/v1/aid/totals", asked | {"group_by": group_by}).json["data"]
        assert sorted(row["amount"] for row in rows) == amounts, (day, group_by)
    counted = client.get("/v1/aid", asked | {"counted": "true"}).json
    assert sorted(row["amount"] for row in counted["data"]) == amounts, day
    assert counted["page"]["total"] == len(amounts)


def test_a_reading_stands_for_days_within_a_month(serve, tmp_path):
    readings = ((1, "2024-05-05", None), (2, "2024-05-09", None), (3, "2024-05-20", None))
    client = serve_readings(serve, tmp_path, readings)
    for day, amounts in (("04", []), ("05", [1]), ("08", [1]), ("12", [2]), ("20", [3])):
        assert_standing(client, day, amounts)


def test_readings_that_contradict_each_other_stand_side_by_side(serve, tmp_path):
    """A later one of their group takes no place; one of no group, or of another, takes both."""
    client = serve_readings(
        serve, tmp_path, (
            (1, "2024-05-05", "g"), (2, "2024-05-09", "g"), (3, "2024-05-20", "h"),
            (4, "2024-05-25", "h"), (5, "2024-05-28", None)))  # fmt: skip
    for day, amounts in (("05", [1]), ("12", [1, 2]), ("20", [3]), ("25", [3, 4]), ("28", [5])):
        assert_standing(client, day, amounts)


@pytest.mark.parametrize("grain", ["year", "quarter", "month"])
def test_the_last_year_has_an_end(serve, tmp_path, grain):
    """A reading stands at it that is overtaken on a day that is never certain."""
    readings = ((1, "9998-12-01", None), (2, "9999-12-01", None), (3, "[9999-12-02..]", None))
    client = serve_readings(serve, tmp_path, readings)
    asked = {"measure": "of-days", "group_by": grain}
    rows = client.get("/v1/aid/totals", asked).json["data"]
    last = next(row for row in rows if row["amount"] == 2)
    assert last[grain].startswith("9999")
    assert rows[-1]["amount"] == 3 and rows[-1][grain] is None
    assert client.get("/v1/aid/totals", asked | {"to": "9999"}).json["data"] == rows[:-1]


def test_too_many_rows_are_refused_with_a_way_out(serve, tmp_path):
    """Over 10,000 rows: a 400 that says how to narrow."""
    document = random_timeline.timeline(1, 20)
    figure = copy.deepcopy(next(one for one in document["aid"] if one["kind"] == "package"))
    figure |= {"supersedes": None, "contained_in": None, "overlaps": [], "conflict_group": None}
    figure |= {"amount": 1, "currency": "CHF", "date": None, "meeting": None}
    figure["evidence"] = figure["evidence"][:1]
    figure["evidence"][0]["supports"] = ["amount"]
    for number in range(10_001):
        document["aid"].append(figure | {"id": f"many-{number}", "mechanism": f"way-{number}"})
    path = tmp_path / "many.json"
    path.write_text(json.dumps(document), "utf-8")
    assert len(model.load(path).by_kind["aid"]) > 10_000
    client = serve(path)
    reply = client.get("/v1/aid/totals?group_by=mechanism&kind=package")
    assert (reply.status, reply.problem) == (400, "invalid-parameter")
    assert "10" in reply.json["detail"]
    assert client.get("/v1/aid/totals").status == 200
