"""How it begins beside others and ends under load."""

import http.client
import re
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from client import Client, Connection
from conftest import ROOT
from process import PATIENCE, Server, run

SHIPPED = ROOT / "data" / "timeline.json"


def refused(*options, status):
    done = run("serve", "--timeline", SHIPPED, *options)
    told = [line for line in done.stderr.decode().splitlines() if line.startswith("udcg")]
    assert done.returncode == status, done
    assert len(told) == 1, done.stderr
    return told[0]


def test_a_second_server(serve):
    _, client = serve("--timeline", SHIPPED)
    host, port = client.address
    assert str(port) in refused("--listen", f"{host}:{port}", status=3)
    assert client.get("/livez").status == 200


def test_a_port_that_somebody_has():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(port) in refused("--listen", f"127.0.0.1:{port}", status=3)


def test_an_address_of_another_machine():
    assert "192.0.2.1" in refused("--listen", "192.0.2.1:8080", status=3)


@pytest.mark.parametrize("address", ["8080", "localhost", "127.0.0.1:99999", "[::1", "a b:1"])
def test_what_is_no_address(address):
    assert address in refused("--listen", address, status=2)


def test_the_admin_port_is_taken(serve):
    _, client = serve("--timeline", SHIPPED)
    port = client.address[1]
    told = refused("--listen", "127.0.0.1:0", "--admin-listen", f"127.0.0.1:{port}", status=3)
    assert str(port) in told


@pytest.mark.parametrize("name", ["nothing.json", "directory"])
def test_a_timeline_that_there_is_not(tmp_path, name):
    (tmp_path / "directory").mkdir()
    done = run("serve", "--listen", "127.0.0.1:0", "--timeline", tmp_path / name)
    assert done.returncode in (1, 3)
    assert name in done.stderr.decode()


class Asking(threading.Thread):
    """Asks again and again over kept connections, until it is refused one."""

    def __init__(self, address, target):
        super().__init__()
        self.address, self.target = address, target
        self.statuses, self.failures = [], []
        self.stopping = threading.Event()

    def run(self):
        connection = None
        while True:
            try:
                connection = connection or Connection(self.address, timeout=PATIENCE)
                connection.send(f"GET {self.target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            except OSError:
                if self.stopping.is_set():
                    return
                raise
            try:
                reply = connection.receive("GET", self.target)
            except (OSError, http.client.HTTPException) as error:
                # A connection that was idle may be closed as the request sets out.
                self.failures.append((self.stopping.is_set(), repr(error)))
                return
            self.statuses.append(reply.status)
            if reply.will_close:
                connection.close()
                connection = None
                if self.stopping.is_set():
                    return


def test_sigterm_under_load(rules):
    server = Server("--timeline", SHIPPED, "--drain-delay", "600s")
    client = Client(server.address, rules)
    server.wait_ready(client)
    asking = [
        Asking(server.address, target)
        for target in ("/v1/meetings", "/v1/aid/totals", "/v1/search?q=air", "/v1/aid.csv") * 2
    ]
    for thread in asking:
        thread.start()
    until = time.monotonic() + PATIENCE
    while not all(thread.statuses for thread in asking):
        assert time.monotonic() < until, "somebody is not answered"
        time.sleep(0.01)
    server.process.send_signal(signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while client.get("/readyz").status == 200:
        assert time.monotonic() < until, "still ready"
    fresh = client.connect()  # the listeners are open for the drain delay
    fresh.send(b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert fresh.receive().status == 200
    fresh.close()
    for thread in asking:
        thread.stopping.set()
    server.process.send_signal(signal.SIGINT)  # the second one cuts the delay short
    for thread in asking:
        thread.join(timeout=PATIENCE)
        assert not thread.is_alive()
    assert server.process.wait(timeout=PATIENCE) == 0
    for thread in asking:
        assert thread.statuses and set(thread.statuses) == {200}, thread.statuses[-3:]
        # Whoever had a whole request there was answered; only an idle connection may have closed.
        assert all(stopping and "RemoteDisconnected" in error for stopping, error in thread.failures)
    client.close()
    server.reader.join()
    assert re.search("stopped status=0", server.log)


def received(reader):
    """Up to the end, or to a reset, which is the last word then."""
    got = b""
    try:
        while part := reader.recv(65536):
            got = got[-8:] + part
    except ConnectionResetError:
        return "reset"
    return got[-7:]


def test_what_is_cut_is_not_taken_for_the_whole(written, rules, tmp_path):
    """Who is not done when the time is up learns it without chunks, too; the log says of whom."""
    database = tmp_path / "x.db"
    server = Server("--timeline", written(13, 1500), "--db", database)
    client = Client(server.address, rules)
    server.wait_ready(client)
    client.close()
    held = int(Path("/proc/sys/net/ipv4/tcp_wmem").read_text("ascii").split()[2])
    assert database.stat().st_size > 2 * held, "the kernel would take it whole"
    with socket.socket() as old, socket.socket() as new:
        for reader, version in ((old, "1.0"), (new, "1.1")):
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.settimeout(20)
            reader.connect(server.address)
            reader.sendall(f"GET /v1/export.sqlite HTTP/{version}\r\nHost: a\r\n\r\n".encode())
            assert b" 200 " in reader.recv(1024)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0
        assert (received(old), received(new) == b"\r\n0\r\n\r\n") == ("reset", False)
    server.reader.join()
    lines = [line for line in server.lines if "/v1/export.sqlite" in line]
    assert len(lines) == 2, server.log
    assert all(line.endswith('reason="the server is ending"') for line in lines), lines


def test_reloads_do_not_prolong_the_drain_delay():
    server = Server("--timeline", SHIPPED, "--drain-delay", "1s")
    server.wait_said("loaded")
    told = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    while server.process.poll() is None and time.monotonic() < told + PATIENCE:
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
    assert server.process.poll() == 0
    assert time.monotonic() - told > 1
    server.reader.join()


def test_sigterm_while_loading(tmp_path, written, rules):
    """What a load that was cut short leaves behind is cleared away by the next one."""
    options = ("--timeline", written(9, 800), "--db", tmp_path / "x.db")
    for wait in (0.0, 0.02, 0.1, 0.3):
        server = Server(*options)
        assert server.address
        time.sleep(wait)
        server.stop()
        assert {path.name for path in tmp_path.iterdir()} <= {"x.db", "x.db.new", "x.db.staging"}
    server = Server(*options)
    client = Client(server.address, rules)
    server.wait_ready(client)
    client.close()
    server.stop()
    assert {path.name for path in tmp_path.iterdir()} == {"x.db"}
