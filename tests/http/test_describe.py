"""`udcg describe` and openapi.yaml say the same, in both directions."""

import json

import pytest

from contract import REFUSALS
from process import run
from targets import KIND_OF, LISTS, OPERATIONS, RULES, by_id

STATUSES = {  # kind of route -> what each route of that kind answers
    "list": {200, 304, 400, 406, 503},
    "sublist": {200, 304, 400, 404, 406, 503},
    "item": {200, 304, 400, 404, 406, 503},
    "document": {200, 304, 400, 406, 503},
    "static": {200, 304, 400, 406, 503},
    "stream": {200, 400, 406, 503},
    "probe": {200, 400},
}


@pytest.fixture(scope="module")
def described():
    result = run("describe")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def routes(described):
    found = {route["path"]: route for route in described["routes"]}
    assert len(found) == len(described["routes"]), "a path stands twice"
    return found


@pytest.fixture(scope="module")
def resources(described):
    found = {resource["name"]: resource for resource in described["resources"]}
    assert len(found) == len(described["resources"]), "a resource stands twice"
    return found


def test_program(described):
    assert described["program"] == "udcg"
    assert described["version"] == RULES.document["info"]["version"]


def test_paths(routes):
    assert set(routes) == {operation.path for operation in OPERATIONS}


@pytest.mark.parametrize("operation", **by_id(OPERATIONS))
def test_route(routes, operation):
    route = routes[operation.path]
    assert sorted(route["parameters"]) == sorted(operation.parameters)
    assert sorted(route["statuses"]) == operation.statuses
    assert set(route["media_types"]) == set(operation.media_types)
    assert STATUSES[route["kind"]] <= set(route["statuses"])


def value_shape(schema):
    """Type, choices and bounds of one value of a parameter."""
    found = {key: schema[key] for key in ("type", "enum", "minimum", "maximum") if key in schema}
    return found | ({"enum": set(found["enum"])} if "enum" in found else {})


def with_resource(operations):
    return [operation for operation in operations if operation.record is not None]


@pytest.mark.parametrize("operation", **by_id(with_resource(OPERATIONS)))
def test_parameters(routes, resources, operation):
    resource = resources[routes[operation.path]["resource"]]
    described = {parameter["name"]: parameter for parameter in resource["parameters"]}
    for name, parameter in operation.parameters.items():
        found = described[name]
        assert value_shape(found["schema"]) == value_shape(parameter.schema), name
        said = parameter.required, parameter.list, parameter.none
        assert (found["required"], found["list"], found["none"]) == said, name
        assert found["summary"], name


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_no_parameter_is_kept_back(routes, resources, operation):
    """What a resource declares is taken by its lists; a sub-list leaves out its parent's."""
    route = routes[operation.path]
    declared = {parameter["name"] for parameter in resources[route["resource"]]["parameters"]}
    left_out = declared - set(route["parameters"])
    parent = {KIND_OF[operation.path.split("/")[2]]} if route["kind"] == "sublist" else set()
    assert left_out == parent


def shape(schema):
    """(types, choices, type of a list's items) of a field, however the schema is put together."""
    if "anyOf" in schema:
        parts = [shape(part) for part in schema["anyOf"]]
        types = set().union(*(part[0] for part in parts))
        choices = set().union(*(part[1] or () for part in parts))
        if choices and "null" in types:
            choices.add(None)
        return types, choices or None, None
    types = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
    choices = schema.get("enum", [schema["const"]] if "const" in schema else ())
    return types, set(choices) or None, schema.get("items", {}).get("type")


@pytest.mark.parametrize("operation", **by_id(with_resource(OPERATIONS)))
def test_fields(routes, resources, operation):
    resource = resources[routes[operation.path]["resource"]]
    described = {field["name"]: shape(field["schema"]) for field in resource["fields"]}
    properties = operation.record["properties"]
    assert list(described) == operation.fields
    assert described == {name: shape(properties[name]) for name in operation.fields}


@pytest.mark.parametrize("operation", **by_id(with_resource(OPERATIONS)))
def test_every_key_is_required(operation):
    """In the contract itself: all keys in order, then those that `include` adds."""
    includes = operation.parameters.get("include")
    embedded = includes.schema["enum"] if includes else []
    assert list(operation.record["properties"]) == operation.fields + embedded
    assert operation.record["additionalProperties"] is False


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_sorts_and_includes(routes, resources, operation):
    resource = resources[routes[operation.path]["resource"]]
    parameters = operation.parameters
    if "sort" in parameters:
        both = [name for sort in resource["sorts"] for name in (sort, f"-{sort}")]
        assert parameters["sort"].schema["enum"] == both
        assert resource["default_sort"] == both[0]
    if "include" in parameters:
        assert parameters["include"].schema["enum"] == resource["includes"]
    else:
        assert resource["includes"] == []


def test_problems(described):
    slugs = [problem["slug"] for problem in described["problems"]]
    assert sorted(slugs) == sorted(RULES.schemas["ProblemSlug"]["enum"])
    statuses = {problem["slug"]: problem["status"] for problem in described["problems"]}
    for status, refusals in REFUSALS.items():
        assert {statuses[slug] for slug in refusals} == {status}
    assert all(problem["title"] for problem in described["problems"])


def test_options(described):
    help_text = run("serve", "--help").stdout.decode()
    for option in described["options"]:
        name = option["name"]
        assert option["variable"] == "UDCG_" + name.upper().replace("-", "_")
        assert option["summary"], name
        if "serve" in option["commands"]:
            assert f"--{name}" in help_text
