"""The manual pages: clean, and complete."""

import json
import re
import subprocess

import pytest

from conftest import ROOT, run

PAGES = {"udcg": 1, "udcg-timeline": 5}
SCHEMA = json.loads((ROOT / "data/timeline.schema.json").read_text("utf-8"))
ELSEWHERE = "referenced manual not found"  # the other page is not in this machine's index


@pytest.fixture(scope="module", params=PAGES)
def page(request, installed):
    section = PAGES[request.param]
    return installed / "share/man" / f"man{section}" / f"{request.param}.{section}"


def read(installed, name):
    """As a terminal shows it, without what marks bold and underlined."""
    page = installed / "share/man" / f"man{PAGES[name]}" / f"{name}.{PAGES[name]}"
    return re.sub(".\b", "", run("mandoc", "-T", "utf8", "-O", "width=1000", page))


def test_mandoc(page):
    said = subprocess.run(
        ["mandoc", "-T", "lint", page], capture_output=True, encoding="utf-8", check=False
    ).stdout
    assert [line for line in said.splitlines() if ELSEWHERE not in line] == []


def test_man(page):
    """groff warns on standard error, which run() takes for a fault."""
    assert len(run("man", "--warnings", "-l", page).splitlines()) > 50


def test_commands(installed, description):
    text = read(installed, "udcg")
    for command in description["commands"]:
        head = " ".join([command["name"], *command["operands"]])
        assert re.search(rf"^ +{re.escape(head)}(  |$)", text, re.MULTILINE), head


def test_options(installed, description):
    text = read(installed, "udcg")
    assert len(description["options"]) > 15
    for option in description["options"]:
        head = " ".join(filter(None, [f"--{option['name']}", option["argument"]]))
        paragraph = re.search(rf"^ +{re.escape(head)}\n +(.*)$", text, re.MULTILINE)
        assert paragraph, head
        summary = option["summary"][1:]  # it begins a sentence here
        assert summary in re.sub(r" +", " ", paragraph[1])
        if option["default"]:
            assert f"Default: {option['default']}." in paragraph[1]


@pytest.mark.parametrize("kind", ["source", "participant", "meeting", "attendance", "headcount",
                                  "aid", "claim", "citation"])  # fmt: skip
def test_fields(installed, kind):
    text = read(installed, "udcg-timeline")
    section = re.search(rf"^   {kind}\n(.*?)(?=^ {{0,3}}\w)", text, re.MULTILINE | re.DOTALL)[1]
    schema = SCHEMA["$defs"][kind]
    for name in set(schema["properties"]) - {"record"}:
        star = r"\*" if name in schema["required"] else ""
        assert re.search(rf"^ +{name}{star} ", section, re.MULTILINE), name


def test_example(installed, program, tmp_path):
    """What the page shows is a timeline."""
    text = read(installed, "udcg-timeline")
    lines = re.search(r"record form:\n\n(.*?)\n\n", text, re.DOTALL)[1]
    lines = re.sub(r"\\\n", "", re.sub(r"^ +", "", lines, flags=re.MULTILINE))
    timeline = tmp_path / "timeline.ndjson"
    timeline.write_text(lines + "\n", "utf-8")
    assert "meetings 1," in run(program, "check", timeline)
