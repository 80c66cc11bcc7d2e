"""What bash offers behind `udcg`."""

import shlex

import pytest

from conftest import run

SCRIPT = """
source {script}
PATH={directory}:$PATH
COMP_WORDS=({words}) COMP_CWORD={index}
_udcg
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def offered(installed, program, tmp_path):
    """offered(words): what the last of them may become, in a directory with two files."""
    (tmp_path / "mine.json").touch()
    (tmp_path / "documents").mkdir()

    def ask(*words):
        script = SCRIPT.format(
            script=installed / "share/bash-completion/completions/udcg",
            directory=program.parent,
            words=" ".join(shlex.quote(word) for word in ("udcg", *words)),
            index=len(words),
        )
        return set(run("bash", "-euc", script, cwd=tmp_path).split())

    return ask


def test_commands(offered, description):
    names = {command["name"] for command in description["commands"]}
    assert offered("") == names | {"--help", "--version"}
    assert offered("de") == {"describe"}


def test_options(offered, description):
    for command in description["commands"]:
        name = command["name"]
        taken = {f"--{one['name']}" for one in description["options"] if name in one["commands"]}
        assert offered(name, "--") == taken | {"--help"}
    assert offered("serve", "--qu") == {"--query-budget", "--query-threads"}


def test_choices(offered):
    for words in (("--log-format", ""), ("--log-format", "="), ("--log-format", "=", "")):
        assert offered("serve", *words) == {"text", "json"}
    assert offered("serve", "--log-level", "w") == {"warning"}
    assert offered("serve", "--log-level", "=", "w") == {"warning"}


def test_files(offered):
    assert offered("serve", "--timeline", "mi") == {"mine.json"}
    assert offered("check", "") == {"mine.json", "documents"}
    assert offered("check", "mine.json", "--documents", "") == {"documents"}
    assert offered("check", "./[mine]/.*.json", "") == {"mine.json", "documents"}


def test_nothing_to_offer(offered):
    assert offered("serve", "--workers", "") == set()
    assert offered("serve", "--nonsense", "zzz") == set()
