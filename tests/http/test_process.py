"""The fixture that runs servers fails on what it is there to find."""

import pytest

import process

CLEAN = "trap 'exit 0' TERM; echo 'listening address=127.0.0.1:1' >&2; while :; do sleep 0.01; done"
FAULTY = {
    "sanitizer": "echo 'x.c:1: runtime error: signed integer overflow' >&2; " + CLEAN,
    "leak": "echo '==1==ERROR: LeakSanitizer: detected memory leaks' >&2; " + CLEAN,
    "race": "echo 'WARNING: ThreadSanitizer: data race' >&2; " + CLEAN,
    "exit status": CLEAN.replace("exit 0", "exit 1"),
    "standard output": "echo something; " + CLEAN,
}


def server(monkeypatch, tmp_path, script):
    program = tmp_path / "udcg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(process, "PROGRAM", program)
    return process.Server()


def test_a_clean_end(monkeypatch, tmp_path):
    running = server(monkeypatch, tmp_path, CLEAN)
    assert running.address == ("127.0.0.1", 1)
    running.stop()


@pytest.mark.parametrize("script", FAULTY.values(), ids=FAULTY.keys())
def test_faults(monkeypatch, tmp_path, script):
    running = server(monkeypatch, tmp_path, script)
    assert running.address
    with pytest.raises(AssertionError):
        running.stop()


def test_a_server_that_does_not_listen(monkeypatch, tmp_path):
    running = server(monkeypatch, tmp_path, "echo 'port in use' >&2; exit 3")
    with pytest.raises(AssertionError, match="port in use"):
        assert running.address
    with pytest.raises(AssertionError, match="exit status 3"):
        running.stop()
