"""docs/operations.md against the program: options, metrics, log lines, and what its run books quote."""

import json
import re
import signal
import socket

import pytest
from prometheus_client.parser import text_string_to_metric_families

from client import Client
from conftest import SHIPPED
from contract import ROOT
from process import Server, run

PAGE = (ROOT / "docs/operations.md").read_text("utf-8")
CALL = re.compile(r"\b(?:log_event|append_line)\((.*?)\);", re.DOTALL)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
SIMPLE = {"time", "level", "message"}  # that every line has


def section(title):
    return re.search(rf"^##+ {title}\n(.*?)(?=^##+ )", PAGE, re.MULTILINE | re.DOTALL)[1]


def rows(title):
    """The cells of a section's first table."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_options():
    described = json.loads(run("describe").stdout)["options"]
    taken = [f"--{option['name']}" for option in described if "serve" in option["commands"]]
    assert [name for row in rows("Options") for name in names(row[0])] == taken


def test_metrics(client):
    text = client.get("/metrics").body.decode()
    told = {family.name + ("_total" if family.type == "counter" else ""): family.type
            for family in text_string_to_metric_families(text)}  # fmt: skip
    assert {names(row[0])[0]: row[1] for row in rows("Metrics")} == told


def logged():
    """message -> the fields of the calls in the sources that log it."""
    found = {}
    for path in sorted((ROOT / "src").rglob("*.c")):
        for call in CALL.findall(path.read_text("utf-8")):
            head, _, fields = call.partition("LOG_FIELDS")
            messages = LITERAL.findall(head)
            assert messages or path.name == "log.c", f"{path}: the message is not in the call: {call}"
            for message in messages:
                found.setdefault(message, set()).update(re.findall(r'\.name = "(\w+)"', fields))
    return found


def documented():
    return {names(row[0])[0]: set(names(row[2])) for row in rows("Log")}


def test_log_messages():
    assert documented() == logged()


def test_levels_are_those_of_the_sources():
    for message, level, *_ in rows("Log"):
        assert set(level.split(", ")) <= {"debug", "info", "warning", "error"}, message


@pytest.fixture
def timeline(tmp_path):
    path = tmp_path / "timeline.json"
    path.write_bytes(SHIPPED.read_bytes())
    return path


def test_log_lines(rules, timeline):
    """A life with all that may happen in it: each line is one of the page's, with its fields."""
    server = Server("--timeline", timeline, "--log-level", "debug", "--log-format", "json",
                    "--admin-listen", "127.0.0.1:0")  # fmt: skip
    server.wait_said('"message":"loaded"')
    client = Client(server.address, rules)
    client.get("/v1")
    good = timeline.read_text("utf-8")
    for text, said in ((good, "timeline unchanged"), ("{}", "timeline refused"),
                       (good.replace("CC0-1.0", "CC0 1.0"), "reloaded")):  # fmt: skip
        timeline.write_text(text, "utf-8")
        server.process.send_signal(signal.SIGHUP)
        server.wait_said(f'"message":"{said}"')
    timeline.unlink()
    server.process.send_signal(signal.SIGHUP)
    server.wait_said('"message":"timeline not loaded"')
    client.close()
    server.stop()

    levels = {names(row[0])[0]: row[1].split(", ") for row in rows("Log")}
    seen = {}
    for line in server.lines:
        event = json.loads(line)
        seen[event["message"]] = set(event) - SIMPLE
        assert event["level"] in levels[event["message"]], line
    for message, fields in seen.items():
        assert fields == documented()[message], message
    # A sanitizer build, the library's end, few descriptors, a log that nobody reads.
    assert len(seen) >= len(documented()) - 4


def quoted(text):
    """The page quotes this, with … for what varies."""
    return [quote for row in rows("It does not start") for quote in names(row[0])
            if all(part.strip() in text for part in quote.split("…"))]  # fmt: skip


def start(*arguments, **options):
    """What a server says that does not start, and its exit status."""
    done = run("serve", "--listen", "127.0.0.1:0", *arguments, **options)
    return done.stderr.decode(), done.returncode


def test_a_port_that_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said, status = start("--listen", f"127.0.0.1:{other.getsockname()[1]}")
    assert (status, quoted(said)) == (3, ["cannot listen on …: Address already in use"])


def test_a_timeline_that_is_not_there(tmp_path):
    said, status = start("--timeline", tmp_path / "none.json")
    assert (status, quoted(said)) == (3, ["…: No such file or directory"])


def test_a_timeline_with_faults(timeline):
    timeline.write_text("{}", "utf-8")
    said, status = start("--timeline", timeline)
    assert (status, quoted(said)) == (1, ["timeline refused"])


def test_a_timeline_that_is_too_large(sample):
    """While rows go in, and when their text is made: the way out is named both times."""
    for bound in ("500K", "1500K"):
        said, status = start("--timeline", sample.path, "--memory-db-max", bound)
        assert status == 3
        assert "… no space left …; the timeline takes more than … bytes of memory" in quoted(said)
        assert "--db FILE" in said


def test_a_database_that_cannot_be_written(tmp_path):
    said, status = start("--db", tmp_path / "none" / "udcg.db")
    assert status == 3
    assert quoted(said) == ["making the database: cannot be opened, read or written"]
