"""The service unit: valid, confined, and yet allowed what the program needs."""

import re
import runpy
import subprocess

import pytest

from conftest import ROOT, run

EXPOSURE_MAX = 1.5
FILTER = ROOT / "tools/system-call-filter"
OURS = {"capset", "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "prctl",
        "seccomp"}  # fmt: skip  # what src/sandbox.c calls before the filter is there
BY_ARGUMENT = {"clone", "tgkill"}


@pytest.fixture(scope="module")
def unit(installed):
    return installed / "lib/systemd/system/udcg.service"


def test_verify(unit, prefix, installed, tmp_path):
    """Pointed at the staged program; manual pages are looked for on this machine alone."""
    text = unit.read_text("utf-8")
    assert f"ExecStart={prefix}/bin/udcg serve" in text
    here = tmp_path / "udcg.service"
    here.write_text(text.replace(f"ExecStart={prefix}", f"ExecStart={installed}"), "utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", here], capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")


def test_exposure(unit):
    said = run("systemd-analyze", "security", "--offline=yes", "--no-pager", unit)
    assert float(re.search(r"exposure level for \S+: ([\d.]+)", said)[1]) <= EXPOSURE_MAX


def members(name):
    """The system calls of a @group, or the one that is named."""
    if not name.startswith("@"):
        return {name}
    lines = run("systemd-analyze", "syscall-filter", "--no-pager", name).splitlines()[1:]
    names = [line.strip() for line in lines if not line.strip().startswith("#")]
    return set().union(*(members(one) for one in names if one))


def test_system_calls(unit):
    """The unit refuses none that the program's own filter lets through, or that sets it up."""
    allowed = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit.read_text("utf-8"), re.MULTILINE):
        named = set().union(*(members(name) for name in line.lstrip("~").split()))
        allowed = allowed - named if line.startswith("~") else allowed | named
    named = " ".join(runpy.run_path(str(FILTER))["ALLOWED"].values())
    needed = set(named.split()) | BY_ARGUMENT | OURS
    assert len(needed) > 60
    assert needed - allowed == set()
