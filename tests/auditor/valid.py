"""The rules of a valid timeline, held against the generators: what a loader must accept."""

from collections import Counter

from .model import LISTS, OBJECTS, SCALARS
from .random_records import HIDDEN, LARGEST

REFERENCES = {
    "participant": (("members", "participant"),),
    "meeting": (("series", "participant"), ("conveners", "participant"), ("part_of", "meeting")),
    "attendance": (("participant", "participant"),),
    "aid": (
        ("donor", "participant"), ("recipient", "participant"), ("claimant", "participant"),
        ("announced_by", "participant"), ("meeting", "meeting"), ("contained_in", "aid"),
        ("overlaps", "aid"), ("supersedes", "aid"),
    ),
    "claim": (
        ("claimant", "participant"), ("subject", "participant"), ("contained_in", "claim"),
        ("meeting", "meeting"), ("aid", "aid"),
    ),
}  # fmt: skip
CHAINS = (
    ("aid", "contained_in"), ("aid", "supersedes"), ("claim", "contained_in"), ("meeting", "part_of"),
    ("participant", "members"),
)  # fmt: skip
SUPPORTED = {
    "aid": ("date", "meeting"),
    "claim": ("date", "meeting"),
    "meeting": ("date", "series"),
}


def faults(timeline):
    for kind, name, part in _parts(timeline):
        for fault in (*_evidence(timeline, kind, part), *_references(timeline, kind, part)):
            yield f"{name}: {fault}"
    for kind, field in CHAINS:
        for record in timeline.records(kind):
            if _circular(timeline.by_kind[kind], record, field):
                yield f"{kind} {record['id']}: {field} comes back to it"
    for meeting in timeline.records("meeting"):
        yield from (f"meeting {meeting['id']}: {fault}" for fault in _attendance(timeline, meeting))
    yield from _aid(timeline)


def _parts(timeline):
    """Every object that carries evidence."""
    for kind in timeline.by_kind:
        for record in timeline.records(kind):
            yield kind, f"{kind} {record['id']}", record
            for name in ("attendance", "headcounts"):
                for index, part in enumerate(record.get(name, ())):
                    yield OBJECTS[name], f"{kind} {record['id']} {name} {index}", part


def _evidence(timeline, kind, part):
    if not part["evidence"] and kind != "source":
        yield "no evidence"
    seen, derived, reasoned = Counter(), set(), set()
    for citation in part["evidence"]:
        source = timeline.get("source", citation["source"])
        if source is None:
            yield f"no source {citation['source']}"
        elif not 0 <= citation["byte_start"] < citation["byte_end"] <= source["bytes"]:
            yield "byte range"
        if (citation["char_start"] is None) != (citation["char_end"] is None):
            yield "half a range of characters"
        for field in citation["supports"]:
            if field not in SCALARS[kind].split() + LISTS[kind].split() or field in HIDDEN:
                yield f"{field} is no field to support"
            elif part[field] in (None, []):
                yield f"{field} is supported and null"
            seen[citation["source"], citation["byte_start"], citation["byte_end"], field] += 1
            if citation["basis"] == "derived":
                derived.add(field)
                if citation["reasoning"]:
                    reasoned.add(field)
    if seen and max(seen.values()) > 1:
        yield "two equal citations"
    if derived != reasoned:
        yield f"no reasoning for {derived - reasoned}"
    known = {field for *_, field in seen}
    for field in SUPPORTED.get(kind, ()):
        if part[field] is not None and field not in known:
            yield f"nothing supports {field}"


def _references(timeline, kind, part):
    for field, target in REFERENCES.get(kind, ()):
        named = part[field] if isinstance(part[field], list) else [part[field]]
        if len(named) != len(set(named)):
            yield f"{field} names one twice"
        for identifier in named:
            if identifier is not None and timeline.get(target, identifier) is None:
                yield f"{field}: no {target} {identifier}"
            if identifier is not None and target == kind and identifier == part["id"]:
                yield f"{field} names itself"


def _circular(records, record, field):
    """Does following the field, to all that it names, lead back to the record?"""
    seen, ahead = set(), [record["id"]]
    while ahead:
        named = records[ahead.pop()][field] or []
        for identifier in [named] if isinstance(named, str) else named:
            if identifier == record["id"]:
                return True
            if identifier in records and identifier not in seen:
                seen.add(identifier)
                ahead.append(identifier)
    return False


def _attendance(timeline, meeting):
    keys = Counter((one["participant"], one["representative"]) for one in meeting["attendance"])
    if keys and max(keys.values()) > 1:
        yield "two equal attendance entries"
    if meeting["kind"] == "call" and len({participant for participant, _ in keys}) > 2:
        yield "a call of more than two"
    for participant, representative in keys:
        if representative and timeline.get("participant", participant)["kind"] == "person":
            yield f"{participant} is a person and has a representative"
    if meeting["series"]:
        if timeline.get("participant", meeting["series"])["kind"] not in ("group", "organisation"):
            yield "a series that is neither group nor organisation"


def _aid(timeline):
    sums, measures, superseded = Counter(), {}, Counter()
    for aid in timeline.records("aid"):
        if not 1 <= aid["amount"] <= LARGEST:
            yield f"aid {aid['id']}: amount"
        if (aid["kind"] == "package") != (aid["measure"] is None):
            yield f"aid {aid['id']}: measure"
        if aid["supersedes"]:
            superseded[aid["supersedes"]] += 1
            old = timeline.get("aid", aid["supersedes"])
            if (old["kind"], old["currency"]) != (aid["kind"], aid["currency"]):
                yield f"aid {aid['id']} corrects another kind or currency"
        if aid["measure"]:
            alike = tuple(aid[key] for key in ("kind", "donor", "recipient", "currency"))
            if measures.setdefault(aid["measure"], alike) != alike:
                yield f"aid {aid['id']}: its measure has another kind, party or currency"
        else:
            sums[aid["currency"]] += aid["amount"]
    if superseded and max(superseded.values()) > 1:
        yield "two records supersede one"
    for currency, amount in sums.items():
        if amount > LARGEST:
            yield f"packages in {currency} add up to {amount}"
