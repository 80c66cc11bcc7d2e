"""A server whose timeline is replaced while it runs."""

import json
import re
import signal
import time
from pathlib import Path

from client import Client
from process import PATIENCE, Server

IN_FORCE = re.compile(r"\b(?:re)?loaded version=(\w+)")


class Editions:
    """`document` is None where the file is there already."""

    def __init__(self, rules, path, document, *options, **variables):
        self.path = Path(path)
        if document is not None:
            self.write(document)
        self.server = Server("--timeline", self.path, *options, **variables)
        self.client = Client(self.server.address, rules)
        self.server.wait_ready(self.client)
        self._await_load(0)

    def write(self, document):
        """Beside, then renamed over: no reload reads half a file."""
        beside = self.path.with_suffix(".new")
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        beside.write_text(text, "utf-8")
        beside.rename(self.path)

    def reload(self):
        """Asks for it and goes on; when that was."""
        self.server.process.send_signal(signal.SIGHUP)
        return time.monotonic()

    def publish(self, document):
        """Another edition: its version, once it is in force."""
        before = len(self._loads())
        self.write(document)
        self.reload()
        return self._await_load(before)

    def fail(self, text):
        """Another edition that is none, once that was said."""
        before = self._refusals()
        self.write(text)
        self.reload()
        until = time.monotonic() + PATIENCE
        while self._refusals() == before:
            assert time.monotonic() < until, self.server.log
            time.sleep(0.001)

    def _await_load(self, before):
        until, refusals = time.monotonic() + PATIENCE, self._refusals()
        while len(self._loads()) == before:
            assert time.monotonic() < until, self.server.log
            assert self._refusals() == refusals, self.server.log[-2000:]
            time.sleep(0.001)
        return self._loads()[-1]

    def _refusals(self):
        return self.server.log.count("timeline refused")

    def _loads(self):
        return [found[1] for line in list(self.server.lines) if (found := IN_FORCE.search(line))]

    def version(self):
        return self.client.get("/v1").header("Dataset-Version")

    def memory(self, name="VmRSS"):
        """KiB of the process: resident now, or with VmHWM the most there ever were."""
        text = Path(f"/proc/{self.server.process.pid}/status").read_text("ascii")
        return int(re.search(rf"^{name}:\s+(\d+) kB$", text, re.M)[1])

    def metric(self, name):
        text = self.client.get("/metrics").body.decode()
        return int(re.search(rf"^{name} (\d+)$", text, re.M)[1])

    def stop(self):
        self.client.close()
        self.server.stop()
