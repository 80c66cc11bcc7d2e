"""Small timelines for tests: only what a test is about has to be said."""

from .api import Api
from .model import Timeline

DEFAULTS = {
    "source": {"file": "s.txt", "bytes": 1000, "sha256": "0" * 64, "evidence": []},
    "participant": {"kind": "organisation", "name": "Somebody"},
    "meeting": {"kind": "meeting", "title": "Talk", "status": "held"},
    "aid": {"kind": "package", "amount": 1, "currency": "USD", "category": "military"},
    "claim": {"type": "count", "statement": "So many.", "negative": False},
}
PARTIES = {
    "us": {"kind": "country", "name": "United States", "country": "US"},
    "gb": {"kind": "country", "name": "United Kingdom", "country": "GB"},
    "ua": {"kind": "country", "name": "Ukraine", "country": "UA"},
    "ann": {"kind": "person", "name": "Ann", "country": "US"},
    "ben": {"kind": "person", "name": "Ben", "country": "GB"},
    "club": {"kind": "group", "name": "The Club", "members": ["gb", "us"]},
}


def cite(*supports, source="s", basis="stated", start=0, end=1):
    return {
        "source": source,
        "byte_start": start,
        "byte_end": end,
        "sha256": "1" * 64,
        "supports": list(supports),
        "basis": basis,
    }


def _complete(kind, identifier, record):
    linked = [field for field in ("date", "series", "meeting") if record.get(field)]
    return {"id": identifier, "evidence": [cite("kind", *linked)], **DEFAULTS[kind], **record}


def timeline(**kinds):
    """timeline(aid={"a": {"amount": 5}}, …): records by kind and id, the well-known parties added."""
    made = Timeline({"title": "Sample", "released": "2026-01-01", "licence": "CC0-1.0"})
    kinds["source"] = {"s": {}} | kinds.get("source", {})
    kinds["participant"] = PARTIES | kinds.get("participant", {})
    for kind, records in kinds.items():
        for identifier, record in records.items():
            made.add(kind, _complete(kind, identifier, record))
    return made


def api(**kinds):
    return Api(timeline(**kinds))


def ids(reply):
    return [row["id"] for row in reply["data"]]


def entry(participant, status="attended", role="participant", **fields):
    """One of a meeting's attendance."""
    known = {"participant": participant, "status": status, "role": role}
    return {**known, "evidence": [cite("status")], **fields}
