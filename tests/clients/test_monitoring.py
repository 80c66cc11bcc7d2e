"""Alerts and dashboard of deploy/: PromQL that can be read, over metrics that there are."""

import json
import re

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from contract import ROOT

DEPLOY = ROOT / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
RULES = [
    rule
    for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
SOURCE = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
OWN = {"up"}  # that Prometheus makes itself
# What Grafana puts in before it asks.
VARIABLES = {"$__rate_interval": "5m", "$instance": ".*", "$job": ".*"}


def filled(expression):
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression


@pytest.fixture(scope="module")
def samples(shipped):
    """Every name of /metrics once something was asked, with the names of its labels."""
    shipped.get("/v1")
    found = {}
    text = shipped.client.get("/metrics").body.decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def selected(modules, expressions):
    """The metrics that they name; each can be read."""
    read = json.loads(modules.script("promql.mjs", json.dumps(expressions)))
    assert [(one, found) for one, found in zip(expressions, read) if found["errors"]] == []
    return [set(found["metrics"]) for found in read]


def labels_of(expression):
    """Those that are matched or grouped by."""
    grouped = re.findall(r"\bby \(([^)]*)\)", expression)
    matched = re.findall(r"(\w+)(?:=~|!~|!=|=)\"", expression)
    return {name.strip() for names in grouped for name in names.split(",")} | set(matched)


def assert_there(modules, samples, expressions):
    for expression, metrics in zip(expressions, selected(modules, expressions)):
        assert metrics, expression
        assert metrics - OWN <= set(samples), expression
        known = set().union({"instance", "job"}, *(samples.get(name, ()) for name in metrics))
        assert labels_of(expression) <= known, expression


def test_alerts(modules, samples):
    assert_there(modules, samples, [rule["expr"] for rule in RULES])


def test_alerts_lead_to_run_books():
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    heads = re.findall(r"^### (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
    for rule in RULES:
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "docs/operations.md"
        assert anchor in anchors, rule["alert"]
        assert rule["annotations"]["summary"] and rule["labels"]["severity"]
    assert len({rule["alert"] for rule in RULES}) == len(RULES)


def test_dashboard_queries(modules, samples):
    expressions = [
        filled(target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]
    ]
    assert len(expressions) > 20
    assert_there(modules, samples, expressions)


def test_dashboard_shows_every_metric(modules, samples):
    """But for what only describes, or is the total of another one."""
    expressions = [
        filled(target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]
    ]
    shown = set().union(*selected(modules, expressions))
    shown |= {name.rsplit("_", 1)[0] + suffix for name in shown if name.endswith("_bucket")
              for suffix in ("_sum", "_count")}  # fmt: skip
    assert set(samples) - shown == {
        "udcg_build_info", "udcg_cache_entries", "udcg_dataset_failed_loads_total",
        "udcg_dataset_loads_total", "udcg_http_connections_opened_total", "udcg_queries_total",
    }  # fmt: skip


def test_dashboard_variables(samples):
    for one in DASHBOARD["templating"]["list"]:
        asked = re.fullmatch(r"label_values\((\w+)(?:{.*})?, (\w+)\)", one["query"]["query"])
        assert asked[1] in samples
        assert one["name"] == asked[2]


def test_dashboard_form():
    """One data source that is asked for at the import; panels that do not overlap."""
    assert [entry["name"] for entry in DASHBOARD["__inputs"]] == ["DS_PROMETHEUS"]
    panels = DASHBOARD["panels"]
    used = [one["datasource"] for panel in panels for one in (panel, *panel["targets"])]
    used += [one["datasource"] for one in DASHBOARD["templating"]["list"]]
    assert all(one == SOURCE for one in used)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in panels}) == len(panels)
