"""The commands that our pages show with what they print.

They stand in fences of `console`: a line that begins with "$ " is a command, what follows is its
output. Those that ask localhost:8080 can be run, with a server under test in its place.
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
FENCE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
PATIENCE = 60  # seconds


class Example(NamedTuple):
    page: str  # relative to the root of the project
    line: int
    command: str
    output: str
    span: tuple  # of the output, in the page's text

    def __str__(self):
        return f"{self.page}:{self.line}"


def examples(page):
    text = (ROOT / page).read_text("utf-8")
    return [
        Example(page, text.count("\n", 0, found.start()) + 1, found[1], found[2], found.span(2))
        for fence in FENCE.finditer(text)
        for found in COMMAND.finditer(text, *fence.span())
        if SERVER in found[1]
    ]


def printed(command, address):
    """What the command prints when the server at this HOST:PORT answers it, with bare newlines."""
    environment = os.environ | {"LC_ALL": "C.UTF-8", "PATH": f"/usr/bin:{os.environ['PATH']}"}
    result = subprocess.run(
        ["/bin/sh", "-euc", command.replace(SERVER, address)], cwd=ROOT, env=environment,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    errors = result.stderr.decode("utf-8", "backslashreplace")
    assert result.returncode == 0, f"exit status {result.returncode}: {command}\n{errors}"
    output = result.stdout.decode("utf-8").replace("\r\n", "\n")
    return output if output.endswith("\n") else output + "\n"


def difference(example, now):
    """A diff from what the page shows to what the command prints; empty where they are equal."""
    lines = [text.splitlines(keepends=True) for text in (example.output, now)]
    return "".join(difflib.unified_diff(*lines, str(example), "now"))


def rewritten(page, address):
    """The page's text with each output replaced by what its command prints now."""
    text = (ROOT / page).read_text("utf-8")
    for example in reversed(examples(page)):
        start, end = example.span
        text = text[:start] + printed(example.command, address) + text[end:]
    return text
