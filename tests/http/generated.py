"""Random requests by the contract: right, nearly right, and hostile ones."""

from typing import NamedTuple
from urllib.parse import quote

from contract import SUFFIXES, parameter_of
from hypothesis import strategies as st
from judge import DATES, PERIODS, RECORDS, SLUGS
from targets import KIND_OF, MISSING

NASTY = [
    "", " ", "0", "-1", "1e3", "0x1", "9" * 30, "none", "NONE", "null", "true", "*", "%", "-", "--",
    "2024-02-30", "2024-02-29", "2023-02-29", "9999-12-31", "0001", "2024..", "[2024..]", "2024~",
    "' OR '1'='1", "a'; DROP TABLE aid; --", '"', '"a', '""', "a*", "NEAR(aa bb)", "aa AND bb",
    "name:aa", "(aa", "<script>alert(1)</script>", "../../etc/passwd", "${7*7}", "\x00", "a\nb",
    "\x7f", "é", "ß", "İ", "ﬁ", "Ǆ", "１２", "\u202e", "\ufeff", "𝔄", "a" * 300, ",", ";", "&", "=", "#",
    "?", "+", "%00", "\\", "\u2028", "none,none",
]  # fmt: skip
BROKEN = ["%", "%z", "%zz", "%4", "%00", "%ff", "%C0%80", "%ED%A0%80", "%e2%82", "%0d%0aX:1", "%7F"]
OTHER_NAMES = [
    "no_such", "FROM", "From", "limit[]", "к", "1", "__proto__", "sort.date", "aid", "id", "kind",
    "cursor", "limit", "sort", "fields", "include", "q", "year", "as_of", "counted", "currency",
    "group_by", "type", "<b>", "'", "%", "callback",
]  # fmt: skip
MEDIA = ["application/json", "text/csv", "application/x-ndjson", "text/html", "text/plain"]
RANGES = [*MEDIA, "*/*", "text/*", "application/*", "image/png", "image/*"]
CODINGS = ["gzip", "identity", "*", "br", "deflate"]
METHODS = ["GET"] * 12 + ["HEAD", "HEAD", "OPTIONS", "POST", "DELETE", "PUT", "TRACE", "BREW"]


class Argument(NamedTuple):
    name: str
    raw: str  # name and value as they go out
    values: tuple = ()  # decoded
    broken: bool = False  # not `name=value` in UTF-8 without control characters


class Request(NamedTuple):
    operation: object
    method: str
    path: str
    missing: bool  # the path names a record that there is not
    suffix: str
    arguments: tuple
    accept: object  # what it takes: range -> q, a text of no such form, or None without header
    accept_encoding: object

    @property
    def target(self):
        query = "&".join(one.raw for one in self.arguments)
        return self.path + self.suffix + (f"?{query}" if self.arguments else "")

    @property
    def headers(self):
        sent = {"Accept": self.accept, "Accept-Encoding": self.accept_encoding}
        return {name: header_text(value) for name, value in sent.items() if value is not None}

    def without(self, names):
        kept = tuple(one for one in self.arguments if one.name not in names)
        return self._replace(arguments=kept)


class Described:
    """A route of `udcg describe`, with what Operation has of one in openapi.yaml."""

    def __init__(self, operation, route, resource):
        self.id, self.path, self.pattern = operation.id, route["path"], operation.pattern
        self.statuses, self.media_types = route["statuses"], route["media_types"]
        self.is_list = "text/csv" in self.media_types
        self.fields = [field["name"] for field in resource["fields"]] if resource else []
        self.parameters = {}
        for one in resource["parameters"] if resource else []:
            if one["name"] in route["parameters"]:
                self.parameters[one["name"]] = self._parameter(one)

    @staticmethod
    def _parameter(described):
        schema = described["schema"]
        if described["none"]:
            schema = {"anyOf": [schema, {"const": "none"}]}
        if described["list"]:
            schema = {"type": "array", "items": schema}
        return parameter_of(described | {"in": "query", "schema": schema, "style": "form",
                                         "explode": False})  # fmt: skip

    def __repr__(self):
        return self.id


def header_text(value):
    if isinstance(value, str):
        return value
    return ", ".join(name if q is None else f"{name};q={q}" for name, q in value.items())


def in_any_case(text):
    return st.sampled_from([text, text, text.upper(), text.lower(), text.title()])


def nearly(text):
    """With one letter left out, put in or doubled."""
    places = range(len(text) + 1)
    return st.builds(
        lambda place, more: text[:place] + more + text[place + (not more) :],
        st.sampled_from(places), st.sampled_from(["", "", "x", "-", " ", "0", "é"]),
    )  # fmt: skip


TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
)


class Generator:
    def __init__(self, judge):
        self.judge = judge
        self.pools = {}

    def pool(self, operation, parameter):
        """Values that the parameter takes."""
        key = operation.path.rpartition("/")[2], operation.id, parameter.name
        if key not in self.pools:
            self.pools[key] = self._pool(operation, parameter)
        return self.pools[key]

    def _pool(self, operation, parameter):
        name, schema = parameter.name, parameter.schema
        days = ["2022", "2023-06", "2024", "2024-02-29", "2024-06-13", "2025-09-09", "2026-12-31"]
        if name == "fields":
            return operation.fields
        if "enum" in schema or schema.get("type") == "boolean":
            return [str(one).lower() for one in schema.get("enum", [True, False])]
        if schema.get("type") == "integer":
            return [str(schema["minimum"]), "2", "7", "23", str(schema["maximum"])]
        if name in DATES:
            return days
        if name in PERIODS:
            periods = {"year": "2024", "month": "2024-06", "quarter": "2024-Q2"}
            return [periods[name], periods[name].replace("2024", "2025")]
        if name in RECORDS or name in SLUGS or name in ("id", "conflict_group"):
            return sorted(self.judge.known(operation, name))[:40] or ["us"]
        return {
            "country": ["US", "DE", "UA", "XK", "AQ"],
            "currency": ["USD", "EUR", "GBP", "JPY"],
            "place": ["Brussels", "Ramstein Air Base", "none", "Köln"],
            "q": ["support", "sup", '"air defence"', "air defence", "23", "ukraine patriot"],
            "cursor": ["AAAA", "e30", "x"],
        }[name]

    def value(self, operation, parameter):
        right = st.sampled_from(self.pool(operation, parameter))
        others = [self.pool(operation, one) for one in operation.parameters.values()]
        return st.one_of(
            right, right, right, right.flatmap(in_any_case), right.flatmap(in_any_case),
            right.flatmap(nearly), st.sampled_from(sum(others, [])), TEXTS,
        )  # fmt: skip

    @st.composite
    @staticmethod
    def _argument(draw, self, operation):
        names = sorted(operation.parameters)
        known = draw(st.integers(0, 9)) > 0 and names
        name = draw(st.sampled_from(names if known else OTHER_NAMES))
        parameter = operation.parameters.get(name)
        written = quote(name, safe="")
        if draw(st.integers(0, 5)) == 5:
            written = "".join(f"%{byte:02x}" for byte in name.encode())
        if draw(st.integers(0, 14)) == 14:
            broken = draw(st.sampled_from([*BROKEN, None]))
            return Argument(name, written if broken is None else f"{written}={broken}", (), True)
        if parameter is None:
            return Argument(name, f"{written}={quote(draw(TEXTS), safe='')}")
        count = draw(st.sampled_from([1, 1, 1, 2, 3, 4])) if parameter.list else 1
        values = [draw(self.value(operation, parameter)) for _ in range(count)]
        space = draw(st.sampled_from(["+", "%20"]))
        text = ",".join(quote(one, safe="").replace("%20", space) for one in values)
        return Argument(name, f"{written}={text}", tuple(values))

    def arguments(self, operation):
        argument = self._argument(self, operation)
        several = st.lists(argument, max_size=4, unique_by=lambda one: one.name)
        repeated = st.lists(argument, min_size=2, max_size=6)
        return st.one_of(several, several, several, repeated).map(tuple)

    @st.composite
    @staticmethod
    def _request(draw, self, operations):
        operation = draw(st.sampled_from(operations))
        path, missing = operation.path, False
        if "{" in path:
            missing = draw(st.integers(0, 7)) == 7
            identifier = MISSING if missing else draw(self._identifier(operation))
            path = path[: path.index("{")] + identifier + path[path.index("}") + 1 :]
        suffix = draw(st.sampled_from(["", "", *SUFFIXES])) if operation.is_list else ""
        return Request(
            operation, draw(st.sampled_from(METHODS)), path, missing, suffix,
            draw(self.arguments(operation)), draw(header(RANGES)), draw(header(CODINGS)),
        )  # fmt: skip

    def _identifier(self, operation):
        if "{slug}" in operation.path:
            return st.sampled_from(["not-found", "internal"])
        ids = sorted(self.judge.timeline.by_kind[KIND_OF[operation.path.split("/")[2]]])
        return st.sampled_from(ids).flatmap(in_any_case)

    def requests(self, operations):
        return self._request(self, operations)


def header(names):
    """Mostly none; a list with weights; or anything that a header may hold."""
    weights = st.sampled_from([None, "0", "1", "0.5", "0.001", "0.000", "1.000", "0.25"])
    line = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=40)
    lists = st.dictionaries(st.sampled_from(names), weights, min_size=1, max_size=4)
    return st.one_of(st.none(), st.none(), st.none(), lists, lists, line.map(str.strip))


def paths():
    """Paths that there are not, near those that there are."""
    parts = st.one_of(
        st.sampled_from(["v1", "meetings", "aid", "totals", "", ".", "..", "livez", "problems"]),
        TEXTS.map(lambda text: quote(text, safe="")),
        st.sampled_from(BROKEN),
    )
    ends = st.sampled_from(["", "", "/", ".csv", ".json", ".xml", ".ics", ";a=1", "%2F", "//"])
    return st.builds(lambda found, end: "/" + "/".join(found) + end,
                     st.lists(parts, max_size=5), ends)  # fmt: skip
