"""udcg probe: what it asks whom, and what it makes of the answer."""

import contextlib
import re
import signal
import socket
import subprocess
import threading

import pytest
from conftest import PROGRAM, SHIPPED

READY = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


class Answering:
    """Reads requests and answers each with these parts, each in a packet of its own."""

    def __init__(self, *parts, host="127.0.0.1", cuts=False):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, 0), family=family)
        self.port = self.listener.getsockname()[1]
        self.parts, self.cuts, self.request = parts, cuts, b""
        self.thread = threading.Thread(target=self._answer, daemon=True)
        self.thread.start()

    def _answer(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # nobody listens any more
            # The other side may have seen enough, or waited for too long.
            with connection, contextlib.suppress(ConnectionError):
                self._answer_one(connection)

    def _answer_one(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            part = connection.recv(4096)
            if not part:
                return
            request += part
        self.request = request
        for part in self.parts:
            connection.sendall(part)
        while not self.cuts and connection.recv(4096):
            pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # who waits in accept() comes back
        self.listener.close()


@pytest.fixture
def udcg(udcg):
    """The probe waits two seconds for its answer. Where nobody got to one it is sent again."""

    def run(*arguments, tries=5, **options):
        for left in reversed(range(tries)):
            try:
                done = udcg(*arguments, **options)
            except AssertionError as fault:
                if left == 0 or "timed out" not in str(fault):
                    raise
            else:
                if left == 0 or b"timed out" not in done.stderr:
                    return done
        return None

    return run


@pytest.fixture
def answering():
    """answering(*parts): a server that says these."""
    started = []

    def start(*parts, **options):
        started.append(Answering(*parts, **options))
        return started[-1]

    yield start
    for one in started:
        one.close()


def told(done):
    """The one line that it says."""
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    return line


@pytest.mark.parametrize("path, asked", [("", "/readyz"), ("/", "/"), ("/livez?a=b", "/livez?a=b")])
def test_a_url(udcg, answering, path, asked):
    server = answering(READY)
    done = udcg("probe", f"http://127.0.0.1:{server.port}{path}")
    assert (done.stdout, done.stderr) == (b"", b"")
    assert server.request.startswith(f"GET {asked} HTTP/1.1\r\n".encode())
    assert f"\r\nHost: 127.0.0.1:{server.port}\r\n".encode() in server.request


def test_an_address_in_brackets(udcg, answering):
    server = answering(READY, host="::1")
    udcg("probe", f"http://[::1]:{server.port}/readyz")
    assert f"\r\nHost: [::1]:{server.port}\r\n".encode() in server.request


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]"])
def test_it_asks_the_server_of_the_same_options(udcg, answering, host):
    server = answering(READY)
    udcg("probe", "--listen", f"{host}:{server.port}")
    assert server.request.startswith(b"GET /readyz ")


def test_the_admin_port_goes_first(udcg, answering):
    server = answering(READY)
    udcg("probe", "--listen", "127.0.0.1:1", "--admin-listen", f"127.0.0.1:{server.port}")
    assert server.request


def test_a_reply_in_pieces(udcg, answering):
    udcg("probe", f"http://127.0.0.1:{answering(b'HTTP/1.1 2', b'00 OK', b'').port}")


@pytest.mark.parametrize("status", [204, 302, 404, 503])
def test_another_status(udcg, answering, status):
    server = answering(f"HTTP/1.1 {status} Whatever\r\n\r\n".encode())
    line = told(udcg("probe", f"http://127.0.0.1:{server.port}", status=1))
    assert line == f"udcg: 127.0.0.1 port {server.port}: status {status}"


def test_what_is_no_http(udcg, answering):
    server = answering(b"220 mail.example ESMTP\r\n")
    assert str(server.port) in told(udcg("probe", f"http://127.0.0.1:{server.port}", status=1))


def test_silence(udcg, answering):
    server = answering()
    line = told(udcg("probe", f"http://127.0.0.1:{server.port}", status=1, tries=1))
    assert "timed out" in line


def test_half_a_reply(udcg, answering):
    server = answering(b"HTTP/1.1", cuts=True)
    assert "reset" in told(udcg("probe", f"http://127.0.0.1:{server.port}", status=1))


def test_nobody_there(udcg):
    with socket.socket() as taken:  # that does not listen
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert "refused" in told(udcg("probe", url, status=1))


def test_a_name_that_nobody_has(udcg):
    """Without a port it is 80."""
    line = told(udcg("probe", "http://nobody.invalid", status=1))
    assert line.startswith("udcg: nobody.invalid port 80: ")
    assert "assign" not in line


@pytest.mark.parametrize("url", [
    "127.0.0.1:8080", "https://127.0.0.1/", "http://", "http:///readyz", "http://:80/", "ftp://a/",
    "http://a/b c", "http://a/\r\nX: y", f"http://{'a' * 256}/", f"http://a/{'b' * 256}",
    f"http://a:{'8' * 256}/", f"http://[{'a' * 256}]/", "",
])  # fmt: skip
def test_what_is_no_url(udcg, url):
    assert "http://127.0.0.1:8080/readyz" in told(udcg("probe", url, status=2))


def test_listening_where_there_is_no_host(udcg):
    udcg("probe", "--listen", ":80", status=2)


@pytest.fixture
def port():
    """Of a server that is ready."""
    server = subprocess.Popen(
        [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--timeline", SHIPPED],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    found = None
    for line in server.stderr:
        found = found or re.search(rb"listening.*127\.0\.0\.1:(\d+)", line)
        if b" loaded " in line:
            break
    yield found[1].decode()
    server.send_signal(signal.SIGTERM)
    server.communicate()
    assert server.returncode == 0


def test_a_server_of_ours(udcg, port):
    udcg("probe", "--listen", f"127.0.0.1:{port}")
