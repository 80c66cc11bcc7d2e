"""Every kind of URL under /v1 that `udcg describe` tells of, with values that a server has."""

from collections import defaultdict

from client import target_of

ASIDE = {"/v1/changes", "/v1/export.sqlite"}
SUFFIXES = [".csv", ".ndjson", ".json"]
WORDS = "sup"
# Parameters whose values are no field of the records that they filter.
PLAIN = {
    "as_of": ["2024", "2024-06", "2024-06-13"],
    "from": ["2023", "2024-06", "2024-06-13"],
    "limit": [1, 7, 1000],
    "max_amount": [1000000000],
    "min_amount": [1000000],
    "month": ["2024-06", "none"],
    "q": [WORDS, f'"{WORDS}"', "sup re"],
    "quarter": ["2024-Q2", "none"],
    "to": ["2023", "2024-06", "2024-06-13"],
    "year": ["2024", "none"],
}
SAMPLE = 3  # values of a field
PARAMETER_OF = {"/v1/aid": "aid", "/v1/meetings": "meeting", "/v1/sources": "source"}


def companions(route, name):
    """What must stand beside a parameter."""
    if name in ("min_amount", "max_amount"):
        return {"currency": "USD"}
    if name == "as_of" and "counted" in route["parameters"]:
        return {"counted": "true"}
    return {"q": WORDS} if route["path"] == "/v1/search" and name != "q" else {}


def text_of(value):
    return str(value).lower() if isinstance(value, bool) else value


class Urls:
    def __init__(self, described, client):
        self.routes = {
            route["path"]: route
            for route in described["routes"]
            if route["path"].startswith("/v1") and route["path"] not in ASIDE
        }
        self.resources = {one["name"]: one for one in described["resources"]}
        self.ids = {}  # a list's path -> ids of its records
        self.own = defaultdict(set)  # a list's resource and a field's name -> values that there are
        self.known = defaultdict(set)  # a parameter's name -> values that any list has
        for path, route in self.routes.items():
            if route["kind"] == "list":
                self._learn(route, client.get(path, companions(route, None)).json["data"])

    def _learn(self, route, rows):
        self.ids[route["path"]] = [row["id"] for row in rows if "id" in row]
        self.known[PARAMETER_OF.get(route["path"])].update(self.ids[route["path"]])
        for row in rows:
            for name, value in row.items():
                values = set(value) if isinstance(value, list) else {value} - {None}
                self.own[route["resource"], name].update(values)
                self.known[name].update(values)
            self.known["convener"].update(row.get("conveners", ()))
            self.known["donor_member"].update(row.get("members", ()))

    def _values(self, parameter, resource):
        name, schema = parameter["name"], parameter["schema"]
        if name in PLAIN:
            return PLAIN[name]
        if name == "fields":
            fields = [field["name"] for field in resource["fields"]]
            return [fields[-1], fields[::-1]]
        none = ["none"] * parameter["none"]
        if "enum" in schema:
            several = [schema["enum"][:6:2]] * parameter["list"]
            return [text_of(value) for value in schema["enum"]] + several + none
        if schema["type"] == "boolean":
            return ["true", "false"]
        records = resource["name"].removesuffix("_totals")  # of aid, which they filter
        values = self.own[records, name] or self.known[name]
        return sorted(values, key=str)[:SAMPLE] + none

    def _queries(self, route):
        yield companions(route, None)
        resource = self.resources.get(route["resource"])
        for parameter in resource["parameters"] if resource else ():
            name = parameter["name"]
            if name in route["parameters"] and name != "cursor":
                for value in self._values(parameter, resource):
                    yield {name: value} | companions(route, name)

    def _paths(self, path):
        if "{id}" not in path:
            return [path]
        ids = self.ids[path.partition("/{id}")[0]]
        return [path.replace("{id}", identifier) for identifier in (ids[0], ids[-1])]

    def _of_route(self, path, route):
        is_list = route["kind"] in ("list", "sublist")
        for place in self._paths(path):
            for number, query in enumerate(self._queries(route)):
                yield target_of(place, query)
                if is_list and "include" not in query:  # JSON's alone
                    yield target_of(place + SUFFIXES[number % len(SUFFIXES)], query)

    def all(self):
        found = [url for path, route in self.routes.items() for url in self._of_route(path, route)]
        return list(dict.fromkeys(found))
