"""Vega-Lite, in node, draws the charts of docs/examples from our URLs."""

import json

import pytest

from contract import ROOT
from examples import SERVER

EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture
def draw(modules, shipped, tmp_path):
    """draw(name): the numbers of marks that carry data by their type, and the picture."""

    def drawn(name):
        specification = (EXAMPLES / f"{name}.vl.json").read_text("utf-8")
        source, picture = tmp_path / "chart.json", tmp_path / "chart.svg"
        source.write_text(specification.replace(SERVER, shipped.address), "utf-8")
        marks = json.loads(modules.script("charts.mjs", source, picture))
        return marks, picture.read_text("utf-8")

    return drawn


def test_every_chart_is_drawn():
    drawn = {"aid-by-donor", "attendance-matrix", "meetings-over-time"}
    assert drawn == {path.name.removesuffix(".vl.json") for path in EXAMPLES.glob("*.vl.json")}


def test_aid_by_donor(draw, shipped):
    marks, picture = draw("aid-by-donor")
    rows = shipped.get("/v1/aid/totals?group_by=donor")["data"]
    assert marks == {"rect": len(rows)}
    assert {row["kind"] for row in rows} == {"package", "cumulative", "remaining"}
    assert all(row["donor_name"] in picture and row["kind"] in picture for row in rows)


def test_attendance_matrix(draw, shipped):
    marks, picture = draw("attendance-matrix")
    body = shipped.get("/v1/attendance?limit=1000")
    assert marks == {"rect": body["page"]["total"]}
    assert all(row["name"] in picture for row in body["data"])


def test_meetings_over_time(draw, shipped):
    """A line and a point for each meeting, an arrow for each end that is not known."""
    marks, picture = draw("meetings-over-time")
    rows = shipped.get("/v1/meetings?limit=1000")["data"]
    dated = [row for row in rows if row["date_min"] or row["date_max"]]
    arrows = [row for row in dated if not (row["date_min"] and row["date_max"])]
    assert len(arrows) > 0
    assert marks == {"rule": len(dated), "symbol": len(dated), "text": len(arrows)}
    assert all(row["title"][:20] in picture for row in dated)
