"""Generated requests: never a server's fault, always the contract's shape, and every refusal names
what is wrong and nothing else.

UDCG_EXAMPLES=5000 looks at so many requests, other ones in each run; without it a few hundred are
the same in every run.
"""

import json
import os

import pytest
from generated import Described, Generator, paths
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judge import Judge, clashes
from process import run
from targets import OPERATIONS, RULES

EXAMPLES = int(os.environ.get("UDCG_EXAMPLES", 0))
ENDLESS = "text/event-stream"
TARGET_MAX = 8000

bounded = settings(
    max_examples=EXAMPLES or 600,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def generator(sample):
    return Generator(Judge(sample.timeline))


def from_the_contract():
    return [one for one in OPERATIONS if ENDLESS not in one.media_types]


def from_describe():
    found = json.loads(run("describe").stdout)
    resources = {resource["name"]: resource for resource in found["resources"]}
    operations = {operation.path: operation for operation in OPERATIONS}
    return [
        Described(operations[route["path"]], route, resources.get(route["resource"]))
        for route in found["routes"]
        if ENDLESS not in route["media_types"]
    ]


# What a request should be answered, from the documentation.


def quality(accepted, *names):
    """The weight that the first of the names found has; None without any."""
    for name in names:
        if name in accepted:
            return 1.0 if accepted[name] is None else float(accepted[name])
    return None


def media_quality(accepted, media):
    return quality(accepted, media, media.partition("/")[0] + "/*", "*/*") or 0


def heeds_accept(request):
    operation = request.operation
    last = operation.path.rpartition("/")[2]
    free = operation.path == "/" or operation.path.startswith("/v1") and "." not in last
    return free and not request.suffix


def media_of(request):
    """The media types that the reply to it may have."""
    offered = request.operation.media_types
    if request.suffix:
        return {".json": ["application/json"], ".csv": ["text/csv"]}.get(
            request.suffix, ["application/x-ndjson"]
        )
    if heeds_accept(request) and request.accept is None:
        return ["application/json"]
    if not heeds_accept(request) or isinstance(request.accept, str):
        return offered
    best = max(media_quality(request.accept, media) for media in offered)
    return [media for media in offered if best > 0 and media_quality(request.accept, media) == best]


def takes_identity(accepted):
    return quality(accepted, "identity", "*") != 0


def takes_gzip(accepted):
    return (quality(accepted, "gzip", "*") or 0) > 0


def refused_headers(request):
    """The headers that leave nothing to answer with, where they are lists of names."""
    found = set()
    if not media_of(request):
        found.add("Accept")
    coding = request.accept_encoding
    probe = 406 not in request.operation.statuses
    if not probe and isinstance(coding, dict):
        if not takes_identity(coding) and not takes_gzip(coding):
            found.add("Accept-Encoding")
    return found


def free_headers(request):
    """Those that hold any text, of which nothing is known."""
    both = {"Accept": request.accept, "Accept-Encoding": request.accept_encoding}
    return {name for name, value in both.items() if isinstance(value, str)}


def judged(judge, request):
    """(names that must be told, names that may be) of the arguments, each by itself."""
    operation, certain, possible, seen = request.operation, set(), set(), set()
    media = media_of(request)
    media = media[0] if len(media) == 1 else None
    for one in request.arguments:
        parameter = operation.parameters.get(one.name)
        if parameter is None or one.broken or one.name in seen:
            certain.add(one.name)
        else:
            right = judge.values(operation, parameter, one.values, media)
            if right is None:
                possible.add(one.name)
            elif not right:
                certain.add(one.name)
        seen.add(one.name)
    certain |= {
        name for name, parameter in operation.parameters.items()
        if parameter.required and name not in seen
    }  # fmt: skip
    return certain, possible - certain


# What it is answered.


def check_refusal(client, request, reply, certain, possible):
    """400: exactly the faults there are, each gone when its parameter is."""
    named = set(reply.faults)
    given_values = {one.name: one.values for one in request.arguments}
    if certain or reply.problem == "invalid-cursor":
        allowed = possible
    elif possible & named:
        allowed = possible
    else:
        allowed = possible | clashes(request.operation, given_values)
    assert certain - {"cursor"} <= named, f"not told: {certain - named}"
    assert named <= certain | allowed, f"told without a fault: {named - certain - allowed}"
    assert all(fault["detail"] for fault in reply.faults.values())

    required = {name for name, one in request.operation.parameters.items() if one.required}
    repaired = request.without(named - required)
    again = client.get(repaired.target, headers=repaired.headers)
    still = set(again.faults) if again.status == 400 else set()
    assert not still & (named - required), f"{repaired.target}: still {still & named}"


def check_success(client, request, reply):
    assert reply.media_type in media_of(request)
    if isinstance(request.accept_encoding, dict) and 406 in request.operation.statuses:
        coded = reply.header("Content-Encoding") == "gzip"
        takes = takes_gzip if coded else takes_identity
        assert takes(request.accept_encoding)
    tag = reply.header("ETag")
    if tag is not None:
        weak = "W/" + tag.removeprefix("W/")
        for condition in (tag, f'"x", {weak}', "*"):
            headers = {**request.headers, "If-None-Match": condition}
            again = client.get(request.target, headers=headers)
            assert (again.status, again.header("ETag")) == (304, tag), condition


def check_head(client, request, reply):
    head = client.request("HEAD", request.target, request.headers)
    assert head.status == reply.status
    names = ["Content-Type", "ETag", "Content-Encoding", "Vary", "Link"]
    if reply.header("ETag"):  # without one, what it says may be new each time
        names.append("Content-Length")
    for name in names:
        assert head.header(name) == reply.header(name), name


def check_get(client, judge, request):
    reply = client.get(request.target, headers=request.headers)
    check_head(client, request, reply)
    if len(request.target) > TARGET_MAX:
        assert reply.status == 414
        return
    if reply.status == 406:
        named = set(reply.faults)
        assert named and named <= refused_headers(request) | free_headers(request)
        kept = {name: value for name, value in request.headers.items() if name not in named}
        again = client.get(request.target, headers=kept)
        assert again.status != 406 or not named & set(again.faults)
        return
    assert not refused_headers(request)
    if request.missing:
        assert reply.status == 404
        return
    certain, possible = judged(judge, request)
    if reply.status == 400:
        check_refusal(client, request, reply, certain, possible)
        return
    assert reply.status == 200
    assert not certain, f"taken in spite of {certain}"
    check_success(client, request, reply)


SOURCES = {"openapi.yaml": from_the_contract, "udcg describe": from_describe}


@pytest.mark.parametrize("operations", SOURCES.values(), ids=SOURCES.keys())
def test_requests(sample, generator, operations):
    client, judge, chosen = sample.client, generator.judge, operations()

    @bounded
    @given(generator.requests(chosen))
    def check(request):
        if request.method == "GET":
            check_get(client, judge, request)
            return
        reply = client.request(request.method, request.target, request.headers)
        if request.method == "OPTIONS":
            assert reply.status == (414 if len(request.target) > TARGET_MAX else 204)
        elif request.method == "HEAD":
            assert reply.status < 500
        else:
            unknown = 501 if request.method == "BREW" else 405
            assert reply.status == (414 if len(request.target) > TARGET_MAX else unknown)

    check()


def test_paths(client):
    @bounded
    @given(paths())
    def check(path):
        reply = client.get(path)
        if reply.status != 200:
            assert reply.problem in ("not-found", "bad-request", "uri-too-long")
        else:
            assert RULES.operation_of(path), path

    check()


HEADERS = ["If-None-Match", "X-Request-Id", "Accept", "Accept-Encoding", "X-Odd"]


@pytest.mark.parametrize("name", HEADERS)
def test_headers(client, name):
    """Whatever a header holds, the reply is one of the contract's, and the connection stays good."""

    @bounded
    @given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=200))
    def check(value):
        reply = client.get("/v1/meetings?limit=2", headers={name: value.replace("\x7f", "")})
        assert reply.status in (200, 304, 406)
        if reply.status == 304:
            assert name == "If-None-Match"
        if reply.status == 406:
            assert list(reply.faults) == [name]

    check()
