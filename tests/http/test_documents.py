"""The card, the summary and the vocabulary: every number leads to its rows."""

import pytest

from targets import RULES


def total(client, target):
    reply = client.get(target + ("&" if "?" in target else "?") + "limit=1")
    assert reply.status == 200, (target, reply.body)
    return reply.json["page"]["total"]


@pytest.fixture(scope="module", params=["shipped", "sample"])
def asked(request, shipped, sample):
    """Both the shipped timeline and a random one."""
    return shipped if request.param == "shipped" else sample.client


def test_counts(asked):
    card, summary = asked.get("/v1").data, asked.get("/v1/summary").data
    assert summary["counts"] == card["counts"]
    for name in ("sources", "participants", "meetings", "attendance", "aid", "claims"):
        assert card["counts"][name] == total(asked, f"/v1/{name}")


def test_first_and_last_date(asked):
    card = asked.get("/v1").data
    rows, _ = asked.rows("/v1/timeline", {"limit": 1000})
    assert card["first_date"] == min(row["date_min"] for row in rows if row["date_min"])
    assert card["last_date"] == max(row["date_max"] for row in rows if row["date_max"])


def test_links_lead_somewhere(asked):
    links = asked.get("/v1").data["links"]
    assert {"meetings", "participants", "aid", "aid_totals", "claims", "sources"} <= set(links)
    for name, path in links.items():
        operation = RULES.operation_of(path)
        assert operation is not None, path
        if "text/event-stream" not in operation.media_types:
            assert asked.get(path + "support" * (name == "search")).status == 200


def test_the_paths_without_a_template_are_all_linked(asked):
    """Everything below /v1 can be found from there."""
    linked = {path.partition("?")[0] for path in asked.get("/v1").data["links"].values()}
    lists = {
        "/v1/summary", "/v1/vocabulary", "/v1/meetings", "/v1/participants", "/v1/attendance",
        "/v1/aid", "/v1/aid/totals", "/v1/claims", "/v1/timeline", "/v1/search", "/v1/sources",
    }  # fmt: skip
    assert lists <= linked


VALUES = [
    pytest.param(name, parameter, id=f"{name}-{parameter}")
    for name, schema in RULES.schemas["Vocabulary"]["properties"].items()
    for parameter in schema["properties"]
]


@pytest.mark.parametrize("name, parameter", VALUES)
def test_vocabulary(asked, name, parameter):
    """`count` is what the list has for the value; enumerations are whole and in order."""
    values = asked.get("/v1/vocabulary").data[name][parameter]
    declared = next(
        one for one in RULES.operations.values() if one.path == f"/v1/{name}"
    ).parameters[parameter]
    found = [entry["value"] for entry in values]
    assert len(set(found)) == len(found)
    assert (found[-1:] == ["none"]) == declared.none
    if declared.none:
        assert values[-1]["name"] == "not known"
        found.pop()
    if "enum" in declared.schema:
        assert found == declared.schema["enum"]
    else:
        assert found == sorted(found)
        assert all(entry["count"] for entry in values[: len(found)])
    for entry in values:
        assert entry["name"]
        assert entry["count"] == total(asked, f"/v1/{name}?{parameter}={entry['value']}")


def test_summary_s_numbers_lead_to_their_rows(asked):
    summary = asked.get("/v1/summary").data
    for row in summary["conflicts"]:
        assert row["count"] == total(asked, row["href"]) > 0
    for row in summary["unknown"][:3]:
        assert row["count"] == total(asked, row["href"])
    representatives, headers = summary["unknown"][3:]
    rows, _ = asked.rows(representatives["href"])
    assert representatives["count"] == sum(row["representative"] is not None for row in rows)
    rows, _ = asked.rows(headers["href"])
    assert headers["count"] == sum(row["header_date_trusted"] is False for row in rows)
    for row in summary["totals"]:
        figures, _ = asked.rows(row["figures"])
        assert len(figures) == row["count"]
        assert sum(figure["amount"] for figure in figures) == row["amount"]


def test_summary_s_totals_are_those_of_totals(asked):
    rows = asked.get("/v1/summary").data["totals"]
    plain = [{key: row[key] for key in row if key != "figures"} for row in rows]
    assert plain == asked.get("/v1/aid/totals").json["totals"]


def test_summary_s_series(asked):
    """The latest held meeting, and planned ones that surely come after it."""
    for series in asked.get("/v1/summary").data["series"]:
        rows, _ = asked.rows("/v1/meetings", {"series": series["series"], "undated": "false"})
        held = [row for row in rows if row["status"] == "held"]
        latest = series["latest_held"]
        assert (latest and latest["id"]) == (held[-1]["id"] if held else None)
        planned = [row for row in rows if row["status"] == "planned"]
        if held:
            last_day = held[-1]["date_max"] or held[-1]["date_min"]
            planned = [row for row in planned if (row["date_min"] or row["date_max"]) > last_day]
        assert [row["id"] for row in series["planned"]] == [row["id"] for row in planned]
