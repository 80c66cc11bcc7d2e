"""Every status that the contract declares for a path is given by it."""

import os
import threading

import pytest

from client import Client
from process import Server
from targets import MISSING, OPERATIONS, RULES, by_id, path_of, plain_target

ENDLESS = "text/event-stream"  # its reply does not end: test_changes.py reads it


def having(status):
    return by_id(
        [
            one for one in OPERATIONS
            if status in one.statuses and not (status == 200 and ENDLESS in one.media_types)
        ]
    )  # fmt: skip


@pytest.mark.parametrize("operation", **having(200))
def test_200(sample, operation):
    assert sample.client.get(plain_target(operation, sample.timeline)).status == 200


@pytest.mark.parametrize("operation", **having(304))
def test_304(sample, operation):
    target = plain_target(operation, sample.timeline)
    reply = sample.client.get(target)
    tag = reply.header("ETag")
    assert tag, reply
    again = sample.client.get(target, headers={"If-None-Match": tag})
    assert again.status == 304
    assert again.header("ETag") == tag
    other = sample.client.get(target, headers={"If-None-Match": '"another"'})
    assert (other.status, other.body) == (200, reply.body)


@pytest.mark.parametrize("operation", **having(400))
def test_400(sample, operation):
    path = path_of(operation, sample.timeline)
    reply = sample.client.get(path, {"no_such_parameter": "1"})
    assert (reply.status, reply.problem) == (400, "invalid-parameter")
    assert "no_such_parameter" in reply.faults
    assert sorted(reply.faults["no_such_parameter"]["allowed"]) == sorted(operation.parameters)


@pytest.mark.parametrize("operation", **having(404))
def test_404(sample, operation):
    reply = sample.client.get(path_of(operation, sample.timeline, MISSING))
    assert (reply.status, reply.problem) == (404, "not-found")


@pytest.mark.parametrize("operation", **having(406))
def test_406(sample, operation):
    target = plain_target(operation, sample.timeline)
    reply = sample.client.get(target, headers={"Accept-Encoding": "identity;q=0, *;q=0"})
    assert (reply.status, reply.problem) == (406, "not-acceptable")
    assert "identity" in reply.faults["Accept-Encoding"]["allowed"]


def heeds_accept(operation):
    """`/` and what is under /v1 without a suffix; elsewhere the path names the one format."""
    last = operation.path.rpartition("/")[2]
    return operation.path == "/" or operation.path.startswith("/v1") and "." not in last


@pytest.mark.parametrize("operation", **by_id(filter(heeds_accept, OPERATIONS)))
def test_406_for_a_media_type(sample, operation):
    target = plain_target(operation, sample.timeline)
    reply = sample.client.get(target, headers={"Accept": "image/png"})
    assert (reply.status, reply.problem) == (406, "not-acceptable")
    assert sorted(reply.faults["Accept"]["allowed"]) == sorted(operation.media_types)


@pytest.fixture(scope="module")
def unready(sample, rules, tmp_path_factory):
    """A server whose timeline does not arrive before the module's tests are done."""
    pipe = tmp_path_factory.mktemp("pipe") / "timeline.json"
    os.mkfifo(pipe)
    server = Server("--timeline", pipe)
    client = Client(server.address, rules)
    yield client
    feeder = threading.Thread(target=pipe.write_bytes, args=[sample.path.read_bytes()], daemon=True)
    feeder.start()
    server.wait_ready(client)
    feeder.join()
    client.close()
    server.stop()


@pytest.mark.parametrize("operation", **having(503))
def test_503_before_the_first_load(sample, unready, operation):
    reply = unready.get(plain_target(operation, sample.timeline))
    assert (reply.status, reply.problem) == (503, "not-ready")
    assert int(reply.header("Retry-After")) > 0


@pytest.mark.parametrize(
    "operation", **by_id([one for one in OPERATIONS if 503 not in one.statuses])
)
def test_no_503_before_the_first_load(unready, operation):
    assert unready.get(operation.path).status == 200


def test_nothing_else_is_declared():
    declared = {status for one in RULES.operations.values() for status in one.statuses}
    assert declared == {200, 304, 400, 404, 406, 503}
