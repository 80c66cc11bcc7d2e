"""The check that every reply goes through refuses what the contract does not allow."""

import dataclasses
import json

import pytest

ITEM = "/v1/aid/us-package-500m"


def altered(reply, **changes):
    """The same reply with other parts; `headers` replaces those of the same names."""
    if "headers" in changes:
        new = changes["headers"]
        kept = [(name, value) for name, value in reply.headers if name not in new]
        added = [(name, value) for name, value in new.items() if value is not None]
        changes["headers"] = kept + added
    if "json" in changes:
        changes["sent"] = json.dumps(changes.pop("json")).encode()
    return dataclasses.replace(reply, **changes)


def with_record(reply, change):
    body = json.loads(reply.sent)
    body["data"] = change(body["data"])
    return altered(reply, json=body)


def without(record, key):
    return {name: value for name, value in record.items() if name != key}


WRONG = {
    "a status that is not declared": lambda reply: altered(reply, status=418),
    "a redirect": lambda reply: altered(reply, status=301),
    "an undeclared media type": lambda reply: altered(reply, headers={"Content-Type": "text/html"}),
    "no ETag": lambda reply: altered(reply, headers={"ETag": None}),
    "a malformed ETag": lambda reply: altered(reply, headers={"ETag": "abc"}),
    "no CORS": lambda reply: altered(reply, headers={"Access-Control-Allow-Origin": None}),
    "not everybody's CORS": lambda reply: altered(
        reply, headers={"Access-Control-Allow-Origin": "https://example.org"}
    ),
    "an undeclared header": lambda reply: altered(reply, headers={"Last-Modified": "yesterday"}),
    "no JSON": lambda reply: altered(reply, sent=b"{"),
    "a float": lambda reply: altered(reply, sent=reply.sent.replace(b"500000000", b"5e8")),
    "a key twice": lambda reply: altered(reply, sent=reply.sent.replace(b'"kind"', b'"id"')),
    "a further envelope key": lambda reply: altered(reply, json=json.loads(reply.sent) | {"x": 1}),
    "no dataset": lambda reply: altered(reply, json=without(json.loads(reply.sent), "dataset")),
    "a missing key": lambda reply: with_record(reply, lambda record: without(record, "note")),
    "a further key": lambda reply: with_record(reply, lambda record: record | {"extra": None}),
    "keys in another order": lambda reply: with_record(
        reply, lambda record: dict(sorted(record.items()))
    ),
    "a null that may not be": lambda reply: with_record(
        reply, lambda record: record | {"id": None}
    ),
    "a list that is null": lambda reply: with_record(
        reply, lambda record: record | {"items": None}
    ),
    "another enumeration": lambda reply: with_record(
        reply, lambda record: record | {"kind": "gift"}
    ),
    "a number as text": lambda reply: with_record(
        reply, lambda record: record | {"amount": "500000000"}
    ),
    "too large a number": lambda reply: with_record(
        reply, lambda record: record | {"amount": 2**53}
    ),
    "no date": lambda reply: with_record(reply, lambda record: record | {"date": "yesterday"}),
    "a path that there is not": lambda reply: altered(reply, target="/v1/nothing"),
    "a body to HEAD": lambda reply: altered(reply, method="HEAD"),
    "an answer to POST": lambda reply: altered(reply, method="POST"),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_wrong_replies_are_found(shipped, rules, change):
    reply = shipped.get(ITEM)
    rules.check(reply)
    with pytest.raises((AssertionError, ValueError)):
        rules.check(change(reply))


WRONG_PROBLEMS = {
    "no problem's media type": lambda reply: altered(
        reply, headers={"Content-Type": "application/json"}
    ),
    "another status inside": lambda reply: altered(
        reply, json=json.loads(reply.sent) | {"status": 404}
    ),
    "an unknown type": lambda reply: altered(
        reply, json=json.loads(reply.sent) | {"type": "/problems/bad-luck"}
    ),
    "no errors": lambda reply: altered(reply, json=without(json.loads(reply.sent), "errors")),
    "a status of other paths": lambda reply: altered(
        reply, status=404, json=json.loads(reply.sent) | {"status": 404}
    ),
}


@pytest.mark.parametrize("change", WRONG_PROBLEMS.values(), ids=WRONG_PROBLEMS.keys())
def test_wrong_problems_are_found(shipped, rules, change):
    reply = shipped.get("/v1/aid?limit=0")
    rules.check(reply)
    with pytest.raises(AssertionError):
        rules.check(change(reply))
