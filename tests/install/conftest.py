"""What `meson install` puts on a machine, in a directory of its own."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("UDCG_BUILD_DIR", ROOT / "build"))
PATIENCE = 60  # seconds
# No UDCG_* of the caller changes what is tested.
ENVIRONMENT = {name: text for name, text in os.environ.items() if not name.startswith("UDCG_")}


def run(*command, **options):
    """Its standard output; nothing on standard error, and a good end."""
    done = subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", timeout=PATIENCE, check=False, **{"env": ENVIRONMENT} | options,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def prefix():
    options = json.loads(run("meson", "introspect", "--buildoptions", BUILD))
    return next(one["value"] for one in options if one["name"] == "prefix")


@pytest.fixture(scope="session")
def installed(tmp_path_factory, prefix):
    """The staged prefix."""
    stage = tmp_path_factory.mktemp("stage")
    run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", stage)
    return stage / prefix.lstrip("/")


@pytest.fixture(scope="session")
def program(installed):
    return installed / "bin" / "udcg"


@pytest.fixture(scope="session")
def description(program):
    return json.loads(run(program, "describe"))
