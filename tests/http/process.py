"""A server under test: started, found, stopped, and searched for what sanitizers say."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

from contract import ROOT

PROGRAM = Path(os.environ.get("UDCG_PROGRAM", ROOT / "build" / "udcg"))
LISTENING = re.compile(r"\blistening\b.*?(127\.0\.0\.1):(\d+)")
SANITIZERS = re.compile(
    r"AddressSanitizer|LeakSanitizer|ThreadSanitizer|MemorySanitizer|runtime error:"
)
PATIENCE = 60  # seconds; sanitizer builds on a busy machine are slow
LONG = os.environ.get("UDCG_LONG") == "1"  # tests that have a long form take it
LEFT_BEHIND = "report_thread_leaks=0"  # a load at work when the server ends is left at it
FRUGAL = {"ASAN_OPTIONS": "quarantine_size_mb=1"}  # for memory that is measured
BUDGET = "60s"  # for a query, so that no answer depends on how busy the machine is


def environment(**more):
    """No UDCG_* of the caller changes what is tested."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UDCG_")}
    return {"TSAN_OPTIONS": LEFT_BEHIND} | kept | more


def watches_threads():
    """The thread sanitizer keeps notes on memory, which count as the server's own."""
    return b"__tsan_init" in PROGRAM.read_bytes()


def sanitized():
    """Sanitizers take memory, and ask the kernel for things, on their own account."""
    return watches_threads() or b"__asan_init" in PROGRAM.read_bytes()


def run(*arguments, **options):
    """`udcg` with these arguments, to its end."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, env=environment(),
        timeout=PATIENCE, **options,
    )  # fmt: skip


class Server:
    def __init__(self, *arguments, under=(), program=None, **variables):
        """`under`: a command that becomes the server at its end, like `prlimit --nofile=64`."""
        self.process = subprocess.Popen(
            [*under, program or PROGRAM, "serve", "--listen", "127.0.0.1:0", *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(**{"UDCG_QUERY_BUDGET": BUDGET} | variables),
        )  # fmt: skip
        self.lines = []
        self._address = None
        self._spoke = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for raw in self.process.stderr:
            line = raw.decode("utf-8", "backslashreplace").rstrip("\n")
            with self._spoke:
                self.lines.append(line)
                if self._address is None and (found := LISTENING.search(line)):
                    self._address = (found[1], int(found[2]))
                self._spoke.notify_all()
        # Who waits looks whether it has ended, which comes a moment after its last word.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=PATIENCE)
        with self._spoke:
            self._spoke.notify_all()

    @property
    def log(self):
        return "\n".join(self.lines)

    @property
    def address(self):
        with self._spoke:
            self._spoke.wait_for(
                lambda: self._address or self.process.poll() is not None, timeout=PATIENCE
            )
        if self._address is None:
            self.reader.join(timeout=PATIENCE)  # for its last words
        assert self._address, f"the server does not listen: {self.log}"
        return self._address

    def wait_said(self, text):
        """Until a line of the log has this in it."""
        with self._spoke:
            self._spoke.wait_for(
                lambda: text in self.log or self.process.poll() is not None, timeout=PATIENCE
            )
        assert text in self.log, f"never said: {text}: {self.log}"

    def wait_ready(self, client):
        until = time.monotonic() + PATIENCE
        while (reply := client.get("/readyz")).status != 200:
            assert self.process.poll() is None, f"the server ended: {self.log}"
            assert time.monotonic() < until, f"not ready: {reply.body} {self.log}"
            time.sleep(0.01)

    def stop(self):
        """Asks it to end; whatever but a clean end fails."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = "none: killed after SIGTERM was not heeded"
        self.reader.join(timeout=PATIENCE)
        output = self.process.stdout.read()
        assert not SANITIZERS.search(self.log), self.log
        assert status == 0, f"exit status {status}: {self.log}"
        assert output == b"", f"standard output is not for the server: {output[:500]}"
