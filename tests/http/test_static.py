"""The contract as served, what problem types mean, and the small texts."""

import re

import pytest
import yaml

from contract import ROOT
from targets import RULES

SLUGS = RULES.schemas["ProblemSlug"]["enum"]


def test_the_contract_is_the_repository_s_file(client):
    """Byte for byte; the binary under test was built from it."""
    assert client.get("/openapi.yaml").body == (ROOT / "openapi.yaml").read_bytes()


def test_the_contract_as_json(client):
    assert client.get("/openapi.json").json == yaml.safe_load((ROOT / "openapi.yaml").read_bytes())


@pytest.mark.parametrize("slug", SLUGS)
def test_problem_types_are_explained(client, slug):
    reply = client.get(f"/problems/{slug}")
    assert reply.status == 200
    assert len(reply.body.decode().split()) > 8
    assert reply.body.endswith(b"\n")


@pytest.mark.parametrize("target", ["/v1/nothing", "/v1/aid?limit=0", "/v1/aid?limit=1&cursor=x"])
def test_the_type_of_a_problem_leads_to_its_explanation(client, target):
    problem = client.get(target).json
    assert problem["title"] in client.get(problem["type"]).body.decode()


def test_security_txt(client):
    """RFC 9116: one Contact or more, Expires exactly once."""
    lines = client.get("/.well-known/security.txt").body.decode().splitlines()
    names = [line.partition(":")[0] for line in lines if ":" in line and line[0] != "#"]
    assert "Contact" in names
    assert names.count("Expires") == 1
    expires = next(line for line in lines if line.startswith("Expires:"))
    assert re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", expires)


def test_robots_txt(client):
    assert re.search(r"(?im)^user-agent: \*$", client.get("/robots.txt").body.decode())


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health(client, path):
    reply = client.get(path)
    assert reply.status == 200
    if path == "/readyz":
        assert reply.json["version"] == client.get("/v1").data["version"]
