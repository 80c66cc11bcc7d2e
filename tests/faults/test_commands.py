"""Commands that end by themselves, while allocations fail or nobody takes what they print."""

import subprocess
from pathlib import Path

import pytest
from allocations import LIBRARY, MODES, Allocations
from conftest import ROOT, sampled
from process import PATIENCE, PROGRAM, environment, run

SHIPPED = ROOT / "data" / "timeline.json"


@pytest.fixture(scope="module")
def files(written, tmp_path_factory):
    """What commands work on."""
    directory = tmp_path_factory.mktemp("commands")
    for name, seed, form in (("a.json", 21, "json"), ("b.ndjson", 22, "ndjson")):
        (directory / name).write_bytes(written(seed, 8, form).read_bytes())
    text = (directory / "a.json").read_text("utf-8")
    (directory / "faulty.json").write_text(text.replace('"title"', '"titles"'), "utf-8")
    assert run("load", directory / "a.json", "--db", directory / "a.db").returncode == 0
    return directory


# name -> arguments; a name that stands in `files` is one of those.
COMMANDS = {
    "help": ["--help"],
    "help of a command": ["serve", "--help"],
    "version": ["--version"],
    "describe": ["describe"],
    "a wrong option": ["serve", "--lisen", "127.0.0.1:0"],
    "check": ["check", "a.json"],
    "check of lines": ["check", "b.ndjson"],
    "check of faults": ["check", "faulty.json"],
    "diff": ["diff", "a.json", "b.ndjson"],
    "export of a timeline": ["export", "--timeline", "b.ndjson"],
    "export of the shipped": ["export", "--format", "ndjson"],
    "export of a database": ["export", "--db", "a.db", "--format", "ndjson"],
    "load": ["load", "a.json", "--db", "new.db"],
    "probe": ["probe", "http://127.0.0.1:1/"],
}
PRINTING = [name for name in COMMANDS if name not in ("a wrong option", "check of faults", "probe")]


def execute(files, name, stdout=subprocess.PIPE, **variables):
    (files / "new.db").unlink(missing_ok=True)
    return subprocess.run(
        [PROGRAM, *COMMANDS[name]], cwd=files, env=environment(**variables), timeout=PATIENCE,
        stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip


def outcome(done):
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(not LIBRARY.exists(), reason="sanitizers have allocators of their own")
@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
@pytest.mark.parametrize("name", COMMANDS)
def test_allocations(files, tmp_path, name, mode):
    """As if nothing had been, or status 3 and a line that says what was wanting."""
    failing = Allocations(tmp_path / "control")
    failing.count_for(mode)
    failing.note()
    right = execute(files, name, **failing.variables)
    ways, left, refused = failing.noted(), failing.blocks, 0
    for number in sampled(ways, mode.samples(12)):
        failing.start_over(mode)
        failing.fail(number, mode)
        done = execute(files, name, **failing.variables)
        here = f"allocation {number}: {done}"
        assert failing.blocks <= left, here
        if outcome(done) == outcome(right):
            continue
        assert done.returncode in ((1, 3) if name == "probe" else (3,)), here
        assert "memory" in done.stderr.decode().lower(), here
        assert all(done.stderr.splitlines()), here
        refused += 1
    assert refused > 0 or len(ways) < 3


@pytest.mark.parametrize("name", PRINTING)
def test_a_full_output(files, name):
    with Path("/dev/full").open("wb") as full:
        done = execute(files, name, stdout=full)
    assert done.returncode == 3
    assert done.stderr == b"udcg: the output cannot be written\n"
