"""Lets chosen allocations of a program fail: fail_malloc.c seen from outside."""

import mmap
import os
import struct
from pathlib import Path
from typing import NamedTuple

FIELDS = ("first", "last", "ours", "made", "failed", "blocks", "bytes", "noting", "ways")
WAYS_MAX = 1 << 15
SIZE = 8 * (len(FIELDS) + WAYS_MAX + 4 * WAYS_MAX)
NEVER = 2**62
LIBRARY = (
    Path(os.environ.get("UDCG_BUILD_DIR", Path(__file__).parents[2] / "build"))
    / "tests/faults/libfail_malloc.so"
)


class Mode(NamedTuple):
    """Which allocations are numbered, how many fail, how much more of them the short form takes."""

    ours: bool
    width: int
    more: int

    def samples(self, number):
        return number * self.more


MODES = {
    "one": Mode(False, 1, 1),
    "from there on": Mode(False, 2**40, 1),
    "one of ours": Mode(True, 1, 4),
}


class Allocations:
    def __init__(self, path):
        path.write_bytes(bytes(SIZE))
        with path.open("r+b") as file:
            self.page = mmap.mmap(file.fileno(), SIZE)
        self.variables = {"LD_PRELOAD": str(LIBRARY), "FAIL_MALLOC": str(path)}
        self.none_fails()

    def __getattr__(self, name):
        if name not in FIELDS:
            raise AttributeError(name)
        return struct.unpack_from("q", self.page, 8 * FIELDS.index(name))[0]

    def _set(self, name, value):
        struct.pack_into("q", self.page, 8 * FIELDS.index(name), value)

    def none_fails(self):
        self._set("first", NEVER)
        self._set("last", NEVER)

    def fail(self, number, mode):
        """The allocation `number` from now on, and those behind it."""
        first = self.made + number
        self._set("failed", 0)
        self._set("last", first + mode.width)
        self._set("first", first)

    def note(self):
        """From now on, the first allocation of each way to one."""
        self.began = self.made
        self._set("noting", 1)

    def noted(self):
        """Their numbers, counted from there."""
        self._set("noting", 0)
        assert 0 < self.ways < WAYS_MAX
        numbers = struct.unpack_from(f"{self.ways}q", self.page, 8 * len(FIELDS))
        return sorted(number - self.began for number in numbers)

    def count_for(self, mode):
        self._set("ours", mode.ours)

    def start_over(self, mode=None):
        """For the next program."""
        self.page[:] = bytes(SIZE)
        self.none_fails()
        if mode:
            self.count_for(mode)
