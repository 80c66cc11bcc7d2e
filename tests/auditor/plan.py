"""Random requests whose values are taken from the data, the same for the same seed."""

from . import dates
from .resources import RESOURCES
from .totals import KEYS

LISTS = ("meetings", "participants", "attendance", "aid", "claims", "timeline", "sources")
ITEMS = {
    "meetings": "meeting", "participants": "participant", "aid": "aid", "claims": "claim",
    "sources": "source",
}  # fmt: skip
# Filters that take `none`, as the contract lists them.
NULLABLE = {
    "meetings": "series country place ordinal format date_basis series_basis",
    "participants": "country",
    "attendance": "country series date_basis series_basis",
    "aid": "measure donor recipient mechanism claimant meeting conflict_group year quarter month"
    " date_basis",
    "claims": "claimant subject conflict_group meeting aid date_basis",
    "timeline": "date_basis",
}
BOOLEAN = ("undated", "superseded", "conflicting", "negative")
PARTIES = ("participant", "convener", "claimant", "subject", "donor_member")
NOT_IN_TOTALS = (
    "superseded", "counted", "year", "quarter", "month", "undated", "dates", "date_basis",
)  # fmt: skip
WRONG = (
    ("/v1/meetings", {"country": "ZZ"}),
    ("/v1/meetings", {"from": "2024-02-30"}),
    ("/v1/meetings", {"participant": "no-such-participant"}),
    ("/v1/aid", {"donor": "no-such-donor"}),
    ("/v1/aid", {"as_of": "2024"}),
    ("/v1/aid", {"min_amount": "5"}),
    ("/v1/aid", {"counted": "true", "dates": "certain"}),
    ("/v1/aid", {"counted": "true", "superseded": "false"}),
    ("/v1/aid", {"counted": "true", "as_of": "2024", "to": "2024"}),
    ("/v1/aid/totals", {"as_of": "2024", "to": "2024"}),
    ("/v1/aid/totals", {"superseded": "true"}),
    ("/v1/aid/totals", {"group_by": ["donor", "year", "month", "category"]}),
    ("/v1/claims", {"kind": "package"}),
    ("/v1/aid/no-such-figure", {}),
    ("/v1/sources/no-such-source/facts", {}),
)


class Planner:
    def __init__(self, api, rng):
        self.api = api
        self.rng = rng
        days = {entry.bounds.first for entry in api.entries("timeline")}
        days |= {entry.bounds.last for entry in api.entries("timeline")}
        self.days = sorted(days - {None}) or ["2024-01-01"]

    def request(self):
        """A path and its parameters."""
        rng = self.rng
        kind = rng.choices(
            ("list", "totals", "item", "sublist", "facts", "search", "view", "wrong"),
            (50, 22, 8, 7, 3, 5, 2, 3),
        )[0]
        return getattr(self, f"_{kind}")()

    def _list(self):
        name = self.rng.choice(LISTS)
        return f"/v1/{name}", self._filters(name) | self._shape(name)

    def _totals(self):
        rng = self.rng
        params = {}
        if rng.random() < 0.8:
            params["group_by"] = rng.sample(KEYS, rng.randint(1, 3))
        params |= rng.choice((
            {},
            {"to": self._window_end()},
            {"from": self._window_end()},
            {"as_of": self._window_end()},
            {"from": self._window_end(), "to": self._window_end()},
            {"from": self._window_end(), "as_of": self._window_end()},
        ))  # fmt: skip
        others = RESOURCES["aid"].names() - {"from", "to", "as_of", *NOT_IN_TOTALS}
        for parameter in rng.sample(sorted(others), rng.choice((0, 0, 1, 1, 2))):
            params |= self._value("aid", parameter)
        return "/v1/aid/totals", self._in_order(params)

    def _item(self):
        name = self.rng.choice(sorted(ITEMS))
        return f"/v1/{name}/{self._id(name)}", {
            key: value for key, value in self._shape(name).items() if key in ("fields", "include")
        }

    def _sublist(self):
        parent, name, tail, taken = self.rng.choice((
            ("meetings", "attendance", "participants", "meeting"),
            ("meetings", "aid", "aid", "meeting"),
            ("participants", "meetings", "meetings", "participant"),
        ))  # fmt: skip
        params = self._filters(name) | self._shape(name)
        params.pop(taken, None)
        related = self.rng.choice(self.api.entries("attendance" if name == "meetings" else name))
        identifier = related.row[taken] or self._id(parent)
        return f"/v1/{parent}/{identifier}/{tail}", params

    def _facts(self):
        params = self._value("facts", "q") if self.rng.random() < 0.3 else {}
        return f"/v1/sources/{self._id('sources')}/facts", params | self._shape("facts")

    def _search(self):
        params = self._value("search", "q")
        if self.rng.random() < 0.4:
            params |= self._value("search", "type")
        return "/v1/search", params | {"limit": str(self.rng.choice((10, 100, 1000)))}

    def _view(self):
        return self.rng.choice(("/v1", "/v1/summary", "/v1/vocabulary")), {}

    def _wrong(self):
        return self.rng.choice(WRONG)

    # Parts of a request.

    def _id(self, name):
        return self.rng.choice(self.api.entries(name)).row["id"]

    def _filters(self, name):
        """Some of the list's parameters; `counted` excludes what it has its own meaning of."""
        rng = self.rng
        params = {}
        names = sorted(RESOURCES[name].names() - {"counted", "as_of"})
        for parameter in rng.sample(names, min(len(names), rng.choice((0, 1, 1, 2, 3)))):
            params |= self._value(name, parameter)
        if name == "aid" and rng.random() < 0.3:
            for taken in ("dates", "undated", "date_basis", "superseded"):
                params.pop(taken, None)
            params["counted"] = "true"
            if "to" not in params and rng.random() < 0.5:
                params["as_of"] = self._window_end()
        if "dates" in params and not {"from", "to"} & params.keys():
            params["from"] = self._window_end()
        return self._in_order(params)

    def _shape(self, name):
        rng, resource = self.rng, RESOURCES[name]
        params = {"limit": str(rng.choice((1, 2, 3, 7, 20, 100, 1000)))}
        if rng.random() < 0.6:
            sorts = rng.sample(sorted(resource.sorts), min(len(resource.sorts), rng.randint(1, 2)))
            params["sort"] = [rng.choice(("", "-")) + sort for sort in sorts]
        if rng.random() < 0.15 and self.api.entries(name):
            fields = sorted(self.api.entries(name)[0].row)
            params["fields"] = rng.sample(fields, rng.randint(1, min(5, len(fields))))
        if resource.includes and rng.random() < 0.15:
            includes = sorted(resource.includes)
            params["include"] = rng.sample(includes, rng.randint(1, min(2, len(includes))))
        return params

    def _window_end(self):
        """A year, a month, a day; or the day that one of them begins or ends with."""
        period = self.rng.choice(self.days)[: self.rng.choice((4, 7, 10))]
        return self.rng.choice((period, period, *dates.plain(period)[:2]))

    def _in_order(self, params):
        """Without the end of a range that comes before its begin, which is a 400."""
        since = params.get("from")
        for end in {"to", "as_of"} & params.keys():
            if since and dates.plain(since)[0] > dates.plain(params[end])[1]:
                del params[end]
        if int(params.get("min_amount", 0)) > int(params.get("max_amount", 2**53)):
            del params["max_amount"]
        return params

    def _value(self, name, parameter):
        """The parameter with a value, and what it needs beside it."""
        rng = self.rng
        if parameter in ("from", "to", "as_of"):
            return {parameter: self._window_end()}
        if parameter == "dates":
            return {parameter: rng.choice(("possible", "certain"))}
        if parameter in BOOLEAN:
            return {parameter: rng.choice(("true", "false"))}
        if parameter == "q":
            return self._words(name)
        if parameter in ("min_amount", "max_amount"):
            row = rng.choice(self.api.entries("aid")).row
            return {parameter: str(row["amount"]), "currency": [row["currency"]]}
        values = self._values(name, parameter)
        return {parameter: values} if values else {}

    def _values(self, name, parameter):
        rng = self.rng
        found = set()
        for entry in rng.choices(self.api.entries(name) or [None], k=rng.choice((1, 1, 2, 3))):
            value = self._one(name, parameter, entry)
            if value is not None:
                value = str(value)
                cased = rng.choice((value, value, value.upper(), value.lower()))
                found.add(cased if cased.casefold() == value.casefold() else value)
        if parameter in NULLABLE.get(name, "").split() and rng.random() < 0.2:
            found.add("none")
        return list({value.casefold(): value for value in sorted(found)}.values())

    def _one(self, name, parameter, entry):
        """A value that the parameter may have: one that some entry has."""
        rng = self.rng
        if parameter == "source":
            return self._id("sources")
        if parameter in PARTIES and (name, parameter) != ("attendance", "participant"):
            return self._id("participants")
        if entry is None:
            return None
        if parameter in ("year", "quarter", "month"):
            return dates.period_of(entry.bounds, parameter)
        if parameter == "place":
            return rng.choice((entry.row["place"], entry.row["venue"]))
        if parameter == "series_basis":
            return rng.choice(("stated", "derived"))
        if name == "participants" and parameter in ("role", "status", "meeting", "series"):
            found = rng.choice(self.api.entries("attendance") or [None])
            return found and found.row[parameter]
        return entry.row[parameter]

    def _words(self, name):
        """Words of an entry: whole or cut, in a phrase, of more than one field."""
        rng = self.rng
        entry = rng.choice(self.api.entries(name) or self.api.entries("search"))
        fields = [words for words in entry.words if words]
        terms = []
        for _ in range(rng.choice((1, 1, 2))):
            words = rng.choice(fields) if fields else ["nothing"]
            start = rng.randrange(len(words))
            if rng.random() < 0.3:
                terms.append('"' + " ".join(words[start : start + rng.randint(1, 3)]) + '"')
            else:
                terms.append(words[start][: rng.choice((2, 3, 5, 50))])
        terms = [term for term in terms if len(term.strip('"')) >= 2] or ["air"]
        return {"q": " ".join(dict.fromkeys(terms))}
