"""The shipped timeline and, where they are at hand, the documents behind it."""

import os
import sys
from pathlib import Path

import pytest
from shipped import ROOT, read

sys.path.insert(0, str(ROOT / "tests"))  # the auditor, which knows dates


@pytest.fixture(scope="session")
def timeline():
    return read("data/timeline.json")


@pytest.fixture(scope="session")
def documents(timeline):
    """The bytes of each source by its id."""
    folder = os.environ.get("UDCG_DOCUMENTS")
    if not folder:
        pytest.skip("UDCG_DOCUMENTS does not say where the documents are")
    return {s["id"]: (Path(folder) / s["file"]).read_bytes() for s in timeline["sources"]}
