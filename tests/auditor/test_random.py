"""Random timelines are valid, and the properties of totals hold on them."""

import io
import json
import random
from collections import Counter, defaultdict

import pytest

from . import figures, random_timeline, valid
from .api import Api
from .links import parsed
from .model import Timeline, load
from .plan import Planner
from .random_records import LARGEST
from .sample import cite, entry, timeline
from .totals import KEYS

TOTALS = "/v1/aid/totals"
SEEDS = range(1, 7)


def built(document):
    made = Timeline(document)
    for name, kind in random_timeline.KINDS.items():
        for record in document[name]:
            made.add(kind, record)
    return made


@pytest.fixture(scope="module", params=SEEDS)
def document(request):
    return random_timeline.timeline(request.param, 150)


@pytest.fixture(scope="module")
def api(document):
    return Api(built(document))


# The generator.


def test_it_is_valid(api):
    assert list(valid.faults(api.timeline)) == []


@pytest.mark.parametrize(
    "kind, change, fault",
    [
        ("aid", {"contained_in": "b"}, "comes back"),
        ("aid", {"donor": "nobody"}, "no participant nobody"),
        ("participant", {"members": ["b"]}, "comes back"),
        ("aid", {"amount": 2**53}, "add up"),
        ("aid", {"currency": "EUR", "supersedes": "b"}, "another kind or currency"),
        ("aid", {"date": "2024", "evidence": [cite("amount")]}, "nothing supports date"),
        ("aid", {"evidence": [cite("date")]}, "supported and null"),
        ("aid", {"evidence": [cite("kind"), cite("kind")]}, "two equal citations"),
        ("aid", {"evidence": [cite("kind", basis="derived")]}, "no reasoning"),
        ("meeting", {"attendance": [entry("us"), entry("us")]}, "two equal attendance"),
        ("meeting", {"series": "us"}, "neither group nor organisation"),
    ],
)
def test_what_is_not_valid_is_found(kind, change, fault):
    records = {
        "aid": {"a": {}, "b": {"contained_in": "a"}},
        "meeting": {"a": {}},
        "participant": {"a": {"kind": "group"}, "b": {"kind": "group", "members": ["a"]}},
    }
    records[kind]["a"] |= change
    assert any(fault in found for found in valid.faults(timeline(**records)))


def test_the_schema_accepts_it(document, request):
    jsonschema = pytest.importorskip("jsonschema")
    path = request.config.rootpath / "data" / "timeline.schema.json"
    if not path.exists():
        pytest.skip("no schema beside these tests")
    checker = jsonschema.Draft202012Validator(json.loads(path.read_text()))
    faults = [f"{list(fault.path)}: {fault.message}" for fault in checker.iter_errors(document)]
    assert faults == []


def test_the_same_seed_gives_the_same(document):
    assert random_timeline.timeline(1, 60) == random_timeline.timeline(1, 60)
    assert random_timeline.timeline(1, 60) != random_timeline.timeline(2, 60)


def test_both_forms_hold_the_same_facts(document, tmp_path):
    found = []
    for form in ("json", "ndjson"):
        out = io.StringIO()
        random_timeline.write(document, form, out, seed=len(form))
        path = tmp_path / f"timeline.{form}"
        path.write_text(out.getvalue(), encoding="utf-8")
        found.append(load(path))
    assert found[0].version == found[1].version == built(document).version
    replies = [Api(one).expected("/v1/meetings") for one in found]
    assert replies[0] == replies[1]


def test_edge_cases_are_there():
    """What the generator promises does occur in a timeline of some size."""
    made = built(random_timeline.timeline(3, 600))
    aid = list(made.records("aid"))
    assert any(one["supersedes"] in made.correction_of.values() for one in aid)
    assert any(figures.in_conflict(made, one) for one in aid)
    assert any(figures.containing_package(made, one) for one in aid)
    assert any(made.bounds(one["date"]).last is None and one["date"] for one in aid)
    assert len({one["currency"] for one in aid}) == 3
    assert max(one["amount"] for one in aid) == LARGEST
    for field in (
        "measure",
        "donor",
        "recipient",
        "verb",
        "mechanism",
        "claimant",
        "date",
        "since",
    ):
        assert {one[field] is None for one in aid} == {True, False}
    assert {claim["negative"] for claim in made.records("claim")} == {True, False}
    for meeting_status in ("planned", "held", "postponed", "cancelled"):
        assert any(one["status"] == meeting_status for one in made.records("meeting"))


# The properties of totals.


def requests(api, count=40):
    planner = Planner(api, random.Random(5))
    for _ in range(count):
        path, params = planner._totals()
        yield {name: [v] if isinstance(v, str) else v for name, v in params.items()}


def package_rows(reply):
    return [row for row in reply["data"] if row["kind"] == "package"]


def sums(rows):
    found = defaultdict(lambda: [0, 0])
    for row in rows:
        found[row["currency"]][0] += row["amount"]
        found[row["currency"]][1] += row["count"]
    return dict(found)


def test_totals_are_the_sum_of_the_groups(api):
    for params in requests(api):
        reply = api.expected(TOTALS, params)
        assert reply["status"] == 200
        expected = {row["currency"]: [row["amount"], row["count"]] for row in reply["totals"]}
        assert sums(package_rows(reply)) == expected


def test_another_group_key_changes_no_totals(api):
    for params in requests(api):
        totals = api.expected(TOTALS, params)["totals"]
        for key in KEYS:
            keys = params.get("group_by", ["donor"])[:2]
            if key not in keys:
                assert api.expected(TOTALS, params | {"group_by": [*keys, key]})["totals"] == totals


def test_figures_lead_to_the_rows_and_no_package_is_used_twice(api):
    for params in requests(api):
        used = Counter()
        for row in api.expected(TOTALS, params)["data"]:
            behind = api.expected(*parsed(row["figures"]))["data"]
            assert sum(aid["amount"] for aid in behind) == row["amount"]
            assert len(behind) == row["count"]
            assert {aid["kind"] for aid in behind} == {row["kind"]}
            if row["kind"] == "package":
                used.update(aid["id"] for aid in behind)
        assert not used or max(used.values()) == 1


def test_nothing_that_matches_is_lost(api):
    """Used and excluded together are what matches the filters and is not surely outside."""
    for params in requests(api):
        reply = api.expected(TOTALS, params)
        others = {k: v for k, v in params.items() if k not in ("group_by", "from", "to", "as_of")}
        window = figures.Window.of(
            {k: v[0] for k, v in params.items() if k in ("from", "to", "as_of")}
        )
        matching = [
            entry.record
            for entry in api.chosen("aid", others)
            if not window.outside(api.timeline, entry.record)
        ]
        used = {row["figures"] for row in reply["data"] if row["kind"] != "package"}
        packages = sum(row["count"] for row in package_rows(reply))
        assert len(matching) == len(used) + packages + sum(reply["excluded"].values())


def test_a_running_total_or_balance_changes_no_package_row(document):
    without = dict(document)
    readings = {aid["id"] for aid in document["aid"] if aid["kind"] != "package"}
    linked = {aid["contained_in"] for aid in document["aid"] if aid["kind"] == "package"} | {
        other for aid in document["aid"] for other in aid["overlaps"]
    }
    without["aid"] = [
        {
            **aid,
            "contained_in": None
            if aid["contained_in"] in readings - linked
            else aid["contained_in"],
        }
        for aid in document["aid"]
        if aid["id"] not in readings - linked
    ]
    before, after = Api(built(without)), Api(built(document))
    for params in requests(after, 20):
        if not {"id", "measure", "meeting"} & params.keys():
            rows = [package_rows(one.expected(TOTALS, params)) for one in (before, after)]
            assert rows[0] == rows[1]


def test_a_growing_as_of_loses_no_package(api):
    used = set()
    for day in sorted(
        api.timeline.bounds(aid["date"]).last or "" for aid in api.timeline.records("aid")
    ):
        if day:
            reply = api.expected("/v1/aid", {"counted": "true", "kind": "package", "as_of": day})
            now = {aid["id"] for aid in reply["data"]}
            assert used <= now
            used = now
    assert used
