"""tools/cite finds the words and counts bytes, code points and paragraphs."""

import hashlib
import json
import subprocess

import pytest
from shipped import ROOT

TEXT = "“First”, he said.\n \n\nThen “second”, she said, and “third”.\n"


@pytest.fixture
def cite(tmp_path):
    path = tmp_path / "a_report.txt"
    path.write_text(TEXT, "utf-8")

    def run(*words):
        return subprocess.run([ROOT / "tools/cite", path, *words], capture_output=True, text=True)

    return run


@pytest.mark.parametrize(
    ("words", "span", "paragraph"),
    [
        (["First"], "First", 1),
        (["“First”"], "“First”", 1),
        (["Then"], "Then", 2),
        (["second", "said"], "second”, she said", 2),
        ([TEXT], TEXT, 1),
    ],
)
def test_finds_the_words(cite, words, span, paragraph):
    found = json.loads(cite(*words).stdout)
    data, start = TEXT.encode(), TEXT.index(span)
    assert found["source"] == "a-report"
    assert data[found["byte_start"] : found["byte_end"]].decode() == span
    assert (found["char_start"], found["char_end"]) == (start, start + len(span))
    assert found["sha256"] == hashlib.sha256(span.encode()).hexdigest()
    assert found["paragraph"] == paragraph


@pytest.mark.parametrize("words", [["said"], ["fourth"], ["third", "First"], ["third", "third"]])
def test_refuses_words_that_name_no_place(cite, words):
    done = cite(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("cite: ")


@pytest.mark.parametrize("words", [[], [""], ["First", "Then", "third"]])
def test_says_how_it_is_used(cite, words):
    done = cite(*words)
    assert done.returncode == 2
    assert "usage: cite" in done.stderr
