"""The rows of each resource, with their computed fields."""

from . import figures
from .model import basis, cited


def _dated(timeline, record):
    bounds = timeline.bounds(record["date"])
    return {
        "date_min": bounds.first,
        "date_max": bounds.last,
        "date_precision": bounds.precision,
        "date_qualifier": bounds.qualifier,
        "date_basis": basis(record["evidence"], "date"),
    }


def _provenance(timeline, record):
    source_ids = cited(record)
    published = timeline.published_order(source_ids)
    return {"source_ids": source_ids, "reported": published[0] if published else None}


def _own(record):
    """The record's fields as the file has them; lists of objects come by include alone."""
    hidden = ("evidence", "attendance", "headcounts")
    return {key: value for key, value in record.items() if key not in hidden}


def meeting(timeline, record):
    series = record["series"] and timeline.get("participant", record["series"])
    status = timeline.published_order(
        {citation["source"] for citation in record["evidence"] if "status" in citation["supports"]}
    )
    absent = ("declined", "absent")
    return {
        **_own(record),
        **_provenance(timeline, record),
        **_dated(timeline, record),
        "series_name": series["name"] if series else None,
        "series_basis": basis(record["evidence"], "series"),
        "status_as_of": status[-1] if status else None,
        "named_count": sum(entry["status"] not in absent for entry in record["attendance"]),
        **headcount(record["headcounts"]),
        "aid_count": len(timeline.aid_of_meeting.get(record["id"], ())),
        "previous": neighbour(timeline, record, before=True),
        "next": neighbour(timeline, record, before=False),
    }


def headcount(headcounts):
    """The strongest count there is, countries before people; disagreement becomes a range."""
    for counts in ("attended", "expected", "accepted", "invited"):
        for unit in ("countries", "people"):
            found = [h for h in headcounts if (h["counts"], h["unit"]) == (counts, unit)]
            if found:
                values = [h["value"] for h in found]
                agreed = len({(h["value"], h["qualifier"]) for h in found}) == 1
                return {
                    "headcount_value": min(values),
                    "headcount_value_max": max(values),
                    "headcount_qualifier": found[0]["qualifier"] if agreed else None,
                    "headcount_counts": counts,
                    "headcount_unit": unit,
                }
    names = ("value", "value_max", "qualifier", "counts", "unit")
    return dict.fromkeys(f"headcount_{name}" for name in names)


def neighbour(timeline, record, before):
    """The nearest meeting of the series on one side of this one, or None where that is not sure."""
    if record["series"] is None:
        return None

    def apart(one, other):
        """Is `one` surely on the far side of `other`?"""
        if not before:
            one, other = other, one
        return None not in (one.last, other.first) and one.last < other.first

    own = timeline.bounds(record["date"])
    others = [one for one in timeline.standing_of(record["series"]) if one[1] != record["id"]]
    beyond = [other for other in others if apart(other[0], own)]
    if not beyond:
        return None
    # What is surely nearer than all others has the last end (the first begin) of them.
    candidate, nearest = (
        max(beyond, key=lambda one: one[0].last)
        if before
        else min(beyond, key=lambda one: one[0].first)
    )
    sure = all(
        identifier == nearest or apart(other, candidate) or _not_beyond(other, own, before)
        for other, identifier in others
    )
    return nearest if sure else None


def _not_beyond(other, own, before):
    """Does `other` surely not lie on that side: no day of it comes before (after) all of own's?"""
    if before:
        return None not in (other.first, own.last) and other.first >= own.last
    return None not in (other.last, own.first) and other.last <= own.first


def participant(timeline, record):
    entries = timeline.attendance_with_persons(record["id"])
    bounds = [timeline.bounds(meeting["date"]) for meeting, _ in entries]
    aid = set().union(
        *(timeline.aid_of_party.get(party, ()) for party in timeline.with_persons({record["id"]}))
    )
    return {
        **_own(record),
        **_provenance(timeline, record),
        "meeting_count": len({meeting["id"] for meeting, _ in entries}),
        "attended_count": len({m["id"] for m, entry in entries if entry["status"] == "attended"}),
        "first_date": min((b.first for b in bounds if b.first), default=None),
        "last_date": max((b.last for b in bounds if b.last), default=None),
        "aid_count": len(aid),
    }


def attendance(timeline, record, entry):
    attendee = timeline.get("participant", entry["participant"])
    return {
        "meeting": record["id"],
        "meeting_title": record["title"],
        "series": record["series"],
        "date": record["date"],
        **_dated(timeline, record),
        "participant": attendee["id"],
        "name": attendee["name"],
        "kind": attendee["kind"],
        "country": attendee["country"],
        "role": entry["role"],
        "status": entry["status"],
        "mode": entry["mode"],
        "representative": entry["representative"],
        **_provenance(timeline, entry),
    }


def aid(timeline, record):
    donor = record["donor"] and timeline.get("participant", record["donor"])
    recipient = record["recipient"] and timeline.get("participant", record["recipient"])
    return {
        **_own(record),
        "overlaps": sorted(timeline.overlaps.get(record["id"], ())),
        **_provenance(timeline, record),
        **_dated(timeline, record),
        "donor_name": donor["name"] if donor else None,
        "donor_kind": donor["kind"] if donor else None,
        "recipient_name": recipient["name"] if recipient else None,
        "meeting_basis": basis(record["evidence"], "meeting"),
        "superseded_by": figures.superseded_by(timeline, record),
        "summable": figures.summable(timeline, record),
    }


def claim(timeline, record):
    return {
        **_own(record),
        **_provenance(timeline, record),
        **_dated(timeline, record),
        "meeting_basis": basis(record["evidence"], "meeting"),
    }


def source(timeline, record, fact_count):
    check = f"echo '{record['sha256']}  {record['file']}' | sha256sum -c"
    return {
        **_own(record),
        **_provenance(timeline, record),
        "fact_count": fact_count,
        "verify": check if record["sha256"] else None,
    }


def title(timeline, kind, record):
    """What stands for a record where kinds are mixed."""
    if kind == "meeting":
        return record["title"]
    if kind == "claim":
        return record["statement"]
    if kind == "participant":
        return record["name"]
    if kind == "source":
        return record["publisher"] or record["file"]
    parties = []
    if record["donor"]:
        parties.append(timeline.get("participant", record["donor"])["name"])
    if record["recipient"]:
        parties += ["to", timeline.get("participant", record["recipient"])["name"]]
    figure = f"{record['amount']} {record['currency']}, {record['kind']}"
    return " ".join(parties) + ": " + figure if parties else figure


PATHS = {
    "meeting": "/v1/meetings/",
    "participant": "/v1/participants/",
    "aid": "/v1/aid/",
    "claim": "/v1/claims/",
    "source": "/v1/sources/",
}


def hit(timeline, kind, record):
    """A row of search, without its rank and the snippet, which is the index's own."""
    return {
        "type": kind,
        "id": record["id"],
        "title": title(timeline, kind, record),
        "href": PATHS[kind] + record["id"],
    }


def event(timeline, kind, record):
    return {
        **hit(timeline, kind, record),
        "date": record["date"],
        **_dated(timeline, record),
        **_provenance(timeline, record),
    }


def facts(kind, record):
    """(source id, row) for each citation of a record and each field that it supports."""
    parts = [("", record)]
    for name in ("attendance", "headcounts"):
        for index, part in enumerate(record.get(name, ())):
            parts.append((f"/{name}/{index}", part))
    for pointer, part in parts:
        for citation in part["evidence"]:
            for field in citation["supports"]:
                row = {"type": kind, "id": record["id"], "field": f"{pointer}/{field}"}
                for key in (
                    "byte_start", "byte_end", "char_start", "char_end", "paragraph",
                    "sha256", "basis", "reasoning", "quote",
                ):  # fmt: skip
                    row[key] = citation[key]
                yield citation["source"], row


def searched(timeline, kind, record):
    """The texts of a record in which q looks; where it has a name or a title, that comes first."""
    fields = {
        "meeting": ("title", "place", "venue", "note"),
        "participant": ("name", "note"),
        "aid": ("note",),
        "claim": ("statement", "note"),
        "source": ("publisher", "byline", "file", "note"),
    }[kind]
    texts = [record[field] for field in fields if record[field]]
    if kind == "participant":
        texts += record["aliases"] + record["titles"]
    if kind == "aid":
        texts += record["items"]
        parties = (record["donor"], record["recipient"])
        texts += [timeline.get("participant", party)["name"] for party in parties if party]
    return texts
