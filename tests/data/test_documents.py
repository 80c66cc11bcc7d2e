"""The shipped timeline against the documents themselves. Needs UDCG_DOCUMENTS."""

import copy
import hashlib
import importlib.machinery
import importlib.util
import os
import re
import subprocess
from pathlib import Path

import pytest
from shipped import ROOT, citations, objects, read

CHECK_FLOOR = ROOT / "tools" / "check-floor"
LONGEST_BORROWING = 6  # words: names, titles and amounts may coincide, a clause may not


def load_script(path):
    loader = importlib.machinery.SourceFileLoader(path.name.replace("-", "_"), str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


floor = load_script(CHECK_FLOOR)


def paragraph_of(data, byte):
    """1-based, among the lines that are not blank."""
    lines = data.split(b"\n")
    line = data[:byte].count(b"\n")
    return sum(bool(one.strip()) for one in lines[: line + 1])


def test_sources_are_the_files(timeline, documents):
    for source in timeline["sources"]:
        data = documents[source["id"]]
        assert source["bytes"] == len(data), source["id"]
        assert source["sha256"] == hashlib.sha256(data).hexdigest(), source["id"]


def test_every_citation_points_at_its_words(timeline, documents):
    wrong = []
    for place, citation in citations(timeline):
        data = documents[citation["source"]]
        start, end = citation["byte_start"], citation["byte_end"]
        found = {
            "sha256": hashlib.sha256(data[start:end]).hexdigest(),
            "char_start": len(data[:start].decode()),
            "char_end": len(data[:end].decode()),
            "paragraph": paragraph_of(data, start),
        }
        if not 0 <= start < end <= len(data):
            wrong.append(f"{place}: {start} to {end} of {len(data)} bytes")
        wrong += [f"{place}/{key}" for key, value in found.items() if citation[key] != value]
    assert wrong == []


def test_citations_hold_whole_words(timeline, documents):
    def inside_a_word(data, at):
        return 0 < at < len(data) and data[at - 1 : at].isalnum() and data[at : at + 1].isalnum()

    for place, citation in citations(timeline):
        data = documents[citation["source"]]
        assert not inside_a_word(data, citation["byte_start"]), place
        assert not inside_a_word(data, citation["byte_end"]), place


def test_code_points_differ_from_bytes_somewhere(timeline):
    """Typographic quotes: if they never differed, the two would not be told apart here."""
    assert any(one["char_start"] != one["byte_start"] for _, one in citations(timeline))


def test_what_is_kept_as_written_stands_in_its_words(timeline, documents):
    strange = []
    for place, _, thing in objects(timeline):
        for field in ("byline", "titles", "items"):
            spans = [
                documents[one["source"]][one["byte_start"] : one["byte_end"]].decode()
                for one in thing.get("evidence", [])
                if field in one["supports"] and one["basis"] == "stated"
            ]
            value = thing.get(field, [])
            strange += [
                f"{place}/{field}: {text}"
                for text in (value if isinstance(value, list) else [value])
                if not any(text in span for span in spans)
            ]
    assert strange == []


def faults(timeline, left_out):
    return list(floor.check_floor(Path(os.environ["UDCG_DOCUMENTS"]), timeline, left_out))


def test_the_floor_holds(timeline, documents):
    assert faults(timeline, read("data/left-out.json")) == []
    done = subprocess.run([CHECK_FLOOR, os.environ["UDCG_DOCUMENTS"]], capture_output=True)
    assert done.returncode == 0


def without(thing, overlapping):
    """The timeline without the citations that touch a range of a source."""
    source, start, end = overlapping
    if isinstance(thing, dict):
        return {
            key: [
                one
                for one in without(value, overlapping)
                if key != "evidence"
                or one["source"] != source
                or one["byte_end"] <= start
                or one["byte_start"] >= end
            ]
            if isinstance(value, list)
            else without(value, overlapping)
            for key, value in thing.items()
        }
    return [without(one, overlapping) for one in thing] if isinstance(thing, list) else thing


def test_the_floor_fails_without_the_citations_of_any_candidate(timeline, documents):
    left_out = read("data/left-out.json")
    texts = {key: data.decode() for key, data in documents.items()}
    known = floor.lower_case_words(texts.values())
    excused = floor.covered_ranges({"sources": timeline["sources"]}, left_out)
    files = {source["id"]: source["file"] for source in timeline["sources"]}
    for source, text in texts.items():
        tried = 0
        for start, end in floor.candidates(text, known)[::9]:
            first, last = len(text[:start].encode()), len(text[:end].encode())
            if any(low <= first and last <= high for low, high in excused[files[source]]):
                continue
            tried += 1
            found = faults(without(timeline, (source, first, last)), left_out)
            assert any(f"{files[source]}:{first}:" in fault for fault in found), text[start:end]
        assert tried


def test_the_floor_fails_without_any_one_of_what_is_left_out(timeline, documents):
    left_out = read("data/left-out.json")
    for index in range(len(left_out)):
        assert faults(timeline, left_out[:index] + left_out[index + 1 :]), left_out[index]


@pytest.mark.parametrize("change", [{"byte_start": 0}, {"sha256": "0" * 64}, {"reason": " "}])
def test_the_floor_checks_what_is_left_out(timeline, documents, change):
    left_out = copy.deepcopy(read("data/left-out.json"))
    left_out[-1] |= change
    assert any("left out" in fault for fault in faults(timeline, left_out))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It met on June 13th.", ["June 13th"]),
        ("From 14-16 February 2025 they met.", ["14-16 February 2025"]),
        ("The day was 2024-06-13.", ["day", "2024-06-13"]),
        ("He gave $3.85 billion and USD225 million.", ["$3.85 billion", "USD225 million"]),
        ("They were twenty-five hundred, fifteen of them new.", ["twenty-five hundred", "fifteen"]),
        ("The second talk lasted two months.", ["second", "two", "months"]),
        ("Then J. Doe of U.S. Steel spoke.", ["J.", "Doe", "U.S.", "Steel"]),
        ("Quarrels ended. The quarrels began. Quarrels.", []),
        ("He saw Paris. Paris was quiet.", ["Paris", "Paris"]),
        ("It met next Tuesday, in May.", ["Tuesday", "May"]),
    ],
)
def test_candidates_are_found_by_rule(text, found):
    spans = floor.candidates(text, floor.lower_case_words([text]))
    assert [text[start:end] for start, end in spans] == found


def words(text):
    return re.findall(r"[\w.,]+", text.lower().replace("’", "'"))


def borrowed(text, runs):
    said = words(text)
    length = LONGEST_BORROWING + 1
    return [
        " ".join(said[at : at + length])
        for at in range(len(said) - length + 1)
        if tuple(said[at : at + length]) in runs
    ]


def test_no_sentence_of_the_documents_is_in_the_project(documents):
    length = LONGEST_BORROWING + 1
    runs = set()
    for data in documents.values():
        said = words(data.decode())
        runs |= {tuple(said[at : at + length]) for at in range(len(said) - length + 1)}
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            text = path.read_text("utf-8", errors="replace")
            assert borrowed(text, runs) == [], name
