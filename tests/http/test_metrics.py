"""/metrics, read by Prometheus' own parser: every name with help and type, every number true."""

import gzip
import signal
import socket
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from client import Client
from conftest import SHIPPED
from process import Server

KINDS = ("source", "participant", "meeting", "aid", "claim")
PATIENCE = 30  # seconds


def scrape(client):
    """{family: its samples as {labels: value}}."""
    reply = client.get("/metrics")
    assert reply.header("Content-Type").startswith("text/plain; version=0.0.4")
    return {family.name: family for family in text_string_to_metric_families(reply.body.decode())}


def value(families, name, **labels):
    """The sample of this name and these labels; 0 where a counter has not begun."""
    found = [
        sample.value
        for family in families.values()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    return sum(found)


@pytest.fixture
def server(rules, tmp_path):
    """Of one worker, so that every request meets the same cache; and the file that it serves."""
    timeline = tmp_path / "timeline.json"
    timeline.write_bytes(SHIPPED.read_bytes())
    running = Server("--timeline", timeline, "--workers", 1, UDCG_QUERY_BUDGET="60s")
    running.timeline = timeline
    running.client = Client(running.address, rules)
    running.wait_ready(running.client)
    yield running
    running.client.close()
    running.stop()


def wait_for(client, condition):
    until = time.monotonic() + PATIENCE
    while not condition(families := scrape(client)):
        assert time.monotonic() < until, "it never comes to be"
        time.sleep(0.02)
    return families


def test_compressed_where_nothing_else_is_taken(client):
    reply = client.get("/metrics", headers={"Accept-Encoding": "gzip, identity;q=0"})
    assert reply.header("Content-Encoding") == "gzip"
    assert gzip.decompress(reply.sent).startswith(b"# HELP ")


def test_form(client):
    families = scrape(client)
    assert len(families) > 25
    for name, family in families.items():
        assert family.type in {"counter", "gauge", "histogram"}, name
        assert family.documentation.endswith("."), name
        assert family.samples, name
        rows = [(sample.name, *sorted(sample.labels.items())) for sample in family.samples]
        assert len(rows) == len(set(rows)), name
        assert all(sample.name.startswith(("udcg_", "process_")) for sample in family.samples)


def test_requests(server):
    labels = {"route": "/v1/aid/{id}", "method": "GET"}
    tag = server.client.get("/v1/aid/us-package-500m").header("ETag")
    server.client.get("/v1/aid/us-package-500m", headers={"If-None-Match": tag})
    server.client.get("/v1/aid/nothing")
    families = wait_for(
        server.client, lambda now: value(now, "udcg_http_requests_total", **labels) == 3
    )
    for status in ("200", "304", "404"):
        assert value(families, "udcg_http_requests_total", status=status, **labels) == 1
    assert value(families, "udcg_http_reply_body_bytes_total", status="200", **labels) > 300
    assert value(families, "udcg_http_reply_body_bytes_total", status="304", **labels) == 0
    problems = {sample.labels["type"]: sample.value
                for sample in families["udcg_http_problems"].samples}  # fmt: skip
    del problems["not-ready"]  # the first load takes its time
    assert problems.pop("not-found") == 1
    assert set(problems.values()) == {0}
    assert problems.keys() >= {"internal", "overloaded", "timeout"}


def test_cache(server):
    before = scrape(server.client)
    for _ in range(3):
        server.client.get("/v1/meetings?limit=3")
    after = scrape(server.client)
    grown = {
        name: value(after, name) - value(before, name)
        for name in ("udcg_cache_hits_total", "udcg_cache_misses_total", "udcg_cache_entries",
                     "udcg_cache_bytes")
    }  # fmt: skip
    assert grown.pop("udcg_cache_bytes") > 300
    assert grown == {
        "udcg_cache_hits_total": 2, "udcg_cache_misses_total": 1, "udcg_cache_entries": 1
    }  # fmt: skip


def test_durations(server):
    for _ in range(5):
        server.client.get("/v1/claims")
    families = scrape(server.client)
    name = "udcg_http_request_duration_seconds"
    buckets = [sample for sample in families[name].samples if sample.name == f"{name}_bucket"]
    bounds = [float(sample.labels["le"]) for sample in buckets]
    counts = [sample.value for sample in buckets]
    assert bounds == sorted(bounds) and bounds[-1] == float("inf")
    assert counts == sorted(counts)
    assert counts[-1] == value(families, f"{name}_count") >= 5
    assert 0 < value(families, f"{name}_sum") < PATIENCE


def test_connections(server):
    before = value(scrape(server.client), "udcg_http_connections")
    with socket.create_connection(server.address):
        wait_for(server.client, lambda now: value(now, "udcg_http_connections") == before + 1)
    wait_for(server.client, lambda now: value(now, "udcg_http_connections") == before)


def test_dataset(server):
    families = scrape(server.client)
    about = server.client.get("/v1").data
    assert value(families, "udcg_dataset_ready") == 1
    labels = {"version": about["version"], "released": about["released"]}
    assert value(families, "udcg_dataset_info", **labels) == 1
    day = time.strftime("%Y-%m-%d", time.gmtime(value(families, "udcg_dataset_released_seconds")))
    assert day == about["released"]
    counts = {sample.labels["kind"]: sample.value
              for sample in families["udcg_dataset_records"].samples}  # fmt: skip
    assert set(counts) == set(KINDS)
    assert counts["aid"] == about["counts"]["aid"]
    assert 0 <= time.time() - value(families, "process_start_time_seconds") < 10 * PATIENCE


def reload(server, text):
    server.timeline.write_text(text, "utf-8")
    server.process.send_signal(signal.SIGHUP)


def test_a_bad_reload_shows(server):
    """In the log, on /readyz and in /metrics, until a good one."""
    good = server.timeline.read_text("utf-8")
    version = server.client.get("/v1").data["version"]

    reload(server, good.replace('"kind": "call"', '"kind": "shout"'))
    families = wait_for(
        server.client, lambda now: value(now, "udcg_dataset_last_load_failed") == 1
    )
    assert value(families, "udcg_dataset_failed_loads_total") == 1
    assert value(families, "udcg_dataset_info", version=version) == 1
    ready = server.client.get("/readyz")
    assert (ready.status, ready.json["version"]) == (200, version)
    assert "shout" in ready.json["reload_error"]
    server.wait_said("timeline refused")
    assert any("timeline refused" in line and "shout" in line for line in server.lines)

    reload(server, good)
    families = wait_for(
        server.client, lambda now: value(now, "udcg_dataset_last_load_failed") == 0
    )
    assert value(families, "udcg_dataset_failed_loads_total") == 1
    assert server.client.get("/readyz").json["reload_error"] is None
