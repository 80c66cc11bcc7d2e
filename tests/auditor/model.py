"""A timeline as the API speaks of it: records with every key, sets in order, links resolved."""

import hashlib
import json
from collections import defaultdict
from functools import cached_property

from . import dates

KINDS = {  # record kind -> the list that holds it in the document form
    "source": "sources",
    "participant": "participants",
    "meeting": "meetings",
    "aid": "aid",
    "claim": "claims",
}
SCALARS = {
    "source": "id file publisher byline language header_date header_date_trusted published bytes"
    " sha256 url note",
    "participant": "id kind name country note",
    "meeting": "id title kind series ordinal date place venue country format status part_of note",
    "aid": "id kind measure amount currency qualifier donor recipient category verb mechanism"
    " claimant announced_by date since since_text deliver_by meeting contained_in supersedes"
    " conflict_group note",
    "claim": "id type statement value unit qualifier claimant representative subject date horizon"
    " conflict_group negative contained_in meeting aid note",
    "attendance": "participant role status mode representative",
    "headcount": "value qualifier counts unit",
    "evidence": "source byte_start byte_end sha256 basis reasoning quote char_start char_end"
    " paragraph",
}
LISTS = {
    "source": "evidence",
    "participant": "aliases titles members evidence",
    "meeting": "conveners attendance headcounts evidence",
    "aid": "items overlaps evidence",
    "claim": "evidence",
    "attendance": "evidence",
    "headcount": "evidence",
    "evidence": "supports",
}
OBJECTS = {"evidence": "evidence", "attendance": "attendance", "headcounts": "headcount"}
KEEP_ORDER = ("aliases", "titles", "items")


def canonical(value):
    """RFC 8785 for what a timeline holds (no reals, keys in ASCII), without what is null or []."""
    return json.dumps(_kept(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _kept(value):
    if isinstance(value, dict):
        return {key: _kept(item) for key, item in value.items() if item is not None and item != []}
    return [_kept(item) for item in value] if isinstance(value, list) else value


SET_ORDERS = {
    "evidence": lambda one: (one["source"], one["byte_start"], one["byte_end"], canonical(one)),
    "attendance": lambda one: (
        one["participant"], one["representative"] is None, one["representative"] or "",
    ),
    "headcounts": canonical,
}  # fmt: skip


def normalised(kind, raw):
    """Every key of the kind: null or [] where the file leaves it out; sets in canonical order."""
    record = {key: raw.get(key) for key in SCALARS[kind].split()}
    for key in LISTS[kind].split():
        members = raw.get(key) or []
        if key in OBJECTS:
            members = [normalised(OBJECTS[key], member) for member in members]
        record[key] = members if key in KEEP_ORDER else sorted(members, key=SET_ORDERS.get(key))
    return record


def _records(path):
    """The header and (kind, record) pairs of a file in either form."""
    with open(path, encoding="utf-8") as file:
        first = file.readline()
        try:
            header = json.loads(first)
        except json.JSONDecodeError:
            header = None
        if header is not None and not any(name in header for name in KINDS.values()):
            yield header
            for line in file:
                if line.strip():
                    record = json.loads(line)
                    yield record["record"], record
            return
        document = json.loads(first + file.read())
    yield document
    for kind, name in KINDS.items():
        for record in document.get(name) or []:
            yield kind, record


def load(path):
    records = _records(path)
    timeline = Timeline(next(records))
    for kind, record in records:
        timeline.add(kind, record)
    return timeline


class Timeline:
    def __init__(self, header):
        self.title = header["title"]
        self.released = header["released"]
        self.licence = header["licence"]
        self.by_kind = {kind: {} for kind in KINDS}
        self._bounds = {}
        self._standing = {}
        self.lasting_reasons = {}  # what figures.py has worked out
        self.used = {}

    def add(self, kind, raw):
        record = normalised(kind, raw)
        self.by_kind[kind][record["id"]] = record

    def records(self, kind):
        return self.by_kind[kind].values()

    def get(self, kind, identifier):
        return self.by_kind[kind].get(identifier)

    def bounds(self, text):
        if text not in self._bounds:
            self._bounds[text] = dates.bounds(text)
        return self._bounds[text]

    def published_order(self, source_ids):
        """The known publication dates of sources, the earliest first."""
        known = []
        for identifier in source_ids:
            published = self.by_kind["source"][identifier]["published"]
            pair = self.bounds(published).pair
            if pair:
                known.append((pair, identifier, published))
        return [published for _, _, published in sorted(known)]

    @cached_property
    def version(self):
        """The digest of the canonical record form."""
        digest = hashlib.sha256()

        def add(line):
            digest.update(canonical(line).encode() + b"\n")

        add({
            "format": "udcg-timeline/1",
            "title": self.title,
            "released": self.released,
            "licence": self.licence,
        })  # fmt: skip
        for kind, records in self.by_kind.items():
            for identifier in sorted(records):
                record = records[identifier] | {"record": kind}
                if kind == "aid":
                    record["overlaps"] = sorted(self.overlaps.get(identifier, ()))
                add(record)
        return digest.hexdigest()

    # What refers to what.

    def _grouped(self, kind, field):
        groups = defaultdict(list)
        for record in self.records(kind):
            if record[field] is not None:
                groups[record[field]].append(record)
        return groups

    @cached_property
    def aid_of_meeting(self):
        return self._grouped("aid", "meeting")

    @cached_property
    def claims_of_meeting(self):
        return self._grouped("claim", "meeting")

    @cached_property
    def claims_of_aid(self):
        return self._grouped("claim", "aid")

    @cached_property
    def meetings_of_series(self):
        return self._grouped("meeting", "series")

    def standing_of(self, series):
        """(bounds, id) of the meetings of a series that are neither cancelled nor postponed."""
        if series not in self._standing:
            self._standing[series] = [
                (self.bounds(meeting["date"]), meeting["id"])
                for meeting in self.meetings_of_series[series]
                if meeting["status"] in ("planned", "held")
            ]
        return self._standing[series]

    @cached_property
    def readings_of_measure(self):
        return self._grouped("aid", "measure")

    @cached_property
    def correction_of(self):
        """aid id -> the id of the record that supersedes it"""
        return {aid["supersedes"]: aid["id"] for aid in self.records("aid") if aid["supersedes"]}

    @cached_property
    def overlaps(self):
        """aid id -> ids that overlap it; written once, it holds for both"""
        mirrored = defaultdict(set)
        for aid in self.records("aid"):
            for other in aid["overlaps"]:
                mirrored[aid["id"]].add(other)
                mirrored[other].add(aid["id"])
        return mirrored

    @cached_property
    def packages_in_conflict_group(self):
        """conflict_group -> ids of its packages that are not superseded"""
        groups = defaultdict(set)
        for aid in self.records("aid"):
            if aid["kind"] == "package" and aid["conflict_group"]:
                if aid["id"] not in self.correction_of:
                    groups[aid["conflict_group"]].add(aid["id"])
        return groups

    @cached_property
    def persons_of(self):
        """country participant's id -> ids of the persons who represent it"""
        countries = {
            participant["country"]: participant["id"]
            for participant in self.records("participant")
            if participant["kind"] == "country"
        }
        persons = defaultdict(set)
        for participant in self.records("participant"):
            if participant["kind"] == "person" and participant["country"] in countries:
                persons[countries[participant["country"]]].add(participant["id"])
        return persons

    def with_persons(self, identifiers):
        """The ids, and those of the persons of the countries among them."""
        found = set(identifiers)
        for identifier in identifiers:
            found |= self.persons_of.get(identifier, set())
        return found

    @cached_property
    def attendance_of(self):
        """participant id -> (meeting, entry) pairs"""
        entries = defaultdict(list)
        for meeting in self.records("meeting"):
            for entry in meeting["attendance"]:
                entries[entry["participant"]].append((meeting, entry))
        return entries

    def attendance_with_persons(self, identifier):
        return [
            pair
            for attendee in self.with_persons({identifier})
            for pair in self.attendance_of.get(attendee, ())
        ]

    @cached_property
    def aid_of_party(self):
        """participant id -> ids of the figures of which it is donor or recipient"""
        figures = defaultdict(set)
        for aid in self.records("aid"):
            for party in (aid["donor"], aid["recipient"]):
                if party:
                    figures[party].add(aid["id"])
        return figures


def basis(evidence, field):
    """stated or derived (if any is), from the citations that support the field; null without."""
    found = {citation["basis"] for citation in evidence if field in citation["supports"]}
    if not found:
        return None
    return "derived" if "derived" in found else "stated"


def cited(record):
    """Ids of the sources cited, by the record or by its attendance and headcounts."""
    inner = record.get("attendance", []) + record.get("headcounts", [])
    return sorted(
        {citation["source"] for part in (record, *inner) for citation in part["evidence"]}
    )
