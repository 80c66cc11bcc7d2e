"""Filters: each makes a test of one entry from the values that a request gives.

`one_of`, `party` and their like serve a single parameter. The functions that take `params` serve
several parameters that mean something only together; they answer None where none of them is given.
Values arrive as lists of decoded strings; ids, codes and enumerations match without case.
"""

import re

from . import dates
from .figures import Window, used
from .text import Query


class Refused(Exception):
    """A request that the contract answers with a 400."""


def lowered(values):
    return {value.lower() for value in values}


def _matches(value, wanted):
    return "none" in wanted if value is None else str(value).lower() in wanted


def one_of(field):
    def make(timeline, values):
        wanted = lowered(values)
        return lambda entry: _matches(entry.row[field], wanted)

    return make


USER_ASSIGNED = re.compile(r"aa|q[m-z]|x[a-jl-z]|zz")  # no country's code, by ISO 3166-1; xk is


def country(timeline, values):
    if any(USER_ASSIGNED.fullmatch(value) for value in lowered(values)):
        raise Refused("no country")
    return one_of("country")(timeline, values)


def identifiers(kind, *, none=False):
    """Known ids of a kind, in lower case."""

    def check(timeline, values):
        wanted = lowered(values)
        for value in wanted:
            if timeline.get(kind, value) is None and not (none and value == "none"):
                raise Refused(f"no {kind} {value}")
        return wanted

    return check


def reference(kind, field, *, none=True):
    check = identifiers(kind, none=none)

    def make(timeline, values):
        wanted = check(timeline, values)
        return lambda entry: _matches(entry.row[field], wanted)

    return make


def party(field, *, none=True):
    """A participant; a country's id stands for its persons, too."""
    check = identifiers("participant", none=none)

    def make(timeline, values):
        wanted = timeline.with_persons(check(timeline, values))
        found = [field] if isinstance(field, str) else field
        return lambda entry: any(_matches(entry.row[name], wanted) for name in found)

    return make


def convener(timeline, values):
    wanted = timeline.with_persons(identifiers("participant", none=True)(timeline, values))

    def test(entry):
        conveners = entry.record["conveners"]
        return bool(wanted.intersection(conveners)) or ("none" in wanted and not conveners)

    return test


def attendee(timeline, values):
    wanted = timeline.with_persons(identifiers("participant")(timeline, values))
    return lambda entry: any(one["participant"] in wanted for one in entry.record["attendance"])


def place(timeline, values):
    wanted = {value.casefold() for value in values}

    def test(entry):
        names = [name for name in (entry.record["place"], entry.record["venue"]) if name]
        if not names:
            return "none" in wanted
        return any(name.casefold() in wanted for name in names)

    return test


def donor_member(timeline, values):
    members = identifiers("participant")(timeline, values)

    def test(entry):
        donor = entry.record["donor"] and timeline.get("participant", entry.record["donor"])
        return bool(donor) and donor["kind"] == "group" and not members.isdisjoint(donor["members"])

    return test


def source(timeline, values):
    wanted = identifiers("source")(timeline, values)
    return lambda entry: not wanted.isdisjoint(entry.cited)


def q(timeline, values):
    query = Query(values[0])
    return lambda entry: query.matches(entry.words)


def period(grain):
    def make(timeline, values):
        wanted = lowered(values)
        return lambda entry: _matches(
            (found := dates.period_of(entry.bounds, grain)) and found.lower(), wanted
        )

    return make


def is_true(known):
    """A boolean parameter about something that an entry has or has not."""

    def make(timeline, values):
        wanted = values[0].lower() == "true"
        return lambda entry: known(entry) == wanted

    return make


# Parameters that go together.


def _first(params, name):
    return params[name][0] if name in params else None


def _window(params):
    return Window.of({name: _first(params, name) for name in ("from", "to", "as_of")})


def window(timeline, params):
    """from, to, dates: the days that a record may, or must, lie in."""
    if "counted" in params or not {"from", "to"} & params.keys():
        return None
    test = dates.certain if _first(params, "dates") == "certain" else dates.possible
    since, until = _window(params)
    return lambda entry: test(entry.bounds, since, until)


def attendance_entry(timeline, params):
    """role, status, meeting, series of participants: one entry meets all; persons count for theirs."""
    asked = {name: lowered(params[name]) for name in ("role", "status", "meeting", "series")
             if name in params}  # fmt: skip
    if not asked:
        return None
    identifiers("meeting")(timeline, asked.get("meeting", ()))
    identifiers("participant", none=True)(timeline, asked.get("series", ()))

    def value(name, meeting, one):
        return {"meeting": meeting["id"], "series": meeting["series"]}.get(name, one.get(name))

    return lambda entry: any(
        all(_matches(value(name, meeting, one), wanted) for name, wanted in asked.items())
        for meeting, one in timeline.attendance_with_persons(entry.record["id"])
    )


def amount(timeline, params):
    lowest, highest = _first(params, "min_amount"), _first(params, "max_amount")
    if lowest is None and highest is None:
        return None
    if "currency" not in params:
        raise Refused("min_amount and max_amount need currency")
    return lambda entry: (
        (lowest is None or entry.record["amount"] >= int(lowest))
        and (highest is None or entry.record["amount"] <= int(highest))
    )


def counted(timeline, params):
    """The figures that totals would use, with its meaning of from, to and as_of."""
    if "counted" not in params:
        if "as_of" in params:
            raise Refused("as_of needs counted")
        return None
    if {"dates", "undated", "date_basis", "superseded"} & params.keys():
        raise Refused("counted has its own meaning of dates and superseded")
    if {"as_of", "to"} <= params.keys():
        raise Refused("as_of with to")
    ids = used(timeline, _window(params))
    return lambda entry: entry.record["id"] in ids
