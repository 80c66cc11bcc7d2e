"""The commands that our pages show with what they print.

An example is a fence of `sh` that asks localhost:8080; the fence right behind it is its output. A
server under test stands in for localhost:8080.
"""

import difflib
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SERVER = "localhost:8080"
PAGES = ["README.md", "docs/cookbook.md", "docs/examples/README.md"]
FENCE = re.compile(
    r"^```sh\n(?P<command>.*?)^```\n"
    r"(?:\n?^```(?:csv|json|text)\n(?P<output>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)
PATIENCE = 60  # seconds


class Example(NamedTuple):
    page: str  # relative to the root of the project
    line: int  # of the first command
    command: str
    output: str | None  # None where the page shows none

    def __str__(self):
        return f"{self.page}:{self.line}"


def _is_example(match):
    return SERVER in match["command"]


def examples(page):
    path = ROOT / page
    if not path.exists():
        return []
    text = path.read_text("utf-8")
    return [
        Example(page, text.count("\n", 0, match.start("command")) + 1,
                match["command"], match["output"])
        for match in FENCE.finditer(text)
        if _is_example(match)
    ]  # fmt: skip


def printed(command, address):
    """What the command prints when the server at this HOST:PORT answers it, with bare newlines."""
    environment = os.environ | {"LC_ALL": "C.UTF-8", "PATH": f"/usr/bin:{os.environ['PATH']}"}
    result = subprocess.run(
        ["/bin/sh", "-euc", command.replace(SERVER, address)], cwd=ROOT, env=environment,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    errors = result.stderr.decode("utf-8", "backslashreplace")
    assert result.returncode == 0, f"exit status {result.returncode}: {command}{errors}"
    output = result.stdout.decode("utf-8").replace("\r\n", "\n")
    return output if output.endswith("\n") else output + "\n"


def difference(example, found):
    """A diff from what the page shows to what the command prints; empty where they are equal."""
    shown = example.output.splitlines(keepends=True)
    return "".join(difflib.unified_diff(shown, found.splitlines(keepends=True), str(example), "now"))


def rewritten(text, address):
    """The page's text with each shown output replaced by what the command prints now."""

    def renew(match):
        if not _is_example(match) or match["output"] is None:
            return match[0]
        start, end = (place - match.start() for place in match.span("output"))
        return match[0][:start] + printed(match["command"], address) + match[0][end:]

    return FENCE.sub(renew, text)
