#!/usr/bin/python3
"""What a proxy in front makes of one worker: the set-ups of deploy/ beside the server alone.

All servers share one CPU, the load has the other. Prints replies a second, their delay, the CPU
time that a reply costs in the proxy and in the server, and how many requests reached the server.
"""

import argparse
import os
import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path += [str(ROOT / "tests" / part) for part in ("clients", "http")]

from load import Client, Targets, wrk  # noqa: E402
from processes import SERVER_CPU, Server, free_port  # noqa: E402
from proxies import Haproxy, Nginx, Varnish  # noqa: E402
from rates import alternate  # noqa: E402
from table import median  # noqa: E402

COUNTED = re.compile(rb'^udcg_http_requests_total\{route="/v1[^ ]* (\d+)', re.M)
MAX_AGE = 60  # seconds, as in deploy/


class Front(Server):
    """A proxy that runs already."""

    def __init__(self, proxy):
        self.name, self.port, self.process = type(proxy).__name__, proxy.port, proxy.process
        self.url = f"http://127.0.0.1:{proxy.port}"


def asked(server):
    """Requests that the server itself has answered."""
    with Client(server) as client:
        return sum(map(int, COUNTED.findall(client.get("/metrics")[0])))


def sampler(front, server, targets, seconds):
    """One round: its figures, and what of it the server had to do."""

    def measure():
        replies, spent = asked(server), server.cpu_seconds()
        sample = wrk(front, targets, seconds)
        behind = server.cpu_seconds() - spent
        return sample, asked(server) - replies, behind

    return measure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=3, help="of a round (default: 3)")
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    parser.add_argument("--target", default="/v1/meetings?limit=20", help="what is asked for")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {SERVER_CPU})
    program = os.environ.get("UDCG_PROGRAM", ROOT / "build" / "udcg")
    with tempfile.TemporaryDirectory(prefix="udcg-fronts-") as name, ExitStack() as stack:
        directory = Path(name)
        port = free_port()
        command = [program, "serve", "--listen", f"127.0.0.1:{port}", "--workers", "1",
                   "--max-age", str(MAX_AGE), "--log-level", "error"]  # fmt: skip
        server = stack.enter_context(
            Server("udcg", command, port, directory / "udcg.log", "/readyz")
        )
        fronts = [server]
        for kind in (Haproxy, Nginx, Varnish):
            place = directory / kind.__name__
            place.mkdir()
            proxy = stack.enter_context(kind([f"127.0.0.1:{port}"], place))
            fronts.append(Front(proxy))
        targets = Targets(directory / "targets", [arguments.target])
        for front in fronts[1:]:
            wrk(front, targets, 1)  # what it keeps is there
        samples = alternate(
            arguments.rounds,
            *(sampler(front, server, targets, arguments.seconds) for front in fronts),
        )
    print("| in front | replies/s | p99 ms | µs of CPU a reply | of it the server's | reached the server |")
    print("|---|---|---|---|---|---|")
    for front, rounds in zip(fronts, samples):
        middle = median([sample for sample, _, _ in rounds])
        requests = sum(sample.rate * arguments.seconds for sample, _, _ in rounds)
        behind = 1e6 * sum(cpu for _, _, cpu in rounds) / requests
        own = 1e6 * middle.cpu
        total = own if front is server else own + behind
        reached = sum(count for _, count, _ in rounds) / requests
        print(f"| {front.name} | {middle.rate:,.0f} | {1e3 * middle.p99:.1f} | {total:.1f} | "
              f"{behind:.1f} | {min(reached, 1):.0%} |")  # fmt: skip


if __name__ == "__main__":
    main()
