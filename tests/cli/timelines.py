"""Timelines to write, vary and digest: what the documentation says of them, told once more."""

import hashlib
import json

KINDS = {
    "sources": "source",
    "participants": "participant",
    "meetings": "meeting",
    "aid": "aid",
    "claims": "claim",
}
HEADER = ("format", "title", "released", "licence")
KEEP_ORDER = ("aliases", "titles", "items")
DOCUMENT = "Über alles:\n\n naïve words. \n".encode()


def cite(*supports, start=0, end=5, **more):
    digest = hashlib.sha256(DOCUMENT[start:end]).hexdigest()
    return {
        "source": "s",
        "byte_start": start,
        "byte_end": end,
        "sha256": digest,
        "supports": list(supports),
        "basis": "stated",
        **more,
    }


def small():
    """A timeline with one record of each kind."""
    return {
        "format": "udcg-timeline/1",
        "title": "Small",
        "released": "2026-01-01",
        "licence": "CC0-1.0",
        "sources": [{"id": "s", "file": "s.txt", "bytes": len(DOCUMENT)}],
        "participants": [
            {"id": "us", "kind": "country", "country": "US", "name": "US", "evidence": [cite("name")]}
        ],
        "meetings": [
            {"id": "m", "title": "M", "kind": "call", "status": "held", "evidence": [cite("title")]}
        ],
        "aid": [
            {"id": "a", "kind": "package", "amount": 5, "currency": "USD", "donor": "us",
             "category": "military", "evidence": [cite("amount")]}
        ],
        "claims": [
            {"id": "c", "type": "event", "statement": "C.", "negative": False,
             "evidence": [cite("statement")]}
        ],
    }  # fmt: skip


def records(document):
    """The header, then every record with its kind: the lines of the record form."""
    yield {key: document[key] for key in HEADER if key in document}
    for plural, kind in KINDS.items():
        for record in document.get(plural, []):
            yield {"record": kind, **record}


def write(path, document):
    """In the form that the name's ending says."""
    if path.suffix == ".json":
        text = json.dumps(document, ensure_ascii=False)
    else:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in records(document))
    path.write_text(text, "utf-8")
    return path


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _ordered(key, members):
    if key in KEEP_ORDER:
        return members
    if key == "evidence":
        return sorted(members, key=lambda m: (
            m["source"], m["byte_start"], m["byte_end"], canonical(m).encode()))  # fmt: skip
    if key == "attendance":
        return sorted(members, key=lambda m: (
            m["participant"], "representative" not in m, m.get("representative", "").encode()))  # fmt: skip
    return sorted(members, key=lambda m: (m if isinstance(m, str) else canonical(m)).encode())


def normal(value, key=None):
    """Without what is null or empty, sets in order."""
    if isinstance(value, dict):
        members = {name: normal(member, name) for name, member in value.items()}
        return {name: m for name, m in members.items() if m is not None and m != []}
    if isinstance(value, list):
        return _ordered(key, [normal(member) for member in value])
    return value


def version(document):
    """dataset.version, from the documentation alone."""
    lines = list(records({key: normal(value) for key, value in document.items()}))
    lines = [normal(line) for line in lines]
    figures = {line["id"]: line for line in lines if line.get("record") == "aid"}
    pairs = {(a, b) for a, line in figures.items() for b in line.get("overlaps", [])}
    for a, b in pairs:
        for one, other in ((a, b), (b, a)):
            mutual = set(figures[one].get("overlaps", [])) | {other}
            figures[one]["overlaps"] = sorted(mutual)
    kinds = list(KINDS.values())
    lines[1:] = sorted(lines[1:], key=lambda line: (kinds.index(line["record"]), line["id"]))
    return hashlib.sha256("".join(canonical(line) + "\n" for line in lines).encode()).hexdigest()


def vary(value, random, key=None):
    """The same said in another way: members and sets in another order, null or left out."""
    if isinstance(value, dict):
        members = [(name, vary(member, random, name)) for name, member in value.items()]
        if "id" in value and "note" not in value and random.random() < 0.5:
            members.append(("note", None))
        random.shuffle(members)
        return dict(members)
    if isinstance(value, list):
        members = [vary(member, random) for member in value]
        if key not in KEEP_ORDER:
            random.shuffle(members)
        return members
    return value
