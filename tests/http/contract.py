"""openapi.yaml as the tests see it: what a request may be answered, and whether a reply is that."""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = {".json": "application/json", ".csv": "text/csv", ".ndjson": "application/x-ndjson"}
# What `default` stands for: any path may refuse a request in these ways.
REFUSALS = {
    400: {"bad-request"},
    405: {"method-not-allowed"},
    414: {"uri-too-long"},
    500: {"internal"},
    501: {"not-implemented"},
}
# HTTP's own, which a contract does not list.
FRAMING = {"connection", "content-length", "content-type", "date", "transfer-encoding"}


def resolved(node, document, done=None):
    """The same tree with every $ref replaced by what it names; what refers to itself is a cycle."""
    done = {} if done is None else done
    if isinstance(node, list):
        return [resolved(item, document, done) for item in node]
    if not isinstance(node, dict):
        return node
    target = node.get("$ref")
    if isinstance(target, str):
        if target not in done:
            found = document
            for part in target.removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            done[target] = {}
            done[target].update(resolved(found, document, done))
        return done[target]
    return {key: resolved(value, document, done) for key, value in node.items()}


class Parameter(NamedTuple):
    name: str
    place: str  # query or path
    required: bool
    list: bool
    none: bool  # takes `none` for null
    schema: dict  # of one value


def parameter_of(raw):
    schema = raw["schema"]
    is_list = schema.get("type") == "array"
    if is_list:
        assert (raw["style"], raw["explode"]) == ("form", False), raw["name"]
        schema = schema["items"]
    choices = schema.get("anyOf", [schema])
    named = [choice for choice in choices if choice.get("const") != "none"]
    assert len(named) == 1, raw["name"]
    none = len(named) < len(choices)
    return Parameter(raw["name"], raw["in"], raw.get("required", False), is_list, none, named[0])


def no_float(text):
    raise ValueError(f"not an integer: {text}")


def no_duplicates(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a key stands twice: {[key for key, _ in pairs]}")
    return found


def parse(body):
    """JSON as this API writes it: integers only, no key twice."""
    return json.loads(
        body, parse_float=no_float, parse_constant=no_float, object_pairs_hook=no_duplicates
    )


class Operation:
    def __init__(self, path, shared, raw):
        self.path = path
        self.id = raw["operationId"]
        found = [parameter_of(one) for one in [*shared, *raw.get("parameters", [])]]
        self.path_parameters = [one for one in found if one.place == "path"]
        self.parameters = {one.name: one for one in found if one.place == "query"}
        self.responses = raw["responses"]
        self.statuses = sorted(int(status) for status in raw["responses"] if status != "default")
        self.media_types = list(raw["responses"]["200"]["content"])
        pattern = re.escape(path)
        for one in self.path_parameters:
            pattern = pattern.replace(re.escape("{" + one.name + "}"), "[^/]+")
        if "text/csv" in self.media_types:
            pattern += f"({'|'.join(map(re.escape, SUFFIXES))})?"
        self.pattern = re.compile(pattern)

    @cached_property
    def body(self):
        """The schema of the JSON that a 200 carries."""
        return self.responses["200"]["content"]["application/json"]["schema"]

    @cached_property
    def record(self):
        """The schema of a list's records or of an item; None for other bodies."""
        if "application/json" not in self.media_types:
            return None
        data = self.body.get("properties", {}).get("data", {})
        if data.get("type") == "array":
            return data["items"]
        return data if self.path_parameters else None

    @cached_property
    def fields(self):
        """The record's keys in order, those of `include` left out."""
        return self.record["required"]

    @property
    def is_list(self):
        return "text/csv" in self.media_types

    def __repr__(self):
        return self.id


def check_schema(schema, value, where):
    error = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(schema).iter_errors(value)
    )
    if error is not None:
        place = "/".join(map(str, error.absolute_path))
        raise AssertionError(f"{where}: /{place}: {error.message[:500]}")


class Contract:
    def __init__(self, path=ROOT / "openapi.yaml"):
        self.document = yaml.safe_load(path.read_text("utf-8"))
        whole = resolved(self.document, self.document)
        self.schemas = whole["components"]["schemas"]
        self.operations = {}
        for template, item in whole["paths"].items():
            operation = Operation(template, item.get("parameters", []), item["get"])
            self.operations[operation.id] = operation
        # A path without a template wins: /v1/aid/totals is no aid figure.
        self._valid = set()
        self._by_path = sorted(self.operations.values(), key=lambda one: len(one.path_parameters))

    def operation_of(self, target):
        path = target.partition("?")[0]
        return next((one for one in self._by_path if one.pattern.fullmatch(path)), None)

    def check(self, reply):
        """Raises AssertionError unless the contract allows this reply to this request."""
        where = f"{reply.method} {reply.target[:200]} -> {reply.status}"
        if reply.method == "OPTIONS" and reply.status == 204:
            assert reply.body == b"", where
            return
        operation = self.operation_of(reply.target)
        if reply.method not in ("GET", "HEAD"):
            assert reply.status in REFUSALS, where
        self._check_headers(operation, reply, where)
        if reply.status == 304:
            assert operation is not None and 304 in operation.statuses, where
            assert reply.body == b"", where
        elif reply.status == 200:
            assert operation is not None, f"{where}: a path that the contract does not have"
            self._check_success(operation, reply, where)
        else:
            self._check_problem(operation, reply, where)

    def _check_headers(self, operation, reply, where):
        responses = operation.responses if operation else {}
        problem = {"headers": self._problem_headers}
        declared = responses.get(str(reply.status), responses.get("default", problem))
        headers = declared.get("headers", {})
        known = FRAMING | {name.lower() for name in headers}
        unknown = [name for name, _ in reply.headers if name.lower() not in known]
        assert not unknown, f"{where}: {unknown} not declared"
        for name, header in headers.items():
            value = reply.header(name)
            if value is None:
                assert not header.get("required", False), f"{where}: no {name}"
            elif header["schema"].get("type") == "string":
                check_schema(header["schema"], value, f"{where}: {name}")

    @cached_property
    def _problem_headers(self):
        return self.operations["getCard"].responses["default"]["headers"]

    def _check_success(self, operation, reply, where):
        media_type = reply.media_type
        assert media_type in operation.media_types, f"{where}: {media_type} is not declared"
        if reply.method == "HEAD":
            assert reply.body == b"", where
            return
        if media_type == "application/x-ndjson" and operation.record is not None:
            lines = reply.body.decode().splitlines()
            self._check_records(operation, reply, [parse(line) for line in lines], where)
        elif media_type in ("application/json", "application/feed+json"):
            schema = operation.responses["200"]["content"][media_type]["schema"]
            value = parse(reply.body)
            if operation.record is None:
                check_schema(schema, value, where)
                return
            check_schema(self._envelope(operation), value, where)
            data = value["data"] if operation.is_list else [value["data"]]
            self._check_records(operation, reply, data, where)

    def _envelope(self, operation):
        """The body's schema without what is said of its records, which `fields` changes."""
        properties = operation.body["properties"] | {"data": {}}
        return operation.body | {"properties": properties}

    def _check_records(self, operation, reply, records, where):
        """Every key that was asked for, in order, and no other."""
        query = dict(parse_qsl(reply.target.partition("?")[2]))
        keys = list(operation.fields)
        if "fields" in query:
            keys = query["fields"].lower().split(",")
        if "include" in query:
            keys = keys + query["include"].lower().split(",")
        schema = operation.record | {"required": keys}
        for number, record in enumerate(records):
            here = f"{where}: record {number}"
            assert list(record) == keys, f"{here}: keys {list(record)}, expected {keys}"
            text = operation.id, json.dumps(record)
            if text not in self._valid:  # most records come many times
                check_schema(schema, record, here)
                self._valid.add(text)

    def _check_problem(self, operation, reply, where):
        known = reply.status in REFUSALS or reply.status == 404 and operation is None
        if operation is not None:
            known = known or reply.status in operation.statuses
        assert known, f"{where}: the contract does not have this status"
        assert reply.media_type == "application/problem+json", f"{where}: {reply.media_type}"
        if reply.method == "HEAD":
            assert reply.body == b"", where
            return
        problem = reply.json
        check_schema(self.schemas["Problem"], problem, where)
        assert problem["status"] == reply.status, where
        slug = problem["type"].removeprefix("/problems/")
        assert slug in self.schemas["ProblemSlug"]["enum"], f"{where}: {problem['type']}"
        declared = operation is not None and reply.status in operation.statuses
        if reply.status in REFUSALS and not declared and operation is not None:
            assert slug in REFUSALS[reply.status], f"{where}: {slug}"
