"""How the tests read the timeline that ships with the project."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KINDS = {
    "sources": "source",
    "participants": "participant",
    "meetings": "meeting",
    "aid": "aid",
    "claims": "claim",
}


def read(path):
    return json.loads((ROOT / path).read_text("utf-8"))


def objects(timeline):
    """(JSON Pointer, kind, object) of each object that carries evidence."""
    for plural, kind in KINDS.items():
        for index, record in enumerate(timeline[plural]):
            place = f"/{plural}/{index}"
            yield place, kind, record
            for inner, name in (("attendance", "attendance"), ("headcounts", "headcount")):
                for number, entry in enumerate(record.get(inner, [])):
                    yield f"{place}/{inner}/{number}", name, entry


def citations(timeline):
    """(JSON Pointer, citation) of every citation."""
    for place, _, thing in objects(timeline):
        for index, citation in enumerate(thing.get("evidence", [])):
            yield f"{place}/evidence/{index}", citation
