"""What the schema refuses: full.json with one value changed, by variants.json.

A row of variants.json is a JSON Pointer and the value that is put there ("-" appends to a list);
a row without a value takes away what is there.
"""

import copy
import json

import pytest
from shipped import KINDS, read
from jsonschema import Draft202012Validator

SCHEMA = read("data/timeline.schema.json")
FULL = read("tests/data/full.json")
VARIANTS = read("tests/data/variants.json")

DOCUMENT = Draft202012Validator(SCHEMA)
HEADER, RECORD = (
    Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})
    for name in ("header", "record")
)

SLUG_BOUND = "a" * 100
TEXT_BOUND = "é" * 10_000
MANY = [f"a-{number}" for number in range(10_000)]
BOUNDS = [
    ("/claims/0/id", SLUG_BOUND, SLUG_BOUND + "a"),
    ("/aid/3/measure", SLUG_BOUND, SLUG_BOUND + "a"),
    ("/claims/1/statement", TEXT_BOUND, TEXT_BOUND + "é"),
    ("/meetings/0/place", TEXT_BOUND, TEXT_BOUND + "é"),
    ("/meetings/1/evidence/0/quote", "é" * 200, "é" * 201),
    ("/sources/0/url", "https://" + "a" * 1992, "https://" + "a" * 1993),
    ("/sources/0/language", "en" + "-abcdefg" * 12, "en" + "-abcdefg" * 13),
    ("/participants/0/titles", MANY, [*MANY, "one-more"]),
]


def variant(pointer, *value):
    """FULL with one value changed, added or taken away."""
    changed = copy.deepcopy(FULL)
    *path, last = pointer[1:].split("/")
    place = changed
    for step in path:
        place = place[int(step) if isinstance(place, list) else step]
    if last == "-":
        place.append(*value)
    elif value:
        place[int(last) if isinstance(place, list) else last] = value[0]
    else:
        del place[last]
    return changed


def record_form(document):
    """The values of its lines: the header, then the records."""
    yield {key: value for key, value in document.items() if key not in KINDS}
    for plural, kind in KINDS.items():
        for record in document.get(plural, []):
            yield {"record": kind, **record} if isinstance(record, dict) else record


def is_valid_record_form(document):
    header, *records = record_form(document)
    return HEADER.is_valid(header) and all(map(RECORD.is_valid, records))


def has_record_form(document):
    return all(isinstance(document.get(plural, []), list) for plural in KINDS)


def rows(verdict):
    return [pytest.param(row, id=json.dumps(row)[:100]) for row in VARIANTS[verdict]]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_shipped_timeline_is_valid_in_both_forms(timeline):
    assert [f"{e.json_path}: {e.message}" for e in DOCUMENT.iter_errors(timeline)] == []
    assert is_valid_record_form(timeline)


def test_the_full_example_has_every_field():
    assert DOCUMENT.is_valid(FULL)
    assert is_valid_record_form(FULL)
    used = {(kind, key) for plural, kind in KINDS.items() for one in FULL[plural] for key in one}
    known = {(kind, key) for kind in KINDS.values() for key in SCHEMA["$defs"][kind]["properties"]}
    assert used == known - {(kind, "record") for kind in KINDS.values()}


@pytest.mark.parametrize("row", rows("accepted") + rows("refused by the loader alone"))
def test_accepts(row):
    document = variant(*row)
    assert DOCUMENT.is_valid(document)
    assert is_valid_record_form(document)


@pytest.mark.parametrize("row", rows("refused"))
def test_refuses(row):
    document = variant(*row)
    assert not DOCUMENT.is_valid(document)
    if has_record_form(document):
        assert not is_valid_record_form(document)


@pytest.mark.parametrize(("pointer", "longest", "longer"), BOUNDS, ids=[row[0] for row in BOUNDS])
def test_bounds(pointer, longest, longer):
    assert DOCUMENT.is_valid(variant(pointer, longest))
    assert not DOCUMENT.is_valid(variant(pointer, longer))


def test_a_record_says_its_kind_in_the_record_form_alone():
    source = FULL["sources"][1]
    assert RECORD.is_valid({"record": "source", **source})
    assert not RECORD.is_valid(source)
    assert not RECORD.is_valid({"record": "claim", **source})
    assert not RECORD.is_valid({"record": "sources", **source})
    assert not DOCUMENT.is_valid(variant("/sources/1/record", "source"))
    assert not HEADER.is_valid({**next(record_form(FULL)), "record": "header"})
