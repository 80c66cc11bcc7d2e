"""What becomes of an aid figure: superseded, contained, in conflict, or counted.

A figure is chosen in two steps. `Window` says what the request's dates mean for it; `choose` sorts
the figures into those used and those left out, each of these under the first reason that applies.
"""

from typing import NamedTuple

from . import dates

REASONS = (
    "superseded", "contained", "conflicting", "date_uncertain", "undated", "earlier_reading",
)  # fmt: skip


def superseded_by(timeline, aid):
    return timeline.correction_of.get(aid["id"])


def in_conflict(timeline, aid):
    """Another package of its conflict group still stands."""
    if aid["kind"] != "package" or not aid["conflict_group"]:
        return False
    standing = timeline.packages_in_conflict_group.get(aid["conflict_group"], set())
    return bool(standing - {aid["id"]})


def latest_correction(timeline, identifier):
    while identifier in timeline.correction_of:
        identifier = timeline.correction_of[identifier]
    return identifier


def containing_package(timeline, aid):
    """The id of the package that already holds this figure, directly or through others."""
    seen = {aid["id"]}
    container = aid["contained_in"]
    while container is not None:
        container = latest_correction(timeline, container)
        if container in seen:
            return None
        seen.add(container)
        holder = timeline.get("aid", container)
        if holder["kind"] == "package" and not in_conflict(timeline, holder):
            return container
        container = holder["contained_in"]
    return None


def summable(timeline, aid):
    return (
        aid["kind"] == "package"
        and superseded_by(timeline, aid) is None
        and containing_package(timeline, aid) is None
        and not in_conflict(timeline, aid)
    )


class Window(NamedTuple):
    """The days that a request asks for. `until` is `as_of` or else `to`; readings heed it alone."""

    since: str | None = None
    until: str | None = None

    @classmethod
    def of(cls, params):
        since = params.get("from")
        until = params.get("as_of") or params.get("to")
        return cls(since and dates.plain(since)[0], until and dates.plain(until)[1])

    def limits(self, aid):
        return (self.since if aid["kind"] == "package" else None, self.until)

    def certain(self, timeline, aid):
        return dates.certain(timeline.bounds(aid["date"]), *self.limits(aid))

    def outside(self, timeline, aid):
        return dates.outside(timeline.bounds(aid["date"]), *self.limits(aid))


def latest_readings(timeline, readings):
    """Those that no other reading overtakes; members of one conflict group never do."""
    begins = sorted(
        (
            (timeline.bounds(reading["date"]).first or "", reading["conflict_group"])
            for reading in readings
        ),
        key=lambda begin: begin[0],
        reverse=True,
    )

    def overtaken(reading):
        last, group = timeline.bounds(reading["date"]).last, reading["conflict_group"]
        rivals = (first for first, other in begins if group is None or other != group)
        return last is not None and next(rivals, "") > last

    return [reading for reading in readings if not overtaken(reading)]


def standing_readings(timeline, measure, window, grain):
    """(reading, period) rows of one measure, before any filter; period is null without a grain."""
    readings = [
        reading
        for reading in timeline.readings_of_measure[measure]
        if superseded_by(timeline, reading) is None and window.certain(timeline, reading)
    ]
    if grain is None:
        return [(reading, None) for reading in latest_readings(timeline, readings)]
    last_day = {reading["id"]: timeline.bounds(reading["date"]).last for reading in readings}
    rows = [(reading, None) for reading in readings if last_day[reading["id"]] is None]
    certain = [reading for reading in readings if last_day[reading["id"]] is not None]
    if certain:
        ends = [last_day[reading["id"]] for reading in certain]
        for period in dates.periods_between(min(ends), max(ends), grain):
            end = dates.period_end(period)
            known = [reading for reading in certain if last_day[reading["id"]] <= end]
            rows += [(reading, period) for reading in latest_readings(timeline, known)]
    return rows


class Choice(NamedTuple):
    packages: list
    readings: list  # (reading, period)
    excluded: dict


def choose(timeline, figures, window, grain=None):
    """Sorts the figures that match a request's other filters into used and left out."""
    standing = {
        measure: standing_readings(timeline, measure, window, grain)
        for measure in {aid["measure"] for aid in figures if aid["kind"] != "package"}
    }
    stands = {reading["id"] for rows in standing.values() for reading, _ in rows}
    packages, used, excluded = [], set(), dict.fromkeys(REASONS, 0)
    for aid in figures:
        if window.outside(timeline, aid):
            continue
        reason = _reason(timeline, aid, window, stands)
        if reason:
            excluded[reason] += 1
        elif aid["kind"] == "package":
            packages.append(aid)
        else:
            used.add(aid["id"])
    readings = [row for rows in standing.values() for row in rows if row[0]["id"] in used]
    return Choice(packages, readings, excluded)


def _reason(timeline, aid, window, stands):
    if aid["id"] not in timeline.lasting_reasons:
        timeline.lasting_reasons[aid["id"]] = _lasting_reason(timeline, aid)
    if reason := timeline.lasting_reasons[aid["id"]]:
        return reason
    if not window.certain(timeline, aid):
        return "date_uncertain" if timeline.bounds(aid["date"]).known else "undated"
    if aid["kind"] != "package" and aid["id"] not in stands:
        return "earlier_reading"
    return None


def _lasting_reason(timeline, aid):
    """Why a figure is left out whatever the request."""
    if superseded_by(timeline, aid) is not None:
        return "superseded"
    if aid["kind"] == "package" and containing_package(timeline, aid) is not None:
        return "contained"
    return "conflicting" if in_conflict(timeline, aid) else None


def used(timeline, window):
    """The ids of all figures that totals use with no filter but the window."""
    if window not in timeline.used:
        choice = choose(timeline, timeline.records("aid"), window)
        timeline.used[window] = {aid["id"] for aid in choice.packages}
        timeline.used[window].update(reading["id"] for reading, _ in choice.readings)
    return timeline.used[window]
