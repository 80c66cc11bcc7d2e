"""Load: wrk and h2load for rates, a plain client for one request after the other."""

import random
import re
import socket
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from processes import LOAD_CPU, Trouble, pin

HERE = Path(__file__).resolve().parent
MEASURED = re.compile(r"^measured (\d+) (\d+) (\d+) (\d+) (\d+)$", re.M)
FINISHED = re.compile(r"finished in [^,]*, ([\d.]+) req/s")
STATUSES = re.compile(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx")


class Sample(NamedTuple):
    rate: float  # replies a second
    p50: float  # seconds
    p99: float
    cpu: float = 0.0  # seconds of the server a reply
    refused: float = 0.0  # share of the requests


def quantile(values, share):
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Targets:
    """Paths in a file, mixed, asked for one after the other; each run goes on where the last one
    ended."""

    def __init__(self, path, targets):
        mixed = list(targets)
        random.Random(1).shuffle(mixed)
        Path(path).write_text("".join(f"{target}\n" for target in mixed), "ascii")
        self.path, self.count, self.place = path, len(mixed), 0

    def advance(self, requests):
        self.place = (self.place + requests) % self.count


def _output(command):
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=pin(LOAD_CPU)
    )
    if done.returncode:
        raise Trouble(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
    return done.stdout


def wrk(server, targets, seconds, connections=64):
    """Keep-alive connections that ask for the targets in turn."""
    spent = server.cpu_seconds()
    output = _output(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s",
         "-s", HERE / "wrk.lua", server.url, "--", targets.path, str(targets.place)]
    )  # fmt: skip
    spent = server.cpu_seconds() - spent
    found = MEASURED.search(output)
    requests, duration, p50, p99, refused = map(int, found.groups()) if found else [0] * 5
    if refused >= requests:
        raise Trouble(f"{server.name}, {targets.path}: {output}")
    targets.advance(requests + connections)
    replies = requests - refused
    return Sample(
        1e6 * replies / duration, p50 / 1e6, p99 / 1e6, spent / replies, refused / requests
    )


def h2load(server, target, seconds, headers=(), connections=64, rate=None, log=None):
    """The same target on all connections; `rate`: requests a second of all of them together."""
    command = ["h2load", "--h1", "-t1", f"-c{connections}", f"-D{seconds}"]
    for header in headers:
        command += ["-H", header]
    if rate:
        command.append(f"--rps={max(1, round(rate / connections))}")
    if log:
        Path(log).unlink(missing_ok=True)
        command.append(f"--log-file={log}")
    spent = server.cpu_seconds()
    output = _output([*command, server.url + target])
    spent = server.cpu_seconds() - spent
    statuses = STATUSES.search(output)
    replies = int(statuses[1]) + int(statuses[2]) if statuses else 0
    if not replies or int(statuses[3]) + int(statuses[4]):
        raise Trouble(f"{server.name}{target}: {output}")
    p50 = p99 = 0.0
    if log:
        with open(log, encoding="ascii") as lines:
            times = [int(line.split("\t")[2]) / 1e6 for line in lines]
        p50, p99 = quantile(times, 0.5), quantile(times, 0.99)
    return Sample(float(FINISHED.search(output)[1]), p50, p99, spent / replies)


class Client:
    """One keep-alive connection."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=700)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.kept = b""

    def get(self, target):
        """(body, head, seconds) of a reply that has to be a 200."""
        started = time.perf_counter()
        self.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: bench\r\n\r\n".encode("ascii"))
        data = self.kept
        while b"\r\n\r\n" not in data:
            data += self._read()
        head, data = data.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)[1])
        while len(data) < length:
            data += self._read()
        seconds = time.perf_counter() - started
        self.kept = data[length:]
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise Trouble(f"{target}: {head.decode('latin-1')}\n{data.decode('utf-8')}")
        return data[:length], head, seconds

    def _read(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise Trouble("the server closed a connection")
        return data

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
