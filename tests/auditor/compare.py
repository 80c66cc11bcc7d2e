"""Asks a server and the auditor the same, and tells where they differ."""

import random

from .formats import csv_faults, ndjson_faults
from .links import link, parsed
from .plan import Planner
from .walk import Client, Unexpected

SEARCH_RANKED, SEARCH_RETURNED = 10_000, 1_000
PAGES_MOST = 40
FIGURES_FOLLOWED = 6
FORMATS_CHANCE = 0.2
LINKS = ("figures", "href")


def differences(expected, actual, at=""):
    """Lines that say where two values differ; a link's parameters have no order and no case."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in expected.keys() | actual.keys():
            where = f"{at}/{key}"
            if key not in actual:
                yield f"{where}: missing, expected {expected[key]!r}"
            elif key not in expected:
                yield f"{where}: {actual[key]!r} is not expected"
            elif key in LINKS:
                if _same_link(expected[key]) != _same_link(actual[key]):
                    yield f"{where}: {actual[key]!r}, expected {expected[key]!r}"
            else:
                yield from differences(expected[key], actual[key], where)
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{at}: {len(actual)} entries, expected {len(expected)}"
        for index, pair in enumerate(zip(expected, actual)):
            yield from differences(*pair, f"{at}/{index}")
    elif type(expected) is not type(actual) or expected != actual:
        yield f"{at}: {actual!r}, expected {expected!r}"


def _same_link(target):
    if target is None:
        return None
    path, params = parsed(target)
    return path, {name: sorted(map(str.lower, values)) for name, values in params.items()}


class Comparison:
    def __init__(self, api, url, seed, formats=True):
        self.api = api
        self.formats = formats
        self.client = Client(url)
        self.rng = random.Random(seed)
        self.planner = Planner(api, self.rng)

    def one(self):
        """A random request; the target and the lines that tell what is wrong with its answer."""
        path, params = self.planner.request()
        params = {name: [v] if isinstance(v, str) else v for name, v in params.items()}
        expected = self.api.expected(path, params)
        self._bounded(params, expected)
        target = link(path, params)
        try:
            return target, list(self._compared(path, params, expected))
        except (Unexpected, KeyError, TypeError, ValueError) as fault:
            return target, [f"not an answer of the contract's shape: {fault!r}"]

    def _bounded(self, params, expected):
        """Long lists in pages of a size that keeps the walk short."""
        if "limit" in params and expected["status"] == 200:
            least = -(-len(expected["data"]) // PAGES_MOST)
            params["limit"] = [str(min(1000, max(least, int(params["limit"][0]))))]

    def _compared(self, path, params, expected):
        status, body = self.client.walk(path, params)
        if status != expected["status"]:
            yield f"status {status}, expected {expected['status']}: {str(body)[:300]}"
            return
        if status != 200:
            return
        yield from differences(self.api.timeline.version, body["dataset"]["version"], "/version")
        if path == "/v1/search":
            yield from self._search(params, expected, body)
        elif path == "/v1":
            yield from differences(_less(body["data"], "links"), expected["data"] | {
                "version": self.api.timeline.version
            })  # fmt: skip
        elif path == "/v1/vocabulary":
            yield from differences(expected["data"], _vocabulary(body["data"]), "/data")
        else:
            for key in expected.keys() - {"status", "total"}:
                yield from differences(expected[key], body.get(key), f"/{key}")
        if "total" in expected and path != "/v1/search":
            yield from differences(expected["total"], body["page"]["total"], "/page/total")
        if path == "/v1/aid/totals" and "fields" not in params:
            yield from self._figures(body["data"])
        if self.formats and isinstance(body["data"], list) and self.rng.random() < FORMATS_CHANCE:
            yield from self._formats(path, params, body["data"])

    def _formats(self, path, params, rows):
        """NDJSON and CSV give the rows that JSON gave, all of them."""
        params = {name: values for name, values in params.items() if name != "limit"}
        status, data = self.client.bytes(link(path + ".ndjson", params))
        yield from ndjson_faults(data, rows) if status == 200 else [f"NDJSON: status {status}"]
        if "include" not in params:
            status, data = self.client.bytes(link(path + ".csv", params))
            yield from csv_faults(data, rows) if status == 200 else [f"CSV: status {status}"]

    def _search(self, params, expected, body):
        """Which records are found, and, where all of them are ranked, in which order."""
        page, rows = body["page"], body["data"]
        found = expected["total"]
        exact = "exact" if found <= SEARCH_RANKED else "at_least"
        yield from differences(min(found, SEARCH_RANKED), page["total"], "/page/total")
        yield from differences(exact, page["total_is"], "/page/total_is")
        yield from differences(min(found, SEARCH_RETURNED), len(rows), "rows")
        yield from differences(list(range(1, len(rows) + 1)), [row["rank"] for row in rows], "rank")
        ranked = self.api.ranked(params["q"][0], expected["data"])
        known = {(row["type"], row["id"]): row for row in ranked}
        if found <= SEARCH_RANKED:
            best = list(known)[:SEARCH_RETURNED]
            yield from differences(best, [(row["type"], row["id"]) for row in rows], "order")
        for row in rows:
            hit = known.pop((row["type"], row["id"]), None)
            if hit is None:
                yield f"{row['type']} {row['id']} is no hit, or stands twice"
            else:
                yield from differences(hit, _less(row, "rank", "snippet"), row["id"])
            if not isinstance(row["snippet"], str):
                yield f"snippet {row['snippet']!r}"

    def _figures(self, rows):
        """`figures` leads to the rows that the contract says, and they add up to the number."""
        for row in self.rng.sample(rows, min(len(rows), FIGURES_FOLLOWED)):
            path, params = parsed(row["figures"])
            behind = self.api.expected(path, params)
            for fault in self._compared(path, params | {"limit": ["1000"]}, behind):
                yield f"{row['figures']} {fault}"
            if behind["status"] == 200:
                found = [sum(aid["amount"] for aid in behind["data"]), behind["total"]]
                yield from differences(found, [row["amount"], row["count"]], row["figures"])


def _less(row, *keys):
    return {key: value for key, value in row.items() if key not in keys}


def _vocabulary(lists):
    """Without the names of countries and currencies, which are ISO's."""
    return {
        name: {
            parameter: [
                _less(row, "name")
                if parameter in ("country", "currency") and row["value"] != "none"
                else row
                for row in values
            ]
            for parameter, values in parameters.items()
        }
        for name, parameters in lists.items()
    }
