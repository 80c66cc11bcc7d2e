"""The formulas of docs/examples/spreadsheet.md, typed into LibreOffice Calc."""

import csv
import io
import json
import re
import subprocess
from pathlib import Path

from contract import ROOT
from examples import SERVER

PAGE = (ROOT / "docs/examples/spreadsheet.md").read_text("utf-8")
CELLS = re.findall(r"^\| ([A-Z]\d+) \| `(=.*)` \| `(.*)` \|$", PAGE, re.MULTILINE)
URL = re.compile(rf'"http://{SERVER}(/[^"]*\.csv\?[^"]*)"(?!&)')
PATIENCE = 120  # seconds


def test_cells(shipped, tmp_path):
    formulas = {cell: formula.replace(SERVER, shipped.address) for cell, formula, _ in CELLS}
    result = subprocess.run(
        ["/usr/bin/python3", Path(__file__).parent / "calc.py", tmp_path],
        input=json.dumps(formulas).encode(), capture_output=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr.decode()
    found = {cell: " ".join(text.split()) for cell, text in json.loads(result.stdout).items()}
    assert found == {cell: shows for cell, _, shows in CELLS}
    assert len(found) == 6


def test_tables(shipped):
    """Every other URL of the page is a table; TEXTSPLIT needs one without quotes."""
    paths = set(URL.findall(PAGE))
    assert len(paths) == 3
    for path in paths:
        reply = shipped.client.get(path)
        assert reply.status == 200
        text = reply.body.decode()
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) > 1
        assert rows == [line.split(",") for line in text.split("\r\n")[:-1]]
