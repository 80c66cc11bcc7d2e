"""The contract's form, links of the card, and texts that depend on where and what is served."""

import json
import re
from datetime import date, timedelta

import pytest
import yaml

from contract import ROOT
from tests.auditor import random_timeline

PUBLIC = "https://api.example/udcg"
LINKS = [
    "summary", "vocabulary", "meetings", "participants", "attendance", "aid", "aid_totals",
    "claims", "timeline", "search", "sources", "calendar", "feed", "export", "changes", "openapi",
]  # fmt: skip


@pytest.fixture(scope="module")
def public(sample, serve):
    return serve(sample.path, "--public-url", PUBLIC)


def test_the_json_contract_keeps_the_order_of_keys(client):
    contract = yaml.safe_load((ROOT / "openapi.yaml").read_bytes())
    served = json.loads(client.get("/openapi.json").body)
    assert json.dumps(served) == json.dumps(contract)


def test_links_of_the_card_lead_somewhere(client, public):
    links = client.get("/v1").data["links"]
    assert list(links) == LINKS
    for name, link in links.items():
        if name != "changes":  # it does not end
            assert client.get(link + ("a" * 3 if name == "search" else "")).status == 200
    assert public.get("/v1").data["links"] == {
        name: "/udcg" + link for name, link in links.items()
    }


LICENCES = {
    "CC0-1.0": "https://spdx.org/licenses/CC0-1.0.html",
    "GPL-2.0+": "https://spdx.org/licenses/GPL-2.0+.html",
    "https://example.org/licence?v=1#2": "https://example.org/licence?v=1#2",
    "https://example.org/" + "a" * 5000: None,
    "LicenseRef-ours": None,
    "as each report says": None,
    "https://example.org/>; rel=x, <y": None,
}


@pytest.mark.parametrize("licence, target", LICENCES.items(), ids=lambda text: str(text)[:30])
def test_licence_and_contract_of_the_card(serve, tmp_path, licence, target):
    path = tmp_path / "timeline.json"
    path.write_text(json.dumps(random_timeline.timeline(2, 10) | {"licence": licence}), "utf-8")
    one = serve(path)
    expected = ['</openapi.yaml>; rel="service-desc"']
    expected += [f'<{target}>; rel="license"'] if target else []
    for asked in ("/v1", "/"):
        assert one.get(asked).header("Link") == ", ".join(expected)
    assert one.get("/v1/summary").header("Link") is None


def fields(client):
    lines = client.get("/.well-known/security.txt").body.decode().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_security_txt_needs_no_clock(client):
    """It expires a year after the release of what is served."""
    released = date.fromisoformat(client.get("/v1").data["released"])
    expires = released + timedelta(days=365)
    assert fields(client)["Expires"] == f"{expires}T00:00:00Z"


def test_security_txt_of_a_public_server(public):
    found = fields(public)
    assert found["Contact"] == PUBLIC + "/#security"
    assert found["Canonical"] == PUBLIC + "/.well-known/security.txt"
    page = public.get("/", headers={"Accept": "text/html"}).body.decode()
    assert 'id="security"' in page


def test_robots_txt_of_a_public_server(client, public):
    assert "Disallow: /v1/\n" in client.get("/robots.txt").body.decode()
    assert "Disallow: /udcg/v1/\n" in public.get("/robots.txt").body.decode()


@pytest.mark.parametrize("headers", [{}, {"If-None-Match": "*"}])
def test_a_problem_that_there_is_not(client, headers):
    reply = client.get("/problems/not-fount", headers=headers)
    assert (reply.status, reply.problem) == (404, "not-found")
    assert "not-found" in reply.json["detail"]


DISPOSITIONS = {
    "/v1/meetings.csv": 'inline; filename="meetings.csv"',
    "/v1/aid/totals.csv": 'inline; filename="aid_totals.csv"',
    "/v1/claims.ndjson": 'inline; filename="claims.ndjson"',
    "/v1/claims.json": None,
    "/v1/claims": None,
    "/v1/meetings.ics": None,
    "/v1/export.sqlite": 'attachment; filename="timeline.sqlite"',
    "/": None,
}


@pytest.mark.parametrize("path", DISPOSITIONS)
def test_file_names(client, path):
    assert client.get(path).header("Content-Disposition") == DISPOSITIONS[path]


def test_a_list_by_accept_has_a_file_name_too(client):
    reply = client.get("/v1/aid", headers={"Accept": "text/csv"})
    assert re.fullmatch(r'inline; filename="aid\.csv"', reply.header("Content-Disposition"))
