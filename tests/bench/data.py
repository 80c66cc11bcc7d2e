"""What a run needs and may keep for the next: timelines, the peers and their data."""

import getpass
import hashlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from load import Targets
from processes import ALL_CPUS, Server, free_port, pin

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# The flat table of a straightforward server: the fields of /v1/meetings ready to be sent.
PEER_SCHEMA = """
ATTACH '{database}' AS ours;
CREATE TABLE meeting AS
	SELECT m.row, m.first_day, m.last_day, v.* FROM ours.meeting AS m
	JOIN ours.api_meetings AS v ON v.id = m.id ORDER BY m.row;
CREATE TABLE convener AS
	SELECT c.meeting, p.id AS participant FROM ours.meeting_convener AS c
	JOIN ours.participant AS p ON p.row = c.participant;
CREATE TABLE attendance AS
	SELECT DISTINCT a.meeting, p.id AS participant FROM ours.attendance AS a
	JOIN ours.participant AS p ON p.row = a.participant;
CREATE UNIQUE INDEX meeting_row ON meeting (row);
CREATE INDEX meeting_day ON meeting (first_day, last_day, row);
CREATE INDEX meeting_series ON meeting (series, first_day, last_day, row);
CREATE INDEX convener_participant ON convener (participant, meeting);
CREATE INDEX attendance_participant ON attendance (participant, meeting);
ANALYZE;
"""


class Data:
    """Files in the cache directory; each is made when it is first asked for."""

    def __init__(self, directory, program, meetings, aid):
        self.directory, self.program = Path(directory), Path(program)
        self.meetings, self.aid = meetings, aid
        self.wants_fastify = True
        self.directory.mkdir(parents=True, exist_ok=True)

    def path(self, name):
        return self.directory / name

    def targets(self, name, targets):
        return Targets(self.path(f"targets-{name}"), targets)

    def log(self, name):
        return self.path(f"{name}.log")

    def _make(self, name, make):
        """A file that another run may have left; a part of one never stays."""
        path = self.path(name)
        if not path.exists():
            partial = self.path(name + ".partial")
            partial.unlink(missing_ok=True)
            make(partial)
            partial.rename(path)
        return path

    def _stamp(self, *files):
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]

    def timeline(self):
        maker = HERE / "generate.py"
        name = f"{self.meetings}-{self.aid}-{self._stamp(maker)}.ndjson"

        def make(partial):
            print("generating the timeline", file=sys.stderr)
            subprocess.run(
                [sys.executable, maker, f"--meetings={self.meetings}", f"--aid={self.aid}",
                 f"--claims={self.aid // 50}", f"--sources={max(20, self.aid // 500)}",
                 f"--participants={max(200, self.aid // 100)}", "--out", partial],
                check=True,
            )  # fmt: skip

        return self._make(name, make)

    def database(self):
        """Loaded by the program under measurement: another build's is made anew."""
        timeline = self.timeline()

        def make(partial):
            print("loading the timeline", file=sys.stderr)
            subprocess.run(
                [self.program, "load", timeline, "--db", partial],
                check=True,
                stdout=subprocess.DEVNULL,
                preexec_fn=pin(*ALL_CPUS),
            )

        return self._make(f"{timeline.stem}-{self._stamp(self.program)}.db", make)

    def peer_database(self):
        database = self.database()

        def make(partial):
            with sqlite3.connect(partial) as peer:
                peer.executescript(PEER_SCHEMA.format(database=database))

        return self._make(f"{database.stem}-peer.db", make)

    def raw_inserts(self):
        source = HERE / "raw_inserts.c"

        def make(partial):
            subprocess.run(["cc", "-O2", "-o", partial, source, "-lsqlite3"], check=True)

        return self._make(f"raw_inserts-{self._stamp(source)}", make)

    # The servers.

    def udcg(self, timeline=None, database=None, options=()):
        port = free_port()
        command = [
            self.program, "serve", "--timeline", timeline or self.timeline(),
            "--listen", f"127.0.0.1:{port}", "--workers", "1",
            "--log-level", "warning", *options,
        ]  # fmt: skip
        if database:
            command += ["--db", database]
        return Server("udcg", command, port, self.log("udcg"), "/readyz")

    def nginx(self, bodies):
        """Serves the bodies, NAME: BYTES, as files."""
        directory, port = self.path("nginx"), free_port()
        shutil.rmtree(directory, ignore_errors=True)
        (directory / "files").mkdir(parents=True)
        for name, body in bodies.items():
            (directory / "files" / name).write_bytes(body)
        text = (HERE / "nginx.conf").read_text("utf-8")
        for name, value in (("DIRECTORY", directory), ("PORT", port), ("USER", getpass.getuser())):
            text = text.replace(f"@{name}@", str(value))
        configuration = directory / "nginx.conf"
        configuration.write_text(text, "utf-8")
        command = ["/usr/sbin/nginx", "-c", configuration]
        return Server("nginx", command, port, self.log("nginx"))

    def has_fastify(self):
        if not self.wants_fastify or not shutil.which("npm"):
            return False
        return (self.path("peer") / "node_modules").is_dir() or self._install_fastify()

    def _install_fastify(self):
        """better-sqlite3 is compiled here where its ready builds cannot be had: npm needs node's
        headers then, and node-gyp looks for them where `nodedir` says."""
        partial = self.path("peer.partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(HERE / "peer", partial)
        print("installing fastify and better-sqlite3", file=sys.stderr)
        with open(self.log("npm"), "wb") as log:
            done = subprocess.run(
                ["npm", "install", "--no-audit", "--no-fund"], cwd=partial, check=False,
                stdout=log, stderr=log,
            )  # fmt: skip
        if done.returncode:
            print(f"fastify is left out: see {self.log('npm')}", file=sys.stderr)
            return False
        shutil.rmtree(self.path("peer"), ignore_errors=True)
        partial.rename(self.path("peer"))
        return True

    def fastify(self):
        port = free_port()
        shutil.copy(HERE / "peer" / "server.mjs", self.path("peer"))
        command = ["node", self.path("peer") / "server.mjs", self.peer_database(), str(port)]
        return Server("fastify", command, port, self.log("fastify"))
