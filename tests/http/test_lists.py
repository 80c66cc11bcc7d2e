"""What a list promises whatever it lists: pages, filters, sub-lists, fields and includes."""

import pytest

from client import target_of
from targets import KIND_OF, LISTS, PAGED, RULES, by_id, needed, path_of

WHOLE = 1000  # records of one page: more than any list of the sample has
OF_DATES = [one for one in LISTS if "dates" in one.parameters]


def page_of(sample, operation, params=None):
    reply = sample.client.get(
        path_of(operation, sample.timeline), needed(operation) | {"limit": WHOLE} | (params or {})
    )
    assert reply.status == 200, (reply.target, reply.body)
    return reply


def total(sample, operation, params=None):
    return page_of(sample, operation, params).json["page"]["total"]


@pytest.fixture(scope="module")
def whole(sample):
    """whole(operation): all its rows."""
    known = {}

    def rows(operation):
        if operation.id not in known:
            reply = page_of(sample, operation)
            assert reply.json["page"]["next"] is None, f"the sample is too large: {operation}"
            known[operation.id] = comparable(reply.data)
        return known[operation.id]

    return rows


def comparable(rows):
    """A hit's rank is its place in what was asked for, so that a filter changes it."""
    return [{name: value for name, value in row.items() if name != "rank"} for row in rows]


# Pages


@pytest.mark.parametrize("operation", **by_id(PAGED))
def test_first_page(sample, operation):
    reply = sample.client.get(path_of(operation, sample.timeline), needed(operation))
    page = reply.json["page"]
    assert page["limit"] == 100
    assert page["count"] == len(reply.data) == min(page["total"], 100)
    assert (page["next"] is None) == (page["total"] <= 100)


@pytest.mark.parametrize("operation", **by_id(PAGED))
@pytest.mark.parametrize("limit", [1, 2, 999, 1000])
def test_limit(sample, operation, limit):
    page = page_of(sample, operation, {"limit": limit}).json["page"]
    assert page["limit"] == limit
    assert page["count"] == min(limit, page["total"])


@pytest.mark.parametrize("operation", **by_id(PAGED))
def test_next_page_is_linked_twice(sample, operation):
    reply = page_of(sample, operation, {"limit": 1})
    following = reply.json["page"]["next"]
    if reply.json["page"]["total"] == 1:
        assert following is None
        assert 'rel="next"' not in (reply.header("Link") or "")
    else:
        assert following.startswith(path_of(operation, sample.timeline) + "?")
        assert f'<{following}>; rel="next"' in reply.header("Link")


@pytest.mark.parametrize("operation", **by_id(OF_DATES))
def test_nothing_found_is_no_fault(sample, operation):
    reply = page_of(sample, operation, {"undated": "true", "from": "2024"})
    assert reply.data == []
    assert reply.json["page"] == {"total": 0, "count": 0, "limit": WHOLE, "next": None}


# Filters

CHOICES = [
    pytest.param(operation, parameter, id=f"{operation.id}-{parameter.name}")
    for operation in PAGED
    for parameter in operation.parameters.values()
    if "enum" in parameter.schema and parameter.name in operation.fields
]


@pytest.mark.parametrize("operation, parameter", CHOICES)
def test_choices_part_the_list(sample, whole, operation, parameter):
    """Each row has exactly one of the values, or null."""
    values = parameter.schema["enum"] + (["none"] if parameter.none else [])
    for value in values:
        rows = comparable(page_of(sample, operation, {parameter.name: value}).data)
        held = None if value == "none" else value
        assert rows == [row for row in whole(operation) if row[parameter.name] == held], value
    both = {row[parameter.name] or "none" for row in whole(operation)}
    assert total(sample, operation, {parameter.name: values}) == len(whole(operation))
    if len(both) > 1:
        two = sorted(both)[:2]
        rows = comparable(page_of(sample, operation, {parameter.name: two}).data)
        assert rows == [row for row in whole(operation) if (row[parameter.name] or "none") in two]


FLAGS = [
    pytest.param(operation, parameter.name, id=f"{operation.id}-{parameter.name}")
    for operation in PAGED
    for parameter in operation.parameters.values()
    if parameter.schema == {"type": "boolean"}
]


@pytest.mark.parametrize("operation, flag", FLAGS)
def test_flags_part_the_list(sample, whole, operation, flag):
    parts = [page_of(sample, operation, {flag: value}).data for value in ("true", "false")]
    key = repr
    assert sorted(parts[0] + parts[1], key=key) == sorted(whole(operation), key=key)


OPEN_VALUES = [
    pytest.param(operation, parameter, id=f"{operation.id}-{parameter.name}")
    for operation in PAGED
    for parameter in operation.parameters.values()
    if parameter.name in operation.fields
    and parameter.list
    and "enum" not in parameter.schema
    and parameter.name not in ("claimant", "subject", "participant")  # a country's match more
]


@pytest.mark.parametrize("operation, parameter", OPEN_VALUES)
def test_values_that_rows_have(sample, whole, operation, parameter):
    """A filter by a field gives the rows that have it, and `none` those that have null."""
    held = {row[parameter.name] for row in whole(operation)}
    values = sorted(held - {None}, key=str)[:5]
    for value in values:
        rows = page_of(sample, operation, {parameter.name: value}).data
        expected = [row for row in whole(operation) if row[parameter.name] == value]
        if parameter.name == "place":  # looks at the venue, too, without case
            assert all(row in rows for row in expected), value
        else:
            assert rows == expected, value
    if parameter.none and parameter.name != "place":
        rows = page_of(sample, operation, {parameter.name: "none"}).data
        assert rows == [row for row in whole(operation) if row[parameter.name] is None]
        if values:
            some = page_of(sample, operation, {parameter.name: [values[0], "none"]}).data
            expected = [row for row in whole(operation) if row[parameter.name] in (values[0], None)]
            assert some == expected


@pytest.mark.parametrize("operation, parameter", OPEN_VALUES + CHOICES)
def test_values_are_matched_without_case(sample, whole, operation, parameter):
    value = next((row[parameter.name] for row in whole(operation) if row[parameter.name]), None)
    if value is None:
        value = "none"
    lower = page_of(sample, operation, {parameter.name: str(value).lower()})
    upper = page_of(sample, operation, {parameter.name: str(value).upper()})
    assert lower.data == upper.data


BY_SOURCE = [one for one in LISTS if "source" in one.parameters and "source_ids" in one.fields]


@pytest.mark.parametrize("operation", **by_id(BY_SOURCE))
def test_source(sample, whole, operation):
    for source in sample.timeline.by_kind["source"]:
        rows = page_of(sample, operation, {"source": source}).data
        assert rows == [row for row in whole(operation) if source in row["source_ids"]], source


def test_filters_are_joined_by_and(sample, whole):
    operation = RULES.operations["listAid"]
    rows = page_of(sample, operation, {"kind": "package", "currency": "USD"}).data
    assert 0 < len(rows) < len(whole(operation))
    assert rows == [
        row for row in whole(operation) if (row["kind"], row["currency"]) == ("package", "USD")
    ]


def test_amounts(sample, whole):
    operation = RULES.operations["listAid"]
    dollars = [row for row in whole(operation) if row["currency"] == "USD"]
    middle = sorted(row["amount"] for row in dollars)[len(dollars) // 2]
    ask = {"currency": "usd"}
    assert page_of(sample, operation, ask | {"min_amount": middle}).data == [
        row for row in dollars if row["amount"] >= middle
    ]
    assert page_of(sample, operation, ask | {"max_amount": middle}).data == [
        row for row in dollars if row["amount"] <= middle
    ]
    only = page_of(sample, operation, ask | {"min_amount": middle, "max_amount": middle}).data
    assert only == [row for row in dollars if row["amount"] == middle]


def test_a_comma_inside_a_value(sample, whole):
    """%2C is part of a value, a raw comma parts values."""
    operation = RULES.operations["listMeetings"]
    for name in ("place", "venue"):
        place = next(row[name] for row in whole(operation) if row[name] and "," in row[name])
        rows = page_of(sample, operation, {"place": place}).data
        assert place.casefold() in {str(row[name]).casefold() for row in rows}
    one, other = place.split(",", 1)
    reply = sample.client.get(f"/v1/meetings?limit={WHOLE}&place={one},{other.replace(' ', '+')}")
    assert not set(map(repr, rows)) & set(map(repr, reply.data))


def test_country_matches_its_persons_where_it_should(sample):
    timeline = sample.timeline
    country, persons = next((c, p) for c, p in sorted(timeline.persons_of.items()) if p)
    everyone = {country} | persons
    rows = sample.client.rows("/v1/attendance", {"participant": country})[0]
    assert {row["participant"] for row in rows} <= everyone
    expected = sum(len(timeline.attendance_of.get(one, ())) for one in everyone)
    assert len(rows) == expected
    for name in ("donor", "recipient"):
        rows = sample.client.rows("/v1/aid", {name: country})[0]
        assert {row[name] for row in rows} <= {country}


# Sub-lists

SUBLISTS = [
    ("listMeetingParticipants", "listAttendance", "meeting"),
    ("listMeetingAid", "listAid", "meeting"),
    ("listParticipantMeetings", "listMeetings", "participant"),
]


@pytest.mark.parametrize("sublist, full, parameter", SUBLISTS)
def test_sublist(sample, sublist, full, parameter):
    operation, full = RULES.operations[sublist], RULES.operations[full]
    kind = KIND_OF[operation.path.split("/")[2]]
    found = 0
    for identifier in list(sample.timeline.by_kind[kind])[:20]:
        path = path_of(operation, sample.timeline, identifier)
        rows = sample.client.get(path, {"limit": WHOLE}).data
        assert rows == page_of(sample, full, {parameter: identifier}).data
        found += len(rows)
    assert found, "no parent with rows among the first"


@pytest.mark.parametrize("sublist, full, parameter", SUBLISTS)
def test_sublist_does_not_take_its_parent(sample, sublist, full, parameter):
    path = path_of(RULES.operations[sublist], sample.timeline)
    reply = sample.client.get(path, {parameter: "x"})
    assert reply.status == 400
    assert list(reply.faults) == [parameter]


def test_facts_of_all_sources_are_those_of_the_card(sample):
    facts = RULES.operations["listSourceFacts"]
    rows = sample.client.rows("/v1/sources")[0]
    for row in rows:
        path = path_of(facts, sample.timeline, row["id"])
        assert sample.client.get(path, {"limit": 1}).json["page"]["total"] == row["fact_count"]
    counts = sample.client.get("/v1").data["counts"]
    assert counts["facts"] == sum(row["fact_count"] for row in rows)


# Shape


@pytest.mark.parametrize("operation", **by_id(LISTS))
def test_fields_come_in_the_order_asked_for(sample, operation):
    path = path_of(operation, sample.timeline)
    full = sample.client.get(path, needed(operation)).data
    for names in (operation.fields[:1], operation.fields[::-1], operation.fields[1::3]):
        rows = sample.client.get(path, needed(operation) | {"fields": names}).data
        assert rows == [{name: row[name] for name in names} for row in full]


@pytest.mark.parametrize(
    "operation", **by_id([one for one in LISTS if "include" in one.parameters])
)
def test_includes_come_after_the_fields(sample, operation):
    names = operation.parameters["include"].schema["enum"]
    path = path_of(operation, sample.timeline)
    plain = sample.client.get(path, {"limit": 20}).data
    for asked in (names, names[::-1], names[:1]):
        rows = sample.client.get(path, {"include": asked, "limit": 20}).data
        assert [{k: v for k, v in row.items() if k not in asked} for row in rows] == plain
    first = operation.fields[0]
    rows = sample.client.get(path, {"fields": first, "include": names[0], "limit": 20}).data
    assert [list(row) for row in rows] == [[first, names[0]]] * len(rows)


@pytest.mark.parametrize(
    "path, include, embedded",
    [
        ("/v1/meetings", "attendance", "/v1/meetings/{id}/participants?sort=participant"),
        ("/v1/meetings", "aid", "/v1/aid?meeting={id}"),
        ("/v1/meetings", "claims", "/v1/claims?meeting={id}"),
        ("/v1/aid", "claims", "/v1/claims?aid={id}"),
    ],
)
def test_what_is_embedded_is_what_its_list_has(sample, path, include, embedded):
    rows = sample.client.get(path, {"include": include, "limit": 200}).data
    rows = [row for row in rows if row[include]][:10]
    assert rows, "nothing embedded anywhere"
    for row in rows:
        listed, _ = sample.client.rows(embedded.replace("{id}", row["id"]))
        key = repr if include != "attendance" else lambda one: 0
        assert sorted(row[include], key=key) == sorted(listed, key=key)


@pytest.mark.parametrize("path", ["/v1/meetings", "/v1/aid", "/v1/claims", "/v1/participants"])
def test_embedded_sources_are_those_of_source_ids(sample, path):
    rows = sample.client.get(path, {"include": "sources", "limit": 50}).data
    for row in rows:
        assert [source["id"] for source in row["sources"]] == row["source_ids"]


def test_lists_are_never_null(sample):
    for operation in LISTS:
        lists = [
            name for name in operation.fields
            if operation.record["properties"][name].get("type") == "array"
        ]  # fmt: skip
        for row in sample.client.get(
            target_of(path_of(operation, sample.timeline), needed(operation))
        ).data:
            assert all(isinstance(row[name], list) for name in lists)
