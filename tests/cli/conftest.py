"""The commands that work on files, as a user runs them."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("UDCG_PROGRAM", ROOT / "build/udcg"))
SHIPPED = ROOT / "data/timeline.json"


@pytest.fixture
def udcg(tmp_path):
    """Runs a command in a directory of its own; of options it has those variables that are given."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("UDCG_")}

    def run(*arguments, status=0, stdin=subprocess.DEVNULL, **variables):
        done = subprocess.run(
            [PROGRAM, *arguments], cwd=tmp_path, env=environment | variables, stdin=stdin,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        assert b"Sanitizer" not in done.stderr, done.stderr.decode()
        assert done.returncode == status, (done.stdout + done.stderr).decode()
        return done

    return run


@pytest.fixture
def version_by_check(udcg):
    """The version of a timeline file, as the program prints it."""

    def find(path):
        return udcg("check", path).stdout.decode().split("version ")[1].strip()

    return find
