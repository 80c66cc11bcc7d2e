"""udcg check: every fault at its place, or one line of counts."""

import json
import os
import subprocess

import pytest
from conftest import SHIPPED
from timelines import DOCUMENT, cite, small, write

TEN = [
    ("sources", {"id": "s", "file": "s.txt", "bytes": 0}, "/bytes", "not from 1"),
    ("sources", {"id": "t", "file": "../t.txt"}, "/file", "plain name"),
    ("participants", {"id": "p", "kind": "person", "name": "P", "nmae": "", "evidence": [cite("name")]},
     "/nmae", '"name" is near'),
    ("participants", {"id": "fr", "kind": "country", "country": "ZZ", "name": "F",
                      "evidence": [cite("name")]}, "/country", "ISO 3166-1"),
    ("meetings", {"id": "m", "title": "M", "kind": "call", "status": "held", "date": "2024-02-30",
                  "evidence": [cite("date")]}, "/date", "no such day"),
    ("meetings", {"id": "m", "title": "N", "kind": "call", "status": "held",
                  "evidence": [cite("title")]}, "/id", "has that id already"),
    ("meetings", {"id": "n", "title": "N", "kind": "call", "status": "held", "part_of": "nope",
                  "evidence": [cite("title")]}, "/part_of", "no meeting of that id"),
    ("aid", {"id": "a", "kind": "package", "amount": 2**53, "currency": "USD",
             "category": "military", "evidence": [cite("amount")]}, "/amount", "9007199254740992"),
    ("aid", {"id": "b", "kind": "package", "amount": 1, "currency": "USD", "category": "military",
             "contained_in": "b", "evidence": [cite("amount")]}, "/contained_in", "its own record"),
    ("claims", {"id": "c", "type": "event", "statement": "C.", "negative": False, "meeting": "m",
                "evidence": [cite("statement")]}, "/meeting", "supported by no citation"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["timeline.json", "timeline.ndjson"])
def test_ten_faults_in_one_file(udcg, tmp_path, name):
    document = small()
    for plural in ("sources", "participants", "meetings", "aid", "claims"):
        document[plural] = [record for kind, record, *_ in TEN if kind == plural]
    path = write(tmp_path / name, document)
    lines = udcg("check", path, status=1).stderr.decode().splitlines()
    assert len(lines) == 11
    assert "10 faults" in lines[10]
    seen = {}
    for number, (line, (kind, _, pointer, says)) in enumerate(zip(lines, TEN)):
        index = seen[kind] = seen.get(kind, -1) + 1
        if name.endswith(".ndjson"):
            assert line.startswith(f"{number + 2}: {pointer}: ")
        else:
            assert line.startswith(f"1: /{kind}/{index}{pointer}: ")
        assert says in line


def test_a_right_file(udcg):
    done = udcg("check", SHIPPED)
    document = json.loads(SHIPPED.read_text("utf-8"))
    out = done.stdout.decode()
    for kind in ("sources", "participants", "meetings", "aid", "claims"):
        assert f" {kind} {len(document[kind])}" in out
    assert out.count("\n") == 1
    assert done.stderr == b""


def test_a_pipe(udcg, tmp_path):
    path = write(tmp_path / "timeline.ndjson", small())
    with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as cat:
        assert b"meetings 1," in udcg("check", "/dev/stdin", stdin=cat.stdout).stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"title":"\xff"}', "UTF-8"),
        (b'{"title":"\x00"}', "NUL"),
        (b"PK\x03\x04", "begins with {"),
        (b'{"sources":[{"id":"a"', "the file ends inside it"),
    ],
)
def test_no_timeline(udcg, tmp_path, content, says):
    (tmp_path / "file").write_bytes(content)
    assert says in udcg("check", "file", status=1).stderr.decode()


def test_a_million_values_before_a_fault(udcg, tmp_path):
    """What was read of them is let go one by one, not looked for among the others each time: that
    would outlast the time that a command is given here by hours."""
    path = write(tmp_path / "long.ndjson", small())
    values = ",".join(["1"] * 1_000_000)
    with path.open("a", encoding="utf-8") as file:
        file.write(f'{{"record":"meeting","id":"a","kind":[{values}}}\n')
    said = udcg("check", path.name, status=1).stderr.decode()
    assert "is not valid JSON (line" in said


def test_what_cannot_be_read(udcg):
    assert b"missing.json: No such file" in udcg("check", "missing.json", status=3).stderr
    udcg("check", ".", status=3)
    udcg("check", status=2)
    udcg("check", "a", "b", status=2)


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "s.txt").write_bytes(DOCUMENT)
    return folder


def test_documents(udcg, tmp_path, documents):
    timeline = small()
    timeline["claims"][0]["evidence"].append(
        cite("type", start=14, end=20, char_start=13, char_end=18, paragraph=2)
    )
    path = write(tmp_path / "timeline.json", timeline)
    udcg("check", path, "--documents", documents)
    changed = bytearray(DOCUMENT)
    changed[15] ^= 1
    (documents / "s.txt").write_bytes(changed)
    lines = udcg("check", path, "--documents", documents, status=1).stderr.decode()
    assert "/claims/0/evidence/1/sha256: is not the SHA-256 of these bytes" in lines
    assert "1 fault" in lines
    (documents / "s.txt").write_bytes(DOCUMENT + b"more")
    lines = udcg("check", path, "--documents", documents, status=1).stderr.decode()
    assert "/sources/0/bytes: 30: the file has 34 bytes" in lines
    (documents / "s.txt").unlink()
    lines = udcg("check", path, "--documents", documents, status=1).stderr.decode()
    assert "/sources/0/file: cannot be read among the documents: No such file" in lines
    udcg("check", path, "--documents", tmp_path / "nowhere", status=3)


@pytest.mark.parametrize("name", ["timeline.json", "timeline.ndjson"])
def test_counts_are_written(udcg, tmp_path, documents, name):
    timeline = small()
    timeline["claims"][0]["evidence"].append(cite("type", start=14, end=20, paragraph=7))
    path = write(tmp_path / name, timeline)
    before = path.read_text("utf-8")
    os.chmod(path, 0o640)
    udcg("check", path, "--documents", documents, "--write")
    after = path.read_text("utf-8")
    first = '"byte_end": 5, "char_start": 0, "char_end": 4, "paragraph": 1, "sha256"'
    second = '"byte_end": 20, "char_start": 13, "char_end": 18, "sha256"'
    assert after.count(first) == 4
    assert after.count(second) == 1
    assert '"paragraph": 2}' in after
    back = after.replace('"char_start": 0, "char_end": 4, "paragraph": 1, ', "")
    back = back.replace('"char_start": 13, "char_end": 18, ', "")
    assert back.replace('"paragraph": 2}', '"paragraph": 7}') == before
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["documents", name]
    udcg("check", path, "--documents", documents, "--write")
    assert path.read_text("utf-8") == after


def test_nothing_is_written_into_a_wrong_file(udcg, tmp_path, documents):
    timeline = small()
    timeline["claims"][0]["evidence"][0]["sha256"] = "0" * 64
    path = write(tmp_path / "timeline.json", timeline)
    before = path.read_bytes()
    udcg("check", path, "--documents", documents, "--write", status=1)
    assert path.read_bytes() == before
    udcg("check", path, "--write", status=2)
