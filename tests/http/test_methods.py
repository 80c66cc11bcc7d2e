"""HEAD, OPTIONS, and the methods that there are not."""

import pytest

from targets import OPERATIONS, by_id, plain_target

STREAM = "text/event-stream"
WITH_END = [one for one in OPERATIONS if STREAM not in one.media_types]
CHANGING = {"X-Request-Id", "Server-Timing", "Date"}  # no two replies need share them
HOP_BY_HOP = {"Connection", "Transfer-Encoding"}  # of the connection, not of the reply
VOLATILE = {"/metrics"}  # its body counts the requests
KNOWN = ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"]
UNKNOWN = ["FOO", "GETT", "get", "PROPFINDX", "M-SEARCHX"]


def stable(reply):
    ignored = CHANGING | HOP_BY_HOP
    return sorted((name, value) for name, value in reply.headers if name not in ignored)


@pytest.mark.parametrize("operation", **by_id(WITH_END))
def test_head_is_get_without_its_body(sample, operation):
    target = plain_target(operation, sample.timeline)
    got, head = sample.client.get(target), sample.client.request("HEAD", target)
    assert (head.status, head.body) == (got.status, b"")
    if operation.path not in VOLATILE:
        assert stable(head) == stable(got)


@pytest.mark.parametrize("target", ["/v1/nothing", "/v1/meetings?limit=0", "/v1/meetings/nobody"])
def test_head_of_a_fault(client, target):
    got, head = client.get(target), client.request("HEAD", target)
    assert (head.status, head.body) == (got.status, b"")
    assert head.header("Content-Length") == got.header("Content-Length") != "0"


def words(header):
    return {word.strip() for word in header.split(",")}


@pytest.mark.parametrize("operation", **by_id(OPERATIONS))
def test_options(sample, operation):
    reply = sample.client.request(
        "OPTIONS", plain_target(operation, sample.timeline),
        {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"},
    )  # fmt: skip
    assert reply.status == 204
    assert words(reply.header("Allow")) == {"GET", "HEAD", "OPTIONS"}
    assert words(reply.header("Access-Control-Allow-Methods")) == {"GET", "HEAD", "OPTIONS"}
    assert reply.header("Access-Control-Allow-Origin") == "*"
    assert reply.header("Access-Control-Allow-Headers") == "*"
    assert reply.header("Access-Control-Max-Age") == "86400"


@pytest.mark.parametrize(
    "method, size",
    [(method, 0) for method in KNOWN] + [(method, n) for method in KNOWN[:4] for n in (2, 70_000)],
)
def test_known_methods(client, method, size):
    body = b"x" * size
    reply = client.request(method, "/v1/meetings", body=body)
    assert (reply.status, reply.problem) == (405, "method-not-allowed")
    assert words(reply.header("Allow")) == {"GET", "HEAD", "OPTIONS"}
    assert client.get("/livez").status == 200


@pytest.mark.parametrize("method", UNKNOWN)
def test_unknown_methods(client, method):
    reply = client.request(method, "/v1/meetings")
    assert (reply.status, reply.problem) == (501, "not-implemented")


def test_a_get_with_a_body_is_answered_and_the_connection_is_usable(client):
    with client.connect() as connection:
        for body in (b"x", b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", b"y" * 5000):
            head = b"GET /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
            connection.send(head % len(body) + body)
            reply = connection.receive("GET", "/v1")
            client.rules.check(reply)
            assert reply.status in (200, 400)
            if reply.will_close:
                return
        connection.send(b"GET /v1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.receive("GET", "/v1").status == 200


CORS = {
    "Access-Control-Allow-Origin": "*",
    "Timing-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
EXPOSED = {
    "ETag", "Link", "Dataset-Version", "X-Request-Id", "Retry-After", "Server-Timing",
    "Content-Disposition",
}  # fmt: skip


@pytest.mark.parametrize(
    "method, target",
    [
        ("GET", "/v1/meetings"),
        ("GET", "/v1/meetings/nobody"),
        ("GET", "/v1/meetings?limit=0"),
        ("GET", "/nothing"),
        ("GET", "/livez"),
        ("POST", "/v1/meetings"),
        ("FOO", "/v1/meetings"),
        ("GET", "/v1?" + "x" * 9000),
    ],
)
def test_every_reply_may_be_read_by_any_page(client, method, target):
    reply = client.request(method, target)
    for name, value in CORS.items():
        assert reply.header(name) == value, name
    assert words(reply.header("Access-Control-Expose-Headers")) >= EXPOSED
    if reply.status >= 400:
        assert reply.header("Cache-Control") == "no-store"
        assert reply.header("X-Request-Id")
