"""The edge of HTTP/1.1: requests that no library would send."""

import contextlib
import socket

import pytest

HOST = b"Host: localhost\r\n"
GET = b"GET /livez HTTP/1.1\r\n"
LAST = b"GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def exchange(client, data, wait=20):
    """All that the server says until it closes or falls silent."""
    with client.connect(timeout=wait) as connection:
        with contextlib.suppress(ConnectionError):  # it had enough before the end
            connection.send(data)
        found = b""
        try:
            while part := connection.socket.recv(65536):
                found += part
        except (socket.timeout, ConnectionResetError):
            pass
        return found


def statuses(answer):
    """Status codes of the replies; bodies here hold no such line."""
    return [int(part[1:4]) for part in answer.split(b"HTTP/1.1")[1:]]


REFUSED = {
    "two hosts": GET + b"Host: a\r\nHost: b\r\n\r\n",
    "two equal hosts": GET + HOST + HOST + b"\r\n",
    "no host": GET + b"\r\n",
    "two lengths": GET + HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    "two equal lengths": GET + HOST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "length and encoding": GET + HOST
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "encoding": GET + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "odd encoding": GET + HOST + b"Transfer-Encoding: xchunked\r\n\r\n",
    "negative length": GET + HOST + b"Content-Length: -1\r\n\r\n",
    "signed length": GET + HOST + b"Content-Length: +3\r\n\r\nabc",
    "length in hexadecimal": GET + HOST + b"Content-Length: 0x3\r\n\r\nabc",
    "length list": GET + HOST + b"Content-Length: 3, 3\r\n\r\nabc",
    "huge length": GET + HOST + b"Content-Length: 99999999999999999999\r\n\r\n",
    "space before the colon": GET + HOST + b"X-Odd : 1\r\n\r\n",
    "space in a name": GET + HOST + b"X Odd: 1\r\n\r\n",
    "no name": GET + HOST + b": 1\r\n\r\n",
    "no colon": GET + HOST + b"nonsense\r\n\r\n",
    "bracket in a name": GET + HOST + b"X(Odd): 1\r\n\r\n",
    "control in a value": GET + HOST + b"X-Odd: a\x01b\r\n\r\n",
    "nul in a name": GET + HOST + b"X\x00Odd: a\r\n\r\n",
    "bare return in a value": GET + HOST + b"X-Odd: a\rb\r\n\r\n",
    "control in the host": GET + b"Host: a\x7fb\r\n\r\n",
    "space in the host": GET + b"Host: a b\r\n\r\n",
    "nul behind the method": b"GET\0 /livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "two spaces behind the method": b"GET  /livez HTTP/1.1\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_refused(client, data):
    """4xx, and what stands behind it on the same connection is not answered.

    The library answers a length that it cannot read twice, with the same status.
    """
    answer = exchange(client, data + LAST)
    found = statuses(answer)
    assert found and 400 <= found[0] < 500, answer[:300]
    assert 404 not in found, f"a second request was answered: {answer[:2000]}"
    assert client.get("/livez").status == 200


TARGETS = {
    "control": b"/liv\x01ez",
    "nul": b"/livez\x00",
    "raw UTF-8": "/é".encode(),
    "fragment": b"/livez#x",
    "no slash": b"livez",
    "star with GET": b"*",
    "bad escape": b"/%zz",
    "nul escape": b"/livez%00.png",
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_bad_targets(client, target):
    answer = exchange(client, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n" + LAST)
    found = statuses(answer)
    assert found in ([400], [400, 404], [404, 404]), answer[:300]


TOLERATED = {  # RFC 9112 section 5.2 allows the first; the library cuts the second at the NUL
    "folded line": b"X-Odd: a\r\n b\r\n",
    "nul in a value": b"X-Odd: a\x00b\r\n",
}


@pytest.mark.parametrize("line", TOLERATED.values(), ids=TOLERATED.keys())
def test_tolerated(client, line):
    assert statuses(exchange(client, GET + HOST + line + b"\r\n" + LAST)) in ([200, 404], [400])


@pytest.mark.parametrize(
    "name",
    ["two hosts", "no host", "length and encoding", "two equal lengths", "bracket in a name"],
)
def test_what_we_refuse_ourselves_is_a_problem(client, name):
    reply = client.raw(REFUSED[name])
    client.rules.check(reply)
    assert (reply.status, reply.problem) == (400, "bad-request")
    assert reply.will_close


def test_http_1_0(client):
    answer = exchange(client, b"GET /livez HTTP/1.0\r\n\r\n")
    assert answer.split(b"\r\n")[0].endswith(b"200 OK")
    assert statuses(exchange(client, b"GET /livez HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n")) == [400]


@pytest.mark.parametrize("version", [b"HTTP/2.0", b"HTTP/0.9", b"HTTP/9.9", b"HTTP/1", b"http/1.1"])
def test_other_versions(client, version):
    request = b"GET /livez " + version + b"\r\n" + HOST + b"Connection: close\r\n\r\n"
    found = statuses(exchange(client, request, wait=1))
    assert not found or found[0] >= 400
    assert client.get("/livez").status == 200


def test_absolute_form(client):
    """RFC 9112 section 3.2.2: a server must take it, and the target's authority wins."""
    reply = client.raw(b"GET http://example.org/v1/meetings?limit=1 HTTP/1.1\r\nHost: x\r\n\r\n")
    reply.target = "/v1/meetings?limit=1"
    client.rules.check(reply)
    assert reply.status == 200
    assert reply.json["page"]["limit"] == 1


def test_absolute_form_without_a_path(client):
    reply = client.raw(b"GET http://example.org HTTP/1.1\r\nHost: example.org\r\n\r\n", target="/")
    client.rules.check(reply)
    assert reply.status == 200


@pytest.mark.parametrize("target", [b"ftp://example.org/v1", b"http://", b"http:/v1", b"//v1"])
def test_targets_of_no_form(client, target):
    found = statuses(exchange(client, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n" + LAST))
    assert found in ([400], [400, 404], [404, 404])


@pytest.mark.parametrize("target", ["/%6Civez", "/%72eadyz", "/metric%73", "/met%72ics?"])
def test_probes_are_where_their_letters_are(client, target):
    """Proxies that keep them from the public compare the target as it was sent."""
    reply = client.get(target)
    assert (reply.status, reply.problem) == (404, "not-found")


def test_escaped_letters_elsewhere(client):
    reply = client.raw(b"GET /%76%31/%6deetings?limit=1 HTTP/1.1\r\n" + HOST + b"\r\n")
    assert reply.json["page"]["limit"] == 1


def test_options_of_the_server(client):
    reply = client.raw(b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", "OPTIONS", "*")
    assert reply.status == 204
    assert {word.strip() for word in reply.header("Allow").split(",")} == {"GET", "HEAD", "OPTIONS"}


def test_pipelined_requests_are_answered_in_order(client):
    targets = [f"/v1/meetings?limit={number}" for number in range(1, 30)]
    targets += ["/v1/nothing", "/livez"]
    with client.connect() as connection:
        for target in targets:
            connection.send(f"GET {target} HTTP/1.1\r\n".encode() + HOST + b"\r\n")
        for target in targets:
            reply = connection.receive("GET", target)
            client.rules.check(reply)
            if "limit=" in target:
                assert reply.json["page"]["limit"] == int(target.partition("=")[2])
            assert not reply.will_close


def test_a_request_in_small_pieces(client):
    message = b"GET /v1/meetings?limit=2 HTTP/1.1\r\n" + HOST + b"\r\n"
    with client.connect() as connection:
        for place in range(0, len(message), 7):
            connection.send(message[place : place + 7])
        assert connection.receive("GET", "/v1/meetings?limit=2").status == 200


def test_connection_close_is_heeded(client):
    with client.connect() as connection:
        connection.send(GET + HOST + b"Connection: close\r\n\r\n")
        reply = connection.receive("GET", "/livez")
        assert reply.status == 200
        assert reply.will_close
        assert connection.at_end()


@pytest.mark.parametrize("size", [4_000, 20_000, 200_000])
def test_long_headers(client, size):
    line = b"X-Long: " + b"a" * size + b"\r\n"
    answer = exchange(client, GET + HOST + b"Connection: close\r\n" + line + b"\r\n")
    found = statuses(answer)
    assert found[:1] in ([200], [400], [413], [431]), answer[:200]
    assert size > 4_000 or found == [200]
    assert client.get("/livez").status == 200


def test_many_headers(client):
    lines = b"".join(b"X-%d: 1\r\n" % number for number in range(5000))
    found = statuses(exchange(client, GET + HOST + lines + b"\r\n"))
    assert found[:1] in ([400], [413], [431])
    assert client.get("/livez").status == 200


@pytest.mark.parametrize(
    "data", [b"", b"\r\n", b"\x16\x03\x01\x02\x00", b"GET", b"\x00" * 100, b"G" * 9000]
)
def test_what_is_no_request(client, data):
    assert b" 200 " not in exchange(client, data, wait=1).split(b"\r\n")[0]
    assert client.get("/livez").status == 200


def test_a_client_that_leaves(client):
    for _ in range(50):
        with client.connect() as connection:
            connection.send(b"GET /v1/meetings?limit=1000 HTTP/1.1\r\n" + HOST + b"\r\n")
    assert client.get("/livez").status == 200


@pytest.mark.parametrize("sent", ["abc-123", "0" * 64])
def test_request_ids_are_echoed(client, sent):
    assert client.get("/v1", headers={"X-Request-Id": sent}).header("X-Request-Id") == sent


@pytest.mark.parametrize("sent", ["a b", "<script>", "x" * 500, "é", '"'])
def test_request_ids_that_are_not(client, sent):
    reply = client.get("/v1/nothing", headers={"X-Request-Id": sent})
    assert reply.header("X-Request-Id") not in (None, sent)
