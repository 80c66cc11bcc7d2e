"""The installed program finds what was installed with it."""

import json
import signal
import subprocess
from pathlib import Path

from conftest import PATIENCE, ROOT, run

FILES = {
    "bin/udcg",
    "lib/systemd/system/udcg.service",
    "share/bash-completion/completions/udcg",
    "share/man/man1/udcg.1",
    "share/man/man5/udcg-timeline.5",
    "share/udcg/timeline.json",
    "share/udcg/timeline.schema.json",
}


def test_files(installed):
    found = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    assert found == FILES


def test_shipped_files_are_those_of_the_sources(installed):
    for name in ("timeline.json", "timeline.schema.json"):
        assert (installed / "share/udcg" / name).read_bytes() == (ROOT / "data" / name).read_bytes()


def test_shipped_timeline_is_found(program, installed, tmp_path):
    """From any directory, and by a link, too."""
    link = tmp_path / "udcg"
    link.symlink_to(program)
    for path in (program, link):
        whole = json.loads(run(path, "export", cwd=tmp_path, env={}))
        shipped = json.loads((installed / "share/udcg/timeline.json").read_text("utf-8"))
        assert whole["title"] == shipped["title"]


def test_serves_without_options(program, installed, tmp_path):
    server = subprocess.Popen(
        [program, "serve", "--listen", "127.0.0.1:0", "--log-format", "json"],
        cwd=tmp_path, env={}, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    for line in server.stderr:
        event = json.loads(line)
        if event["message"] == "starting":
            assert Path(event["timeline"]) == installed / "share/udcg/timeline.json"
        if event["message"] == "loaded":
            break
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=PATIENCE)
    assert server.returncode == 0
