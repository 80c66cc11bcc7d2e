"""One record by its id: the very line of its list."""

import re

import pytest

from targets import ITEMS, KIND_OF, MISSING, by_id, path_of

MISPLACED = [  # what is asked, and the path that the 404 names
    ("/v1/", "/v1"),
    ("/v1/meetings/", "/v1/meetings"),
    ("/v1/aid/totals/", "/v1/aid/totals"),
    ("/livez/", "/livez"),
]


def identifiers(sample, operation, most=10):
    kind = KIND_OF[operation.path.split("/")[2]]
    return sorted(sample.timeline.by_kind[kind])[:most]


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_item_is_the_line_of_the_list(sample, operation):
    listed = sample.client.get(operation.path.replace("/{id}", ""), {"limit": 1000})
    lines = [line.rstrip(b",") for line in listed.body.splitlines() if line.startswith(b'{"id"')]
    assert len(lines) == listed.json["page"]["count"]
    dataset = listed.body.splitlines()[-1]
    assert dataset.startswith(b'"dataset":')
    for row, line in list(zip(listed.data, lines))[:10]:
        item = sample.client.get(path_of(operation, sample.timeline, row["id"]))
        assert item.body == b'{"data":' + line + b"," + dataset + b"\n"


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_ids_are_matched_without_case(sample, operation):
    for identifier in identifiers(sample, operation):
        path = path_of(operation, sample.timeline, identifier)
        upper = path_of(operation, sample.timeline, identifier.upper())
        assert sample.client.get(upper).body == sample.client.get(path).body


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_percent_encoding_of_an_id_means_the_same(sample, operation):
    identifier = identifiers(sample, operation)[0]
    encoded = "".join(f"%{ord(letter):02x}" for letter in identifier)
    path = path_of(operation, sample.timeline, identifier)
    assert sample.client.get(path_of(operation, sample.timeline, encoded)).body == (
        sample.client.get(path).body
    )


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_missing_record(sample, operation):
    for identifier in (MISSING, "x" * 101, "a%2Fb", "%C3%A9", "a..b", "none"):
        reply = sample.client.get(path_of(operation, sample.timeline, identifier))
        assert (reply.status, reply.problem) == (404, "not-found"), identifier


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_misspelt_record_is_suggested(sample, operation):
    identifier = max(identifiers(sample, operation, 1000), key=len)
    reply = sample.client.get(path_of(operation, sample.timeline, identifier[:-1]))
    if reply.status == 404:  # else the shorter id exists
        assert identifier in reply.body.decode()


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_fields_and_includes(sample, operation):
    identifier = identifiers(sample, operation)[0]
    path = path_of(operation, sample.timeline, identifier)
    full = sample.client.get(path).data
    names = operation.fields[::-2]
    assert sample.client.get(path, {"fields": names}).data == {name: full[name] for name in names}
    includes = operation.parameters["include"].schema["enum"]
    embedded = sample.client.get(path, {"include": includes}).data
    assert {name: embedded[name] for name in operation.fields} == full
    assert sample.client.get(path, {"fields": "id", "include": includes[-1]}).data == {
        "id": identifier,
        includes[-1]: embedded[includes[-1]],
    }


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_evidence_is_the_timeline_s(sample, operation):
    kind = KIND_OF[operation.path.split("/")[2]]
    for identifier in identifiers(sample, operation):
        path = path_of(operation, sample.timeline, identifier)
        evidence = sample.client.get(path, {"include": "evidence"}).data["evidence"]
        written = sample.timeline.get(kind, identifier)["evidence"]
        key = lambda one: (one["source"], one["byte_start"], one["byte_end"])  # noqa: E731
        assert list(map(key, evidence)) == sorted(map(key, written))
        order = lambda one: sorted(one.items(), key=repr)  # noqa: E731
        assert sorted(evidence, key=order) == sorted(written, key=order)


@pytest.mark.parametrize("operation", **by_id(ITEMS))
@pytest.mark.parametrize("parameter", ["limit=1", "cursor=x", "sort=id", "q=support", "id=x"])
def test_an_item_takes_no_parameters_of_lists(sample, operation, parameter):
    reply = sample.client.get(f"{path_of(operation, sample.timeline)}?{parameter}")
    assert reply.status == 400
    assert list(reply.faults) == [parameter.partition("=")[0]]


@pytest.mark.parametrize("operation", **by_id(ITEMS))
@pytest.mark.parametrize("suffix", [".json", ".csv", ".ndjson"])
def test_an_item_takes_no_suffix(sample, operation, suffix):
    assert sample.client.get(path_of(operation, sample.timeline) + suffix).status == 404


@pytest.mark.parametrize("asked, right", MISPLACED)
def test_a_trailing_slash_is_told_the_right_path(client, asked, right):
    reply = client.get(asked)
    assert (reply.status, reply.problem) == (404, "not-found")
    assert re.search(rf"{right}(?![/\w])", reply.json["detail"])


@pytest.mark.parametrize("operation", **by_id(ITEMS))
def test_a_trailing_slash_after_a_record(sample, operation):
    path = path_of(operation, sample.timeline)
    reply = sample.client.get(path + "/")
    assert reply.status == 404
    assert path in reply.json["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/nothing", "/v2", "/v1/meeting", "/v1/Meetings", "/v1/meetings/a/b/c", "/favicon.ico",
        "/v1//meetings", "//v1", "/v1/meetings.xml", "/v1/summary.csv", "/v1.json", "/.csv",
        "/v1/attendance/x", "/v1/timeline/x", "/v1/../v1/meetings", "/v1/%2e%2e/v1",
        "/v1/meetings%00",
    ],
)  # fmt: skip
def test_paths_that_there_are_not(client, path):
    reply = client.get(path)
    expected = (400, "bad-request") if "%00" in path else (404, "not-found")
    assert (reply.status, reply.problem) == expected
