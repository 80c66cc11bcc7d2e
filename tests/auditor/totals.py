"""/v1/aid/totals: sums of packages, and the readings of totals and balances as they stand."""

from collections import Counter, defaultdict

from . import dates, figures
from .filters import Refused
from .links import link

KINDS = ("package", "cumulative", "remaining")
GRAINS = ("year", "quarter", "month")  # the finest last
KEYS = ("donor", "recipient", "category", "mechanism", "meeting", *GRAINS)
MAXIMUM_ROWS = 10_000
OWN = ("donor", "recipient", "category", "mechanism", "meeting")


def qualifier(qualifiers):
    """The qualifier of a sum."""
    kinds = set(qualifiers)
    if len(kinds) == 1:
        return kinds.pop()
    others = kinds - {None, "exact"}
    if not others:
        return None
    return others.pop() if len(others) == 1 else "mixed"


def _key(timeline, aid, name):
    if name in GRAINS:
        return dates.period_of(timeline.bounds(aid["date"]), name)
    return aid[name]


def _coarser(period, grain):
    """The period of another grain that holds the end of this one."""
    return period and dates.period_of_day(dates.period_end(period), grain)


def _nulls_last(values):
    return [(value is None, value or "") for value in values]


def _row(timeline, **known):
    """A row with every key; the donor's name and kind follow from the donor."""
    donor = known.get("donor") and timeline.get("participant", known["donor"])
    names = (
        "kind measure donor donor_name donor_kind recipient category mechanism meeting year"
        " quarter month currency amount qualifier count since since_text as_of summable figures"
    )
    row = dict.fromkeys(names.split())
    row.update(known)
    if donor:
        row.update(donor_name=donor["name"], donor_kind=donor["kind"])
    return row


def _package_rows(timeline, packages, group_by, params):
    groups = defaultdict(list)
    for aid in packages:
        groups[(*(_key(timeline, aid, name) for name in group_by), aid["currency"])].append(aid)
    kept = {name: values for name, values in params.items() if name not in ("group_by", "fields")}
    for key in sorted(groups, key=_nulls_last):
        members = groups[key]
        chosen = dict(zip((*group_by, "currency"), key))
        asked = {name: [value or "none"] for name, value in chosen.items()}
        yield _row(
            timeline,
            kind="package",
            **chosen,
            amount=sum(aid["amount"] for aid in members),
            qualifier=qualifier(aid["qualifier"] for aid in members),
            count=len(members),
            summable=True,
            figures=link("/v1/aid", kept | {"counted": ["true"], "kind": ["package"]} | asked),
        )


def _reading_rows(timeline, readings, group_by):
    grains = [grain for grain in GRAINS if grain in group_by]
    found = []
    for aid, period in readings:
        found.append(
            _row(
                timeline,
                kind=aid["kind"],
                measure=aid["measure"],
                **{name: aid[name] for name in OWN},
                **{grain: _coarser(period, grain) for grain in grains},
                currency=aid["currency"],
                amount=aid["amount"],
                qualifier=aid["qualifier"],
                count=1,
                since=aid["since"],
                since_text=aid["since_text"],
                as_of=aid["date"],
                summable=False,
                figures=link("/v1/aid", {"id": [aid["id"]]}),
            )
        )

    def order(row):
        keys = ("measure", "currency", *GRAINS, "figures")
        return KINDS.index(row["kind"]), _nulls_last(row[key] for key in keys)

    return sorted(found, key=order)


def answer(timeline, entries, params):
    """The body for the figures of `entries`, which are those that match the other filters."""
    if {"as_of", "to"} <= params.keys():
        raise Refused("as_of with to")
    group_by = params.get("group_by", ["donor"])
    if len(group_by) > 3 or not set(group_by) <= set(KEYS):
        raise Refused("group_by")
    window = figures.Window.of(
        {name: params[name][0] for name in ("from", "to", "as_of") if name in params}
    )
    grain = max((name for name in group_by if name in GRAINS), key=GRAINS.index, default=None)
    choice = figures.choose(timeline, [entry.record for entry in entries], window, grain)
    data = [
        *_package_rows(timeline, choice.packages, group_by, params),
        *_reading_rows(timeline, choice.readings, group_by),
    ]
    if len(data) > MAXIMUM_ROWS:
        raise Refused("too many rows")
    return {
        "data": data,
        "totals": sums(choice.packages),
        "excluded": choice.excluded,
        "as_of": (params.get("as_of") or params.get("to") or [None])[0],
    }


def sums(packages):
    amounts, qualifiers = Counter(), defaultdict(list)
    for aid in packages:
        amounts[aid["currency"]] += aid["amount"]
        qualifiers[aid["currency"]].append(aid["qualifier"])
    return [
        {
            "currency": currency,
            "amount": amounts[currency],
            "count": len(qualifiers[currency]),
            "qualifier": qualifier(qualifiers[currency]),
        }
        for currency in sorted(amounts)
    ]
