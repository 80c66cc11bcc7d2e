"""The documents: the dataset card, the summary and the vocabulary."""

from . import figures, totals
from .links import link


def counts(api):
    return {
        **{
            name: len(api.entries(name))
            for name in ("sources", "participants", "meetings", "attendance", "aid", "claims")
        },
        "facts": sum(len(entries) for entries in api.facts().values()),
    }


def card(api):
    """Without `version`, whose digest is the loader's own, and `links`."""
    timeline = api.timeline
    bounds = [entry.bounds for entry in api.entries("timeline")]
    return {
        "title": timeline.title,
        "released": timeline.released,
        "licence": timeline.licence,
        "counts": counts(api),
        "first_date": min((b.first for b in bounds if b.first), default=None),
        "last_date": max((b.last for b in bounds if b.last), default=None),
    }


def summary(api):
    return {
        "counts": counts(api),
        "series": [
            _series(api, identifier) for identifier in sorted(api.timeline.meetings_of_series)
        ],
        "totals": _totals(api),
        "conflicts": _conflicts(api),
        "unknown": _unknown(api),
    }


def _series(api, identifier):
    def ordered(status):
        entries = api.chosen("meetings", {"series": [identifier], "status": [status]})
        return [entry for entry in api.ordered("meetings", entries) if entry.bounds.known]

    held, planned = ordered("held"), ordered("planned")
    if held:
        latest_day = held[-1].bounds.pair[1]
        planned = [entry for entry in planned if entry.bounds.pair[0] > latest_day]

    def brief(entry):
        return {key: entry.row[key] for key in ("id", "title", "date")}

    return {
        "series": identifier,
        "name": api.timeline.get("participant", identifier)["name"],
        "latest_held": brief(held[-1]) if held else None,
        "planned": [brief(entry) for entry in planned],
    }


def _totals(api):
    choice = figures.choose(api.timeline, api.timeline.records("aid"), figures.Window())
    asked = {"counted": ["true"], "kind": ["package"]}
    return [
        {**row, "figures": link("/v1/aid", asked | {"currency": [row["currency"]]})}
        for row in totals.sums(choice.packages)
    ]


def _conflicts(api):
    groups = sorted(
        {
            (entry.record["conflict_group"], kind)
            for kind, name in (("aid", "aid"), ("claim", "claims"))
            for entry in api.entries(name)
            if entry.record["conflict_group"]
        }
    )
    lists = {"aid": "aid", "claim": "claims"}
    return [
        {
            "conflict_group": group,
            "type": kind,
            **_counted(api, lists[kind], "conflict_group", group),
        }
        for group, kind in groups
    ]


def _counted(api, name, parameter, value):
    """How many rows a list has with this one parameter, and the link to them."""
    return {
        "count": len(api.chosen(name, {parameter: [value]})),
        "href": link(f"/v1/{name}", {parameter: [value]}),
    }


def _unknown(api):
    undated = [
        {"name": f"undated_{name}", **_counted(api, name, "undated", "true")}
        for name in ("meetings", "aid", "claims")
    ]
    representatives = [e for e in api.entries("attendance") if e.row["representative"] is not None]
    untrusted = [e for e in api.entries("sources") if e.row["header_date_trusted"] is False]
    return [
        *undated,
        {
            "name": "unnamed_representatives",
            "count": len(representatives),
            "href": "/v1/attendance?fields=meeting,participant,representative",
        },
        {
            "name": "untrusted_headers",
            "count": len(untrusted),
            "href": "/v1/sources?fields=id,header_date,header_date_trusted",
        },
    ]


ENUMERATIONS = {
    ("meetings", "kind"): "meeting call conference",
    ("meetings", "status"): "planned held postponed cancelled",
    ("meetings", "format"): "in_person virtual hybrid",
    ("participants", "kind"): "person country organisation group",
    ("participants", "role"): "chair participant accompanying speaker",
    ("participants", "status"): "invited accepted expected attended declined absent",
    ("attendance", "role"): "chair participant accompanying speaker",
    ("attendance", "status"): "invited accepted expected attended declined absent",
    ("aid", "kind"): "package cumulative remaining",
    ("aid", "category"): "military financial humanitarian unspecified",
    ("claims", "type"): "deployment force_level casualties count pledge request expectation policy"
    " event",
    ("timeline", "type"): "meeting aid claim",
}
VOCABULARY = {
    "meetings": "kind status format series country date_basis series_basis",
    "participants": "kind country role status series",
    "attendance": "role status country series date_basis series_basis",
    "aid": "kind category measure donor recipient mechanism currency date_basis",
    "claims": "type date_basis",
    "timeline": "type date_basis",
}
NULLABLE = "format series country date_basis series_basis measure donor recipient mechanism".split()


def vocabulary(api):
    """`name` is left out for codes, whose names are ISO's."""
    return {
        name: {parameter: _values(api, name, parameter) for parameter in parameters.split()}
        for name, parameters in VOCABULARY.items()
    }


def _values(api, name, parameter):
    if parameter.endswith("_basis"):
        values, open_ended = ["stated", "derived"], False
    elif (name, parameter) in ENUMERATIONS:
        values, open_ended = ENUMERATIONS[name, parameter].split(), False
    else:
        values, open_ended = sorted(_present(api, name, parameter)), True
    found = []
    for value in values + (["none"] if parameter in NULLABLE else []):
        count = len(api.chosen(name, {parameter: [value]}))
        if count or not open_ended or value == "none":
            found.append({"value": value, **_named(api, parameter, value), "count": count})
    return found


def _present(api, name, parameter):
    if (name, parameter) == ("participants", "series"):
        return set(api.timeline.meetings_of_series)
    return {entry.row[parameter] for entry in api.entries(name)} - {None}


def _named(api, parameter, value):
    if value == "none":
        return {"name": "not known"}
    if parameter in ("country", "currency"):
        return {}
    if parameter in ("series", "donor", "recipient"):
        return {"name": api.timeline.get("participant", value)["name"]}
    return {"name": value.replace("_", " ").replace("-", " ")}


VIEWS = {"/v1": card, "/v1/summary": summary, "/v1/vocabulary": vocabulary}
