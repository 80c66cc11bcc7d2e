"""Every command that our pages show prints what they say."""

import re

import pytest

from examples import PAGES, ROOT, SERVER, difference, examples, printed

ALL = [example for page in PAGES for example in examples(page)]
EXAMPLES = ROOT / "docs" / "examples"
QUESTION = re.compile(r"^### \d+\. .*\?$", re.MULTILINE)


@pytest.mark.parametrize("example", ALL, ids=str)
def test_example(shipped, example):
    """tools/refresh-docs writes the outputs anew."""
    changed = difference(example, printed(example.command, shipped.address))
    assert not changed, f"run tools/refresh-docs and read what it changes\n{changed}"


@pytest.mark.parametrize("page", PAGES)
def test_no_command_is_left_out(page):
    """One that stands in another kind of fence, or without its output, would never be run."""
    text = (ROOT / page).read_text("utf-8")
    commands = re.findall(rf"^.*\bcurl\b.*{SERVER}.*$", text, re.MULTILINE)
    found = [example for example in examples(page) if "curl" in example.command]
    assert len(commands) == len(found)
    assert all(example.output for example in examples(page))


def test_every_example_file_is_listed():
    listed = re.findall(r"^\| \[(.*?)\]\(\1\)", (EXAMPLES / "README.md").read_text("utf-8"), re.M)
    assert sorted(listed) == sorted(one.name for one in EXAMPLES.iterdir() if one.stem != "README")


def test_thirty_questions_of_one_request_each():
    asked = QUESTION.findall((ROOT / "docs/cookbook.md").read_text("utf-8"))
    answers = examples("docs/cookbook.md")
    assert len(asked) == len(set(asked)) == len(answers) == 30
    assert all(len(re.findall(r"\bcurl\b", answer.command)) == 1 for answer in answers)
