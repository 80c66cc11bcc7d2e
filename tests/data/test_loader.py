"""The loader refuses what the schema refuses, and what a schema cannot say."""

import json
import os
import subprocess

import pytest
from test_schema import BOUNDS, FULL, has_record_form, record_form, rows, variant

PROGRAM = os.environ.get("UDCG_PROGRAM")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="UDCG_PROGRAM does not say what to run")
# The program reads its options from there, too: UDCG_DOCUMENTS would be one of them.
BARE = {name: value for name, value in os.environ.items() if not name.startswith("UDCG_")}


def check(folder, document):
    """(accepted, what was printed) for each form that the document has."""
    forms = {"timeline.json": json.dumps(document)}
    if has_record_form(document):
        forms["timeline.ndjson"] = "".join(json.dumps(r) + "\n" for r in record_form(document))
    for name, text in forms.items():
        path = folder / name
        path.write_text(text, "utf-8")
        done = subprocess.run(
            [PROGRAM, "check", path], capture_output=True, text=True, timeout=60, env=BARE
        )
        printed = done.stdout + done.stderr
        assert done.returncode in (0, 1), printed
        yield done.returncode == 0, printed


def accepts(folder, document):
    return all(accepted for accepted, _ in check(folder, document))


def refuses(folder, document, *words):
    return all(
        not accepted and all(word in printed for word in words)
        for accepted, printed in check(folder, document)
    )


@pytest.mark.parametrize("row", rows("accepted"))
def test_accepts(tmp_path, row):
    assert accepts(tmp_path, variant(*row))


@pytest.mark.parametrize("row", rows("refused") + rows("refused by the loader alone"))
def test_refuses(tmp_path, row):
    assert refuses(tmp_path, variant(*row))


@pytest.mark.parametrize(("pointer", "longest", "longer"), BOUNDS, ids=[row[0] for row in BOUNDS])
def test_bounds(tmp_path, pointer, longest, longer):
    assert accepts(tmp_path, variant(pointer, longest))
    assert refuses(tmp_path, variant(pointer, longer))


def test_accepts_the_full_example(tmp_path):
    assert accepts(tmp_path, FULL)
