"""The binary carries the protections that the build asks the compiler and linker for."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("UDCG_PROGRAM", ROOT / "build" / "udcg"))


def readelf(*options):
    return subprocess.run(
        ["readelf", "--wide", *options, PROGRAM], check=True, capture_output=True, text=True
    ).stdout


def test_position_independent():
    assert "DYN" in readelf("--file-header")
    assert "PIE" in readelf("--dynamic")


def test_relocations_are_read_only_after_start():
    assert "GNU_RELRO" in readelf("--program-headers")
    assert "NOW" in readelf("--dynamic")


def test_stack_cannot_be_executed():
    stack = [line for line in readelf("--program-headers").splitlines() if "GNU_STACK" in line]
    assert len(stack) == 1 and " RW " in stack[0]


def test_checked_functions():
    symbols = readelf("--dyn-syms")
    assert "__stack_chk_fail" in symbols
    assert "__memcpy_chk" in symbols or "__vsnprintf_chk" in symbols


def test_no_search_path_for_libraries():
    assert "RPATH" not in readelf("--dynamic") and "RUNPATH" not in readelf("--dynamic")
