"""Requests that a proxy and the server might take apart differently: behind nginx and haproxy, on
connections that both keep, nobody is given the reply to somebody else's request."""

import http.client
import itertools

import pytest
from client import Connection
from conftest import SHIPPED
from proxies import Haproxy, Nginx

HOST = b"Host: localhost\r\n"
# What would be answered if a part of another request were taken for a request of its own.
INNER = b"GET /v1/smuggled HTTP/1.1\r\nHost: localhost\r\nX-Rest: "
CHUNK = b"%x\r\n%s\r\n0\r\n\r\n" % (len(INNER), INNER)


def request(*lines, body=b"", method=b"GET", target=b"/v1/meetings?limit=1"):
    return b"%s %s HTTP/1.1\r\n" % (method, target) + HOST + b"".join(
        line + b"\r\n" for line in lines
    ) + b"\r\n" + body  # fmt: skip


LENGTH = b"Content-Length: %d" % len(INNER)
SMUGGLED = {
    "length, of GET": request(LENGTH, body=INNER),
    "length, of POST": request(LENGTH, body=INNER, method=b"POST"),
    "chunks, of GET": request(b"Transfer-Encoding: chunked", body=CHUNK),
    "chunks, of POST": request(b"Transfer-Encoding: chunked", body=CHUNK, method=b"POST"),
    "length and chunks": request(LENGTH, b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + INNER),
    "chunks and length": request(b"Transfer-Encoding: chunked", LENGTH, body=b"0\r\n\r\n" + INNER),
    "two lengths": request(b"Content-Length: 0", LENGTH, body=INNER),
    "two lengths, the other way": request(LENGTH, b"Content-Length: 0", body=INNER),
    "a list of lengths": request(b"Content-Length: 0, %d" % len(INNER), body=INNER),
    "signed length": request(b"Content-Length: +%d" % len(INNER), body=INNER),
    "length with a space": request(b"Content-Length : %d" % len(INNER), body=INNER),
    "length after a tab": request(b"Content-Length:\t%d" % len(INNER), body=INNER),
    "length in a folded line": request(b"X-A: b\r\n " + LENGTH, body=INNER),
    "length behind a bare return": request(b"X-A: b\r" + LENGTH, body=INNER),
    "length behind a bare newline": request(b"X-A: b\n" + LENGTH, body=INNER),
    "length with an underscore": request(b"Content_Length: %d" % len(INNER), body=INNER),
    "odd chunks": request(b"Transfer-Encoding: xchunked", LENGTH, body=INNER),
    "chunks after a space": request(b"Transfer-Encoding : chunked", LENGTH, body=INNER),
    "chunks after a tab": request(b"Transfer-Encoding:\tchunked", LENGTH, body=CHUNK),
    "chunks with a control": request(b"Transfer-Encoding: \x0bchunked", LENGTH, body=INNER),
    "chunks twice": request(b"Transfer-Encoding: chunked, chunked", body=CHUNK),
    "chunks and identity": request(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity",
                                   LENGTH, body=INNER),
    "chunk extension": request(b"Transfer-Encoding: chunked",
                               body=b"0;a=b\nxx\r\n\r\n" + INNER),
    "huge chunk": request(b"Transfer-Encoding: chunked", body=b"fffffffffffffffe\r\n" + INNER),
    "expectation": request(LENGTH, b"Expect: 100-continue", body=INNER),
    "upgrade": request(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c",
                       b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", body=INNER),
    "connection names length": request(b"Connection: Content-Length", LENGTH, body=INNER),
    "space in the target": request(target=b"/v1/meetings HTTP/1.1\r\n" + HOST + b"\r\nGET /"),
    "newline in the target": request(target=b"/v1/meetings%0d%0a%0d%0aGET%20/v1/smuggled"),
    "HEAD with a length": request(LENGTH, body=INNER, method=b"HEAD"),
    "absolute target": request(target=b"http://localhost/v1/meetings?limit=1"),
}  # fmt: skip


@pytest.fixture(scope="module", params=[None, Nginx, Haproxy], ids=["alone", "nginx", "haproxy"])
def address(request, serve, tmp_path_factory):
    service = serve(SHIPPED)
    if request.param is None:
        yield service.process.address
        return
    with request.param([service.address], tmp_path_factory.mktemp("proxy")) as proxy:
        yield proxy.address


class Victim:
    """Another client, which knows what it is to be answered."""

    targets = itertools.cycle(range(1, 60))

    def __init__(self, address):
        self.connection = Connection(address, timeout=20)

    def is_answered(self):
        limit = next(self.targets)
        target = f"/v1/timeline?limit={limit}"
        self.connection.send(f"GET {target} HTTP/1.1\r\n".encode() + HOST + b"\r\n")
        reply = self.connection.receive("GET", target)
        assert reply.status == 200, reply
        assert reply.json["page"]["limit"] == limit
        if reply.will_close:
            self.connection.close()


def attack(address, data):
    """Every reply to it, until the connection closes or says no more."""
    replies = b""
    with Connection(address, timeout=0.3) as connection:
        try:
            connection.send(data)
            while part := connection.socket.recv(65536):
                replies += part
        except OSError:
            pass
    return replies


@pytest.mark.parametrize("data", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_nobody_else_is_affected(address, data):
    for _ in range(3):
        replies = attack(address, data)
        for _ in range(3):
            victim = Victim(address)
            victim.is_answered()
            victim.connection.close()
        assert b"/v1/smuggled" not in replies and b"nothing at this path" not in replies


@pytest.mark.parametrize("data", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_what_follows_on_the_connection(address, data):
    """The attacker's own next request is answered as itself, or not at all."""
    with Connection(address, timeout=2) as connection:
        try:
            connection.send(data)
            connection.send(b"GET /v1/claims?limit=2 HTTP/1.1\r\n" + HOST + b"\r\n")
            while True:
                reply = connection.receive("GET")
                assert reply.status != 404 or b"smuggled" not in reply.body
                if reply.will_close or reply.status == 200 and b"/v1/claims" in reply.body:
                    return
        except (OSError, http.client.HTTPException):
            return
