"""Programs of the npm registry: installed once a build from our lock file, outside the tree."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from contract import ROOT

SOURCES = Path(__file__).resolve().parent / "node"
BUILD = Path(os.environ.get("UDCG_BUILD_DIR", ROOT / "build"))
PATIENCE = 300  # seconds, for an installation


def run(*command, **options):
    """The command's standard output; what it says otherwise is shown when it fails."""
    result = subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True,
        encoding="utf-8", timeout=PATIENCE, check=False, **options,
    )  # fmt: skip
    said = f"{result.stdout[-5000:]}\n{result.stderr[-5000:]}"
    assert result.returncode == 0, f"{command[0]}: exit status {result.returncode}\n{said}"
    return result.stdout


class Modules:
    def __init__(self):
        if shutil.which("npm") is None:
            pytest.skip("npm is not installed: nothing of its registry can be run")
        self.directory = BUILD / "clients"
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # pytest's workers come together
            self._install()

    def _install(self):
        """Our sources stand beside node_modules, where node looks for what they import."""
        for source in SOURCES.iterdir():
            copy = self.directory / source.name
            if not copy.exists() or copy.read_bytes() != source.read_bytes():
                shutil.copy(source, copy)  # nobody runs it yet
        wanted = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()
        stamp = self.directory / "installed"
        if not stamp.exists() or stamp.read_text() != wanted:
            options = "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"
            run("npm", "ci", *options, cwd=self.directory)
            stamp.write_text(wanted)

    def run(self, program, *arguments, **options):
        """A program that a package brings, such as tsc."""
        path = self.directory / "node_modules" / ".bin" / program
        return run(path, *arguments, cwd=self.directory, **options)

    def script(self, name, *arguments):
        """One of our own scripts."""
        return run("node", name, *arguments, cwd=self.directory)
