"""Dependencies point one way: main, http, handlers and api, timeline, store, base.

Read off the sources' includes and off the symbols of the static libraries that were built.
"""

import os
import re
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("UDCG_BUILD_DIR", ROOT / "build"))

RANK = {"base": 0, "store": 1, "timeline": 2, "api": 3, "handlers": 4, "http": 5, "main": 6}

# The route table names the handlers: the one place where api may know them.
UPWARD = {("src/api/routes.c", "handlers")}

# Libraries that one layer alone may know.
ROOM = {"jansson": "timeline", "microhttpd": "http", "sqlite3": "store"}
HEADERS = {"jansson.h": "jansson", "microhttpd.h": "microhttpd", "sqlite3.h": "sqlite3"}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def layer_of(path):
    """src/LAYER/… and include/udcg/LAYER/…; a file beside the layers belongs to main."""
    parts = path.relative_to(ROOT).parts
    below = parts[1:-1] if parts[0] == "src" else parts[2:-1]
    return below[0] if below else "main"


def sources():
    return sorted([*ROOT.glob("src/**/*.[ch]"), *ROOT.glob("include/udcg/**/*.h")])


def place(path, offset, text):
    return f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, offset) + 1}"


def may_use(path, layer, other):
    return RANK[other] <= RANK[layer] or (str(path.relative_to(ROOT)), other) in UPWARD


def include_fault(path, included):
    layer = layer_of(path)
    if ".." in included:
        return "a path that climbs"
    ours = re.fullmatch(r"udcg/(?:(\w+)/)?\w+\.h", included)
    if ours:
        other = ours[1] or "main"
        if other not in RANK:
            return f"{other} is no layer"
        return None if may_use(path, layer, other) else f"{layer} reaches up to {other}"
    library = HEADERS.get(included)
    if library and layer != ROOM[library]:
        return f"{library} belongs to {ROOM[library]}, this is {layer}"
    return None


def test_every_source_is_in_a_layer():
    assert sources()
    strangers = {layer_of(path) for path in sources()} - set(RANK)
    assert not strangers, f"no layer: {strangers}"


def test_includes_point_down():
    faults = []
    for path in sources():
        text = path.read_text("utf-8")
        for match in INCLUDE.finditer(text):
            fault = include_fault(path, match[1])
            if fault:
                faults.append(f"{place(path, match.start(), text)}: {match[1]}: {fault}")
    assert not faults, "\n".join(faults)


@cache
def symbols(library, *options):
    """{symbol: object file} of a static library."""
    output = subprocess.run(
        ["nm", "-A", "-P", *options, str(library)], check=True, capture_output=True, text=True
    ).stdout
    found = {}
    for line in output.splitlines():
        # libbase.a[base_iso.c.o]: iso_country_at T 0 1f (of a thin archive the object's own path)
        where, symbol, *_ = line.split()
        found[symbol] = re.search(r"([^/\[]+\.o)\]?:$", where)[1]
    return found


def archive(layer):
    path = BUILD / "src" / f"lib{layer}.a"
    if not path.exists():
        pytest.fail(f"{path} is not built")
    return path


@cache
def exported(library):
    """The symbols of a shared library, without the versions that some carry."""
    directory = subprocess.run(
        ["cc", f"-print-file-name=lib{library}.so"], check=True, capture_output=True, text=True
    ).stdout.strip()
    output = subprocess.run(
        ["nm", "-D", "--defined-only", "-P", directory], check=True, capture_output=True, text=True
    ).stdout
    return {line.split("@")[0].split()[0] for line in output.splitlines()}


def uses(layer, symbol, file):
    """(path, line) of each place in a layer that names the symbol, else the object file."""
    word = re.compile(rf"\b{re.escape(symbol)}\b")
    return [
        (path, place(path, match.start(), text))
        for path in sources()
        if path.suffix == ".c" and layer_of(path) == layer
        for text in [path.read_text("utf-8")]
        for match in word.finditer(text)
    ] or [(ROOT / "src" / layer / file, file)]


LAYERS = [layer for layer in RANK if layer != "main"]


@pytest.mark.parametrize("layer", LAYERS)
def test_symbols_point_down(layer):
    defined = defaultdict(set)
    for other in LAYERS:
        for symbol in symbols(archive(other), "--defined-only", "--extern-only"):
            defined[symbol].add(other)
    faults = []
    for symbol, file in symbols(archive(layer), "--undefined-only").items():
        for other in defined[symbol] - {layer}:
            faults += [
                f"{line}: {symbol}: {layer} reaches up to {other}"
                for path, line in uses(layer, symbol, file)
                if not may_use(path, layer, other)
            ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("library", ROOM)
def test_symbols_of_others_stay_in_their_room(library):
    faults = [
        f"{line}: {symbol}: {library} belongs to {ROOM[library]}"
        for layer in LAYERS
        if layer != ROOM[library]
        for symbol, file in symbols(archive(layer), "--undefined-only").items()
        if symbol in exported(library)
        for _, line in uses(layer, symbol, file)
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("library", [*ROOM, "nettle", "unistring", "z"])
def test_no_symbol_of_ours_shadows_a_library(library):
    faults = [
        f"src/{layer}: {file}: {symbol} is one of {library}'s"
        for layer in LAYERS
        for symbol, file in symbols(archive(layer), "--defined-only", "--extern-only").items()
        if symbol in exported(library)
    ]
    assert not faults, "\n".join(faults)
