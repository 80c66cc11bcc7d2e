"""Programs under measurement: started on a CPU of their own, ended, and what they cost."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

# Server on one, load on the other, so that neither takes the other's time; what runs alone has all.
ALL_CPUS = os.sched_getaffinity(0)
SERVER_CPU, LOAD_CPU = 0, max(ALL_CPUS)
READY_SECONDS = 600
END_SECONDS = 30
REST_SECONDS = 0.5


class Trouble(Exception):
    """Something could not be measured."""


def pin(*cpus):
    return lambda: os.sched_setaffinity(0, cpus)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One server process (nginx's worker counts for it) and the port that it was given."""

    def __init__(self, name, command, port, log, ready="/"):
        self.name, self.port = name, port
        self.url = f"http://127.0.0.1:{port}"
        self.started = time.monotonic()
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=out, preexec_fn=pin(SERVER_CPU)
            )
        try:
            self._await(ready, log)
        except BaseException:
            self.end()
            raise
        self.seconds_to_ready = time.monotonic() - self.started

    def _await(self, path, log):
        request = f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode("ascii")
        while time.monotonic() < self.started + READY_SECONDS:
            if self.process.poll() is not None:
                raise Trouble(f"{self.name} ended: {Path(log).read_text('utf-8', 'replace')}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as asking:
                    asking.sendall(request)
                    if asking.recv(4096).startswith(b"HTTP/1.1 2"):
                        return
            except OSError:
                pass
            time.sleep(0.001)
        raise Trouble(f"{self.name} is not ready after {READY_SECONDS} s, see {log}")

    def _pids(self):
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
        return [pid, *map(int, children.split())]

    def cpu_seconds(self):
        """Used so far by all threads, by each process' own clock (see clock_getcpuclockid)."""
        return sum(time.clock_gettime(~pid << 3 | 2) for pid in self._pids())

    def rest(self):
        """Waits until it does nothing of its own."""
        used, before = self.cpu_seconds(), -1
        while used - before > REST_SECONDS / 100 and time.monotonic() < self.started + READY_SECONDS:
            time.sleep(REST_SECONDS)
            used, before = self.cpu_seconds(), used

    def memory(self, field="VmRSS"):
        """Resident bytes; VmHWM for the most there ever were."""
        total = 0
        for pid in self._pids():
            for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
                if line.startswith(field + ":"):
                    total += int(line.split()[1]) * 1024
        return total

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


def run_measured(command, log):
    """Runs a command to its end, on all CPUs: seconds, CPU seconds, most resident bytes."""
    started = time.monotonic()
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, preexec_fn=pin(*ALL_CPUS))
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Trouble(f"{command[0]}: {Path(log).read_text('utf-8', 'replace')}")
    seconds = time.monotonic() - started
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
