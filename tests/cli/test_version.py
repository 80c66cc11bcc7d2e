"""The version: recomputed from the documentation, the same however the facts are written down."""

import hashlib
import json
from random import Random

import pytest
from conftest import SHIPPED
from timelines import cite, small, vary, version, write

SEEDS = range(6)


def shipped():
    return json.loads(SHIPPED.read_text("utf-8"))


def intricate():
    """What the shipped timeline has not: overlaps, texts that need escapes, sets of every kind."""
    document = small()
    document["title"] = 'Quotes ", \\, \u0007, \t, é, 😀, \u2028, \x7f'
    document["participants"] += [
        {"id": name, "kind": "person", "name": name, "evidence": [cite("name")]} for name in "pqr"
    ]
    document["meetings"][0] |= {
        "kind": "meeting",
        "conveners": ["r", "p", "q"],
        "attendance": [
            {"participant": who, "role": "speaker", "status": "attended", "evidence": [cite("role")]}
            for who in ("us", "p", "r")
        ] + [
            {"participant": "us", "role": "chair", "status": "attended", "representative": what,
             "evidence": [cite("role", "status"), cite("role", end=9)]}
            for what in ("é", "z", "a")
        ],
        "headcounts": [
            {"value": value, "counts": "attended", "unit": "people", "evidence": [cite("value")]}
            for value in (9, 50, 10)
        ],
    }  # fmt: skip
    document["aid"] += [
        {"id": name, "kind": "package", "amount": 1, "currency": "EUR", "category": "military",
         "overlaps": others, "items": ["z", "a"], "evidence": [cite("amount")]}
        for name, others in (("b", ["a", "d"]), ("c", []), ("d", ["c"]))
    ]  # fmt: skip
    return document


@pytest.mark.parametrize("make", [shipped, small, intricate])
@pytest.mark.parametrize("name", ["timeline.json", "timeline.ndjson"])
def test_it_is_what_the_documentation_says(tmp_path, version_by_check, make, name):
    document = make()
    assert version_by_check(write(tmp_path / name, document)) == version(document)


@pytest.mark.parametrize("make", [shipped, intricate])
@pytest.mark.parametrize("seed", SEEDS)
def test_order_and_form_do_not_count(tmp_path, version_by_check, make, seed):
    random = Random(seed)
    document = make()
    wanted = version(document)
    name = random.choice(["timeline.json", "timeline.ndjson"])
    assert version_by_check(write(tmp_path / name, vary(document, random))) == wanted


@pytest.mark.parametrize("make", [shipped, small, intricate])
def test_an_export_is_the_timeline_again(udcg, tmp_path, version_by_check, make):
    document = make()
    path = write(tmp_path / "timeline.json", document)
    lines = udcg("export", "--timeline", path, "--format", "ndjson").stdout
    assert hashlib.sha256(lines).hexdigest() == version(document)
    whole = udcg("export", "--timeline", path, "--format", "json").stdout
    for name, content in (("again.ndjson", lines), ("again.json", whole)):
        again = tmp_path / name
        again.write_bytes(content)
        assert version_by_check(again) == version(document)
        assert udcg("export", "--timeline", again, "--format", "ndjson").stdout == lines
        assert udcg("export", "--timeline", again, "--format", "json").stdout == whole
        assert udcg("diff", path, again).stdout == b""
    assert json.loads(whole)["title"] == document["title"]


def test_a_database_exports_the_same(udcg, tmp_path):
    path = write(tmp_path / "timeline.json", intricate())
    udcg("load", path, "--db", "timeline.db")
    for form in ("json", "ndjson"):
        assert (udcg("export", "--db", "timeline.db", "--format", form).stdout
                == udcg("export", "--timeline", path, "--format", form).stdout)  # fmt: skip


def test_a_refused_timeline_is_not_loaded(udcg, tmp_path):
    document = small()
    document["aid"][0]["donor"] = "nobody"
    path = write(tmp_path / "timeline.json", document)
    assert b"/aid/0/donor" in udcg("load", path, "--db", "timeline.db", status=1).stderr
    assert b"/aid/0/donor" in udcg("export", "--timeline", path, status=1).stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["timeline.json"]


def test_diff(udcg, tmp_path):
    old, new = small(), small()
    new["title"] = "Other"
    new["meetings"][0]["venue"] = "V"
    new["aid"][0] |= {"id": "b"}
    old["claims"].append({**old["claims"][0], "id": "d"})
    paths = write(tmp_path / "old.json", old), write(tmp_path / "new.ndjson", new)
    assert udcg("diff", *paths).stdout.decode().splitlines() == [
        "~ timeline: title",
        "~ meeting m: venue",
        "- aid a",
        "+ aid b",
        "- claim d",
    ]
    udcg("diff", paths[0], status=2)
    udcg("diff", paths[0], tmp_path / "missing", status=3)
