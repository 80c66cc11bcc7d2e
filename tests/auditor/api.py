"""expected(path, params): what the API answers, recomputed."""

import re
from functools import cache

from . import totals, views
from .dates import BadDate
from .filters import Refused
from .resources import RESOURCES, facts_by_source
from .text import Query

SHAPE = {"sort", "fields", "include", "limit", "cursor"}  # these choose no entries
TOTALS_OWN = {"group_by", "from", "to", "as_of", "fields"}
NOT_IN_TOTALS = {
    "superseded", "counted", "year", "quarter", "month", "undated", "dates", "date_basis",
}  # fmt: skip
SUBLISTS = {  # path pattern -> (parent, its list, resource, the parent's parameter)
    r"/v1/meetings/([^/]+)/participants": ("meeting", "attendance", "meeting"),
    r"/v1/meetings/([^/]+)/aid": ("meeting", "aid", "meeting"),
    r"/v1/participants/([^/]+)/meetings": ("participant", "meetings", "participant"),
}
ITEMS = {
    "meetings": "meeting",
    "participants": "participant",
    "aid": "aid",
    "claims": "claim",
    "sources": "source",
}


class Missing(Exception):
    """A path that the contract answers with a 404."""


class Api:
    def __init__(self, timeline):
        self.timeline = timeline
        self.entries = cache(self._entries)
        self.facts = cache(lambda: facts_by_source(timeline))
        self._by_id = cache(lambda name: {entry.row["id"]: entry for entry in self.entries(name)})

    def _entries(self, name):
        return list(RESOURCES[name].entries(self.timeline))

    def row(self, name, identifier):
        return self._by_id(name)[identifier].row

    def expected(self, path, params=None):
        """The status, and of a 200 the `data` (all rows of a list) and what stands beside it.

        A parameter's value is a string, or a list where any of several is meant.
        """
        params = {
            name: [values] if isinstance(values, str) else list(values)
            for name, values in (params or {}).items()
        }
        try:
            return {"status": 200, **self._answer(path, params)}
        except (Refused, BadDate):
            return {"status": 400}
        except Missing:
            return {"status": 404}

    def ranked(self, q, hits):
        """Hits of a search, best first; equally good ones by type and id, as they come."""
        query = Query(q)
        entries = {(one.row["type"], one.row["id"]): one for one in self.entries("search")}

        def score(hit):
            entry = entries[hit["type"], hit["id"]]
            return query.score(entry.words, hit["type"] in ("meeting", "participant"))

        return sorted(hits, key=score, reverse=True)

    def _answer(self, path, params):
        if path in views.VIEWS:
            return {"data": views.VIEWS[path](self)}
        if path == "/v1/aid/totals":
            return self._totals(params)
        for pattern, (parent, name, parameter) in SUBLISTS.items():
            if match := re.fullmatch(pattern, path):
                if self.timeline.get(parent, match[1]) is None:
                    raise Missing(path)
                if parameter in params:
                    raise Refused(parameter)
                return self.listed(name, params, self.chosen(name, {parameter: [match[1]]}))
        if match := re.fullmatch(r"/v1/sources/([^/]+)/facts", path):
            if match[1] not in self.facts():
                raise Missing(path)
            return self.listed("facts", params, self.facts()[match[1]])
        if match := re.fullmatch(r"/v1/([a-z]+)/([^/]+)", path):
            return {"data": self._item(match[1], match[2], params)}
        name = path.removeprefix("/v1/")
        if name not in RESOURCES or name == "facts":
            raise Missing(path)
        return self.listed(name, params, self.entries(name))

    def chosen(self, name, params, entries=None):
        """The entries that meet all parameters, in no order."""
        resource = RESOURCES[name]
        known = resource.names() | SHAPE
        if not params.keys() <= known:
            raise Refused(f"unknown parameter {params.keys() - known}")
        tests = [
            make(self.timeline, params[parameter])
            for parameter, make in resource.parameters.items()
            if parameter in params
        ]
        tests += [test for make, _ in resource.together if (test := make(self.timeline, params))]
        found = self.entries(name) if entries is None else entries
        return [entry for entry in found if all(test(entry) for test in tests)]

    def listed(self, name, params, entries):
        entries = self.ordered(name, self.chosen(name, params, entries), params.get("sort"))
        return {
            "data": [self._shown(name, entry, params) for entry in entries],
            "total": len(entries),
        }

    def ordered(self, name, entries, sort=None):
        """By the sort keys, nulls last either way, then by the keys that make an order of it."""
        resource = RESOURCES[name]
        sort = sort or [next(iter(resource.sorts))]
        keys = [(resource.sorts[key.lstrip("-")], key.startswith("-")) for key in sort]
        keys += [(lambda _, entry, field=field: entry.row[field], False) for field in resource.ties]
        entries = list(entries)
        for key, descending in reversed(keys):
            values = {id(entry): key(self.timeline, entry) for entry in entries}
            known = [entry for entry in entries if values[id(entry)] is not None]
            known.sort(key=lambda entry: values[id(entry)], reverse=descending)
            entries = known + [entry for entry in entries if values[id(entry)] is None]
        return entries

    def _shown(self, name, entry, params):
        row = entry.row
        if "fields" in params:
            row = {field: row[field] for field in params["fields"]}
        for include in params.get("include", ()):
            make = RESOURCES[name].includes[include]
            row = {**row, include: make(self, entry)}
        return row

    def _item(self, name, identifier, params):
        if name not in ITEMS or self.timeline.get(ITEMS[name], identifier) is None:
            raise Missing(identifier)
        if not params.keys() <= {"fields", "include"}:
            raise Refused("an item takes fields and include")
        return self._shown(name, self._by_id(name)[identifier], params)

    def _totals(self, params):
        if not params.keys() <= (RESOURCES["aid"].names() - NOT_IN_TOTALS) | TOTALS_OWN:
            raise Refused("unknown parameter")
        others = {name: value for name, value in params.items() if name not in TOTALS_OWN}
        body = totals.answer(self.timeline, self.chosen("aid", others), params)
        if "fields" in params:
            body["data"] = [{f: row[f] for f in params["fields"]} for row in body["data"]]
        return body
