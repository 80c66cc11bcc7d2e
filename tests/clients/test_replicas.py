"""Processes with the same facts are interchangeable: the same bytes, the same entity tags."""

import json

import pytest

from client import Client
from conftest import Unchecked
from process import run
from replica_urls import Urls

CODINGS = ["identity", "gzip"]
OWN = {"date", "server-timing", "x-request-id"}  # headers that are of the moment


@pytest.fixture(scope="module")
def replicas(serve, write_timeline, tmp_path_factory):
    """Two clients: the facts as a document in memory, and in another order as lines, in a file."""
    database = tmp_path_factory.mktemp("replica") / "timeline.db"
    services = [
        serve(write_timeline(700), "--workers", 1),
        serve(write_timeline(700, "ndjson", 7), "--workers", 2, "--db", database),
    ]
    return [Client(service.process.address, Unchecked()) for service in services]


@pytest.fixture(scope="module")
def urls(replicas):
    """Those of `udcg describe`."""
    return Urls(json.loads(run("describe").stdout), replicas[0]).all()


def seen(client, target, coding):
    reply = client.request("GET", target, {"Accept-Encoding": coding})
    headers = sorted((name, value) for name, value in reply.headers if name.lower() not in OWN)
    return reply.status, headers, reply.sent


def differences(replicas, targets):
    """The second is asked in the other order: what was asked before must not matter."""
    asked = [(target, CODINGS[number % 2]) for number, target in enumerate(targets)]
    first = {one: seen(replicas[0], *one) for one in asked}
    second = {one: seen(replicas[1], *one) for one in reversed(asked)}
    return [one for one in asked if first[one] != second[one]]


def test_same_replies(replicas, urls):
    assert len(urls) > 1500
    assert differences(replicas, urls) == []


def test_urls_are_good(replicas, urls):
    """Two refusals that are alike would prove little."""
    refused = [target for target in urls if replicas[0].get(target).status != 200]
    assert refused == []


def test_cursors_cross_over(replicas, urls):
    """The page that one process leads to, both have."""
    following = set()
    for target in urls:
        reply = replicas[0].get(target)
        if reply.media_type == "application/json" and reply.json.get("page"):
            following.add(reply.json["page"]["next"])
    following = sorted(following - {None})
    assert len(following) > 100
    assert differences(replicas, following) == []
    assert all(replicas[1].get(target).status == 200 for target in following)


def test_tags_cross_over(replicas, urls):
    """What one process gave the other takes as still good."""
    for target in urls[::10]:
        tag = replicas[0].get(target).header("ETag")
        again = replicas[1].get(target, headers={"If-None-Match": tag})
        assert (again.status, again.header("ETag")) == (304, tag), target
