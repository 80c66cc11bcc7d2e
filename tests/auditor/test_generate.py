"""The generator of big timelines: valid, the same again, its words as frequent as it says."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from . import valid
from .api import Api
from .model import load
from .random_timeline import KINDS

SCRIPT = Path(__file__).parents[1] / "bench" / "generate.py"


def run(*arguments):
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    found = tmp_path_factory.mktemp("generated") / "timeline.ndjson"
    run("--records", "5000", "--out", str(found))
    return found


@pytest.fixture(scope="module")
def timeline(path):
    return load(path)


def test_it_is_valid_and_of_the_size_asked_for(timeline):
    assert list(valid.faults(timeline)) == []
    assert sum(len(records) for records in timeline.by_kind.values()) == 5000


def test_the_schema_accepts_it(path, request):
    jsonschema = pytest.importorskip("jsonschema")
    schema = request.config.rootpath / "data" / "timeline.schema.json"
    if not schema.exists():
        pytest.skip("no schema beside these tests")
    header, *records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    document = header | {name: [] for name in KINDS}
    lists = {kind: name for name, kind in KINDS.items()}
    for record in records[::10]:
        document[lists[record.pop("record")]].append(record)
    checker = jsonschema.Draft202012Validator(json.loads(schema.read_text()))
    assert [fault.message for fault in checker.iter_errors(document)] == []


def test_shuffled_it_is_the_same(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    shuffled = run("--records", "5000", "--shuffle").splitlines()
    assert shuffled[0] == lines[0]
    assert shuffled != lines and sorted(shuffled) == sorted(lines)
    assert len({json.loads(line)["record"] for line in shuffled[1:60]}) > 3


def test_counts_can_be_given():
    lines = run("--meetings", "40", "--aid", "0", "--claims", "3", "--sources", "2",
                "--participants", "100").splitlines()  # fmt: skip
    assert len(lines) == 1 + 40 + 3 + 2 + 100


def test_words_are_as_frequent_as_promised(timeline):
    specification = importlib.util.spec_from_file_location("generate", SCRIPT)
    generate = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(generate)
    api = Api(timeline)
    hits = len(api.entries("search")) - len(api.entries("sources"))
    for words, share in ((generate.COMMON, 0.30), (generate.RARE[::20], 0.01)):
        for word in words:
            found = api.expected("/v1/search", {"q": word})["total"]
            assert abs(found / hits - share) < share * 0.5, word


def test_it_holds_what_a_benchmark_needs(timeline):
    aid = list(timeline.records("aid"))
    assert {one["kind"] for one in aid} == {"package", "cumulative", "remaining"}
    for field in ("supersedes", "contained_in", "conflict_group", "meeting", "overlaps"):
        assert any(one[field] for one in aid), field
    assert {timeline.bounds(one["date"]).precision for one in aid} == {
        "day", "month", "year", "span", "between", "unknown",
    }  # fmt: skip
    assert (
        Api(timeline).expected("/v1/aid/totals", {"group_by": ["donor", "year"]})["status"] == 200
    )
