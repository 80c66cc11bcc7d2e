"""Each query of the Grafana dashboard finds in our replies what it selects."""

import csv
import io
import json
from datetime import date
from functools import reduce

import pytest

from contract import ROOT

DASHBOARD = json.loads((ROOT / "docs/examples/grafana-dashboard.json").read_text("utf-8"))
VARIABLES = {one["name"]: one for one in DASHBOARD["templating"]["list"]}
SOURCE = {"type": "yesoreyeram-infinity-datasource", "uid": "${DS_UDCG}"}
PANELS = {panel["title"]: panel for panel in DASHBOARD["panels"]}
QUERIES = {title: target for title, panel in PANELS.items() for target in panel["targets"]} | {
    name: one["query"]["infinityQuery"]
    for name, one in VARIABLES.items()
    if one["type"] == "query"
}


def filled(url):
    for name, one in VARIABLES.items():
        url = url.replace(f"${{{name}}}", one["current"]["value"])
    assert "$" not in url
    return url.removeprefix(VARIABLES["api"]["query"])


def rows_of(service, query):
    """As the plugin reads them: the array that the root selector leads to, or a CSV's lines."""
    reply = service.client.get(filled(query["url"]))
    assert reply.status == 200
    if query["type"] == "csv":
        assert reply.media_type == "text/csv"
        return list(csv.DictReader(io.StringIO(reply.body.decode(), newline="")))
    return reduce(lambda value, key: value[key], query["root_selector"].split("."), reply.json)


def fits(kind, value):
    if value in (None, ""):
        return True
    if kind == "number":
        return int(value) is not None
    return isinstance(value, str) and (kind == "string" or date.fromisoformat(value) is not None)


@pytest.mark.parametrize("title", QUERIES)
def test_query(shipped, title):
    query = QUERIES[title]
    rows = rows_of(shipped, query)
    assert rows
    for column in query["columns"]:
        values = [row[column["selector"]] for row in rows]
        assert any(value not in (None, "") for value in values), column
        assert all(fits(column["type"], value) for value in values), column
        if query["format"] == "timeseries" and column["type"] == "timestamp":
            assert None not in values


def test_dashboard():
    """Panels with places of their own, one data source that is asked for at the import."""
    assert [entry["name"] for entry in DASHBOARD["__inputs"]] == ["DS_UDCG"]
    used = [one["datasource"] for panel in PANELS.values() for one in (panel, *panel["targets"])]
    assert all(one == SOURCE for one in [*used, VARIABLES["series"]["datasource"]])
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in PANELS.values())
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in PANELS.values()}) == len(PANELS) == 5


def test_default_is_offered(shipped):
    """The value that the drop-down begins with is one of those that it reads."""
    offered = {row["value"]: row["name"] for row in rows_of(shipped, QUERIES["series"])}
    chosen = VARIABLES["series"]["current"]
    assert offered[chosen["value"]] == chosen["text"]
