"""One declaration a resource: its entries, parameters, sorts and includes."""

from functools import cached_property
from typing import Callable, NamedTuple

from . import filters, rows
from .filters import attendee, convener, is_true, one_of, party, period, place, reference
from .model import cited
from .text import tokens


class Entry:
    """One row of a list and what its filters look at."""

    def __init__(self, timeline, kind, record, row, texts=None):
        self.kind = kind
        self.record = record
        self.row = row
        self.bounds = timeline.bounds(record.get("date"))
        self.texts = rows.searched(timeline, kind, record) if texts is None else texts

    @cached_property
    def cited(self):
        return set(self.row["source_ids"] if "source_ids" in self.row else cited(self.record))

    @cached_property
    def words(self):
        return [tokens(text) for text in self.texts]


class Resource(NamedTuple):
    entries: Callable
    parameters: dict = {}
    together: tuple = ()  # (function, names of its parameters)
    sorts: dict = {}
    ties: tuple = ("id",)
    includes: dict = {}

    def names(self):
        """All parameters by which a request can choose entries."""
        return set(self.parameters).union(*(names for _, names in self.together))


def _plain(kind, make_row):
    """Entries of the resource that has one row a record."""
    return lambda timeline: [
        Entry(timeline, kind, record, make_row(timeline, record))
        for record in timeline.records(kind)
    ]


def _attendance(timeline):
    for meeting in timeline.records("meeting"):
        for one in meeting["attendance"]:
            row = rows.attendance(timeline, meeting, one)
            yield Entry(
                timeline, "attendance", {**one, "date": meeting["date"], "meeting": meeting}, row,
                [row["name"], row["meeting_title"]],
            )  # fmt: skip


def _mixed(make_row, *kinds):
    return lambda timeline: [
        Entry(timeline, kind, record, make_row(timeline, kind, record))
        for kind in kinds
        for record in timeline.records(kind)
    ]


def facts_by_source(timeline):
    found = {identifier: [] for identifier in timeline.by_kind["source"]}
    for kind in timeline.by_kind:
        for record in timeline.records(kind):
            for source_id, row in rows.facts(kind, record):
                found[source_id].append(Entry(timeline, kind, record, row))
    return found


def _sources(timeline):
    counts = {source: len(facts) for source, facts in facts_by_source(timeline).items()}
    return [
        Entry(timeline, "source", record, rows.source(timeline, record, counts[record["id"]]))
        for record in timeline.records("source")
    ]


COMMON = {"source": filters.source, "q": filters.q}
DATED = COMMON | {
    "undated": is_true(lambda entry: not entry.bounds.known),
    "date_basis": one_of("date_basis"),
}
WINDOW = (filters.window, ("from", "to", "dates"))


def series_basis(timeline, values):
    wanted = filters.lowered(values)

    def test(entry):
        meeting = entry.record.get("meeting", entry.record)
        found = rows.basis(meeting["evidence"], "series")
        return "none" in wanted if found is None else found in wanted

    return test


def by(field):
    return lambda timeline, entry: entry.row[field]


def by_date(timeline, entry):
    return entry.bounds.pair


def _embed(name, key, order=("id",)):
    """Rows of another list, by the ids that `key` gives; `order` are the keys that sort them."""

    def make(api, entry):
        found = [api.row(name, identifier) for identifier in key(api.timeline, entry)]
        return sorted(found, key=lambda row: [row[part] for part in order])

    return make


def _evidence(api, entry):
    order = ("source", "byte_start", "byte_end")
    return sorted(entry.record["evidence"], key=lambda one: [one[part] for part in order])


def _headcounts(api, entry):
    fields = ("value", "qualifier", "counts", "unit")
    return [
        {**{field: one[field] for field in fields}, "source_ids": cited(one)}
        for one in entry.record["headcounts"]
    ]


def _meeting_attendance(api, entry):
    found = [rows.attendance(api.timeline, entry.record, one) for one in entry.record["attendance"]]
    nulls_last = lambda text: (text is None, text or "")  # noqa: E731
    return sorted(found, key=lambda row: (row["participant"], nulls_last(row["representative"])))


def _ids(grouped):
    return lambda timeline, entry: [
        record["id"] for record in getattr(timeline, grouped).get(entry.record["id"], ())
    ]


_EMBED_EVIDENCE = {"evidence": _evidence}
_EMBED_SOURCES = {"sources": _embed("sources", lambda timeline, entry: entry.row["source_ids"])}

RESOURCES = {
    "meetings": Resource(
        entries=_plain("meeting", rows.meeting),
        parameters=DATED | {
            "series": reference("participant", "series"),
            "kind": one_of("kind"),
            "status": one_of("status"),
            "format": one_of("format"),
            "country": filters.country,
            "place": place,
            "ordinal": one_of("ordinal"),
            "participant": attendee,
            "convener": convener,
            "series_basis": series_basis,
        },
        together=(WINDOW,),
        sorts={
            "date": by_date,
            "title": by("title"),
            "series": by("series"),
            "ordinal": by("ordinal"),
            "named_count": by("named_count"),
        },
        includes=_EMBED_EVIDENCE | _EMBED_SOURCES | {
            "attendance": _meeting_attendance,
            "headcounts": _headcounts,
            "aid": _embed("aid", _ids("aid_of_meeting")),
            "claims": _embed("claims", _ids("claims_of_meeting")),
        },
    ),
    "participants": Resource(
        entries=_plain("participant", rows.participant),
        parameters=COMMON | {"kind": one_of("kind"), "country": filters.country},
        together=((filters.attendance_entry, ("role", "status", "meeting", "series")),),
        sorts={
            name: by(name)
            for name in ("id", "name", "kind", "country", "meeting_count", "first_date")
        },
        includes=_EMBED_EVIDENCE | _EMBED_SOURCES | {
            "member_participants": _embed(
                "participants", lambda timeline, entry: entry.record["members"]
            ),
        },
    ),
    "attendance": Resource(
        entries=_attendance,
        parameters=DATED | {
            "meeting": reference("meeting", "meeting", none=False),
            "participant": party("participant", none=False),
            "country": filters.country,
            "role": one_of("role"),
            "status": one_of("status"),
            "series": reference("participant", "series"),
            "series_basis": series_basis,
        },
        together=(WINDOW,),
        sorts={
            "date": by_date,
            "meeting": by("meeting"),
            "participant": by("participant"),
            "country": by("country"),
        },
        ties=("meeting", "participant", "representative"),
        includes=_EMBED_EVIDENCE,
    ),
    "aid": Resource(
        entries=_plain("aid", rows.aid),
        parameters=DATED | {
            "id": reference("aid", "id", none=False),
            "kind": one_of("kind"),
            "measure": one_of("measure"),
            "donor": reference("participant", "donor"),
            "recipient": reference("participant", "recipient"),
            "category": one_of("category"),
            "mechanism": one_of("mechanism"),
            "currency": one_of("currency"),
            "claimant": party("claimant"),
            "meeting": reference("meeting", "meeting"),
            "superseded": is_true(lambda entry: entry.row["superseded_by"] is not None),
            "conflict_group": one_of("conflict_group"),
            "donor_member": filters.donor_member,
            "year": period("year"),
            "quarter": period("quarter"),
            "month": period("month"),
        },
        together=(
            WINDOW,
            (filters.amount, ("min_amount", "max_amount", "currency")),
            (filters.counted, ("counted", "as_of", "from", "to")),
        ),
        sorts={
            "date": by_date,
            "amount": lambda timeline, entry: (entry.row["currency"], entry.row["amount"]),
            "donor": by("donor"),
        },
        includes=_EMBED_EVIDENCE | _EMBED_SOURCES | {
            "claims": _embed("claims", _ids("claims_of_aid")),
        },
    ),
    "claims": Resource(
        entries=_plain("claim", rows.claim),
        parameters=DATED | {
            "type": one_of("type"),
            "claimant": party("claimant"),
            "subject": party("subject"),
            "conflicting": is_true(lambda entry: entry.row["conflict_group"] is not None),
            "conflict_group": one_of("conflict_group"),
            "negative": one_of("negative"),
            "meeting": reference("meeting", "meeting"),
            "aid": reference("aid", "aid"),
        },
        together=(WINDOW,),
        sorts={"date": by_date, "type": by("type"), "value": by("value")},
        includes=_EMBED_EVIDENCE | _EMBED_SOURCES,
    ),
    "timeline": Resource(
        entries=_mixed(rows.event, "meeting", "aid", "claim"),
        parameters=DATED | {"type": one_of("type")},
        together=(WINDOW,),
        sorts={"date": by_date},
        ties=("type", "id"),
    ),
    "search": Resource(
        entries=_mixed(rows.hit, "meeting", "participant", "aid", "claim", "source"),
        parameters={"q": filters.q, "type": one_of("type")},
        sorts={"type": by("type")},  # see Api.ranked
        ties=("type", "id"),
    ),
    "sources": Resource(
        entries=_sources,
        parameters=COMMON,
        sorts={
            "id": by("id"),
            "published": lambda timeline, entry: timeline.bounds(entry.record["published"]).pair,
        },
        includes=_EMBED_EVIDENCE,
    ),
    "facts": Resource(
        entries=lambda timeline: [
            entry for entries in facts_by_source(timeline).values() for entry in entries
        ],
        parameters={"q": filters.q},
        sorts={"byte_start": by("byte_start")},
        ties=("byte_end", "type", "id", "field"),
    ),
}  # fmt: skip
