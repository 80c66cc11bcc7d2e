"""What is wrong with a parameter is said, all of it at once, with what would be right."""

import pytest

from client import target_of
from targets import LISTS, OPERATIONS, PAGED, by_id, needed, path_of

# Texts that are no value of each type. Integers: bounds come from the contract, see below.
BAD_DATES = [
    "2024-02-30", "2023-02-29", "2024-13", "2024-00", "2024-04-31", "0999", "999", "10000",
    "24-01-01", "2024-1-1", "2024/01/01", "2024-01-01T00:00:00Z", "2024-06-13~", "2024-06-13?",
    "2024/2025", "[2024..2025]", "20240613", "today", "-1", "2024-", "2024-06-13 ", "none",
    "2024,2025", "２０２４",
]  # fmt: skip
BAD_INTEGERS = [
    "", "-1", "1.0", "1e2", "0x10", "+1", "01", " 1", "1 ", "one", "１", "9" * 30, "1,2",
]  # fmt: skip
BAD_FLAGS = ["", "1", "0", "yes", "t", "truth", "none", "true,false"]
BAD_PERIODS = {
    "year": ["0999", "10000", "2024-06", "24"],
    "quarter": ["2024", "2024-Q0", "2024-Q5", "2024-2", "2024-Q", "Q2-2024", "0999-Q1"],
    "month": ["2024", "2024-13", "2024-00", "2024-6", "2024-06-13"],
}
BAD_CODES = {
    "country": ["ZZ", "USA", "U", "Germany", "u%73a"],
    "currency": ["ZZZ", "US", "EURO", "none"],
}
BAD_BYTES = [
    "%00", "5%00abc", "%ff", "%zz", "%", "%4", "%C0%80", "%ED%A0%80", "%0A", "a%7F", "%1b",
]  # fmt: skip
BAD_WORDS = ["", "a", "a b", '"', '""', "!", "*", "   "]


def each(operations, chosen):
    """(operation, parameter) for pytest, of the parameters that `chosen` takes."""
    return [
        pytest.param(operation, parameter, id=f"{operation.id}-{parameter.name}")
        for operation in operations
        for parameter in operation.parameters.values()
        if chosen(parameter)
    ]


def pattern(parameter):
    return parameter.schema.get("pattern", "")


def is_date(parameter):
    return parameter.name in ("from", "to", "as_of")


def is_id(parameter):
    """A slug that the timeline must know."""
    return "[a-z0-9]+(-" in pattern(parameter)


def refused(sample, operation, name, raw):
    """The fault of the one parameter, whose value goes out as it is written here."""
    target = target_of(path_of(operation, sample.timeline), needed(operation))
    if name in needed(operation):
        target = target.partition("?")[0]
    reply = sample.client.get(f"{target}{'&' if '?' in target else '?'}{name}={raw}")
    assert reply.status == 400, (reply.target, reply.body)
    assert name in reply.faults, reply.body
    fault = reply.faults[name]
    assert fault["detail"]
    return fault


def quoted(text):
    return "".join(f"%{byte:02X}" for byte in text.encode())


# Values


@pytest.mark.parametrize("operation, parameter", each(LISTS, is_date))
def test_dates(sample, operation, parameter):
    for text in BAD_DATES:
        fault = refused(sample, operation, parameter.name, quoted(text))
        assert fault["allowed"] == ["YYYY", "YYYY-MM", "YYYY-MM-DD"]


@pytest.mark.parametrize(
    "operation, parameter", each(LISTS, lambda one: one.schema.get("type") == "integer")
)
def test_integers(sample, operation, parameter):
    low, high = parameter.schema["minimum"], parameter.schema["maximum"]
    for text in [*BAD_INTEGERS, str(low - 1), str(high + 1)]:
        if parameter.list and "," in text:
            continue
        fault = refused(sample, operation, parameter.name, text.replace(" ", "%20"))
        if text:
            assert fault["allowed"], text


@pytest.mark.parametrize(
    "operation, parameter", each(LISTS, lambda one: one.schema.get("type") == "boolean")
)
def test_flags(sample, operation, parameter):
    only = parameter.schema.get("enum")
    for text in BAD_FLAGS + (["false"] if only == [True] else []):
        fault = refused(sample, operation, parameter.name, text)
        if text:
            assert fault["allowed"] == (["true"] if only else ["true", "false"])


@pytest.mark.parametrize(
    "operation, parameter",
    each(LISTS, lambda one: one.schema.get("type") == "string" and "enum" in one.schema),
)
def test_choices(sample, operation, parameter):
    choices = parameter.schema["enum"]
    nearly = choices[-1][:-1] + "x"
    for text in ["no-such-choice", "", nearly, f"{choices[0]},no-such-choice", f"{choices[0]},"]:
        fault = refused(sample, operation, parameter.name, text)
        if "no-such" in text or text == nearly:
            allowed = {choice.lstrip("-") for choice in fault["allowed"]}
            assert allowed - {"none"} == {choice.lstrip("-") for choice in choices}
    if not parameter.none:
        refused(sample, operation, parameter.name, "none")


@pytest.mark.parametrize("operation, parameter", each(LISTS, is_id))
def test_ids_that_the_timeline_does_not_have(sample, operation, parameter):
    for text in ["no-such-id", "", "-", "a--b", "%C3%A9", "x" * 200, "a%2Cb", "a%20b", "%27"]:
        refused(sample, operation, parameter.name, text)
    if not parameter.none:
        refused(sample, operation, parameter.name, "none")


@pytest.mark.parametrize("operation, parameter", each(LISTS, lambda one: one.name in BAD_PERIODS))
def test_periods(sample, operation, parameter):
    for text in ["x", *BAD_PERIODS[parameter.name]]:
        fault = refused(sample, operation, parameter.name, text)
        assert f"is not a {parameter.name}" in fault["detail"], "what is told would be wrong, too"
    refused(sample, operation, parameter.name, "")


@pytest.mark.parametrize("operation, parameter", each(LISTS, lambda one: one.name in BAD_CODES))
def test_codes(sample, operation, parameter):
    for text in ["", "1", *BAD_CODES[parameter.name]]:
        refused(sample, operation, parameter.name, text)


@pytest.mark.parametrize("operation, parameter", each(LISTS, lambda one: one.name == "q"))
def test_words(sample, operation, parameter):
    for text in BAD_WORDS:
        refused(sample, operation, "q", quoted(text))


@pytest.mark.parametrize("operation, parameter", each(LISTS, lambda one: one.name == "fields"))
def test_fields(sample, operation, parameter):
    first = operation.fields[0]
    for text in ["", ",", f"{first},", f"{first},{first}", "no_such_field", "*", "evidence"]:
        fault = refused(sample, operation, "fields", text)
        if text == "no_such_field":
            assert fault["allowed"] == operation.fields
    assert refused(sample, operation, "fields", first + "x")["suggestion"] == first


@pytest.mark.parametrize(
    "operation, parameter", each(LISTS, lambda one: one.list and one.name != "place")
)
def test_a_value_stands_once_in_a_list(sample, operation, parameter):
    values = parameter.schema.get("enum", [])
    if not values and operation.record and parameter.name in operation.fields:
        rows = sample.client.get(
            target_of(path_of(operation, sample.timeline), needed(operation))
        ).data
        values = [row[parameter.name] for row in rows if row[parameter.name] is not None]
    if values:
        value = quoted(str(values[0]))
        refused(sample, operation, parameter.name, f"{value},{value}")
        refused(sample, operation, parameter.name, f"{value},")
        refused(sample, operation, parameter.name, f",{value}")
    if parameter.none:
        refused(sample, operation, parameter.name, "none,none")


def test_sort_in_two_directions(client):
    assert client.get("/v1/meetings?sort=date,-date").status == 400


# Whatever the parameter


@pytest.mark.parametrize("operation", **by_id(OPERATIONS))
def test_names(sample, operation):
    """Unknown, misspelt, in another case, without a name: each is a fault of its own."""
    base = path_of(operation, sample.timeline)
    names = ["no_such", "FROM", "limit[]", "%D0%BA", "1"]
    reply = sample.client.get(base + "?" + "&".join(f"{name}=1" for name in names))
    assert reply.status == 400
    assert {"no_such", "FROM", "limit[]", "к", "1"} <= set(reply.faults)
    assert sample.client.get(base + "?=1").status == 400
    for name in operation.parameters:
        misspelt = name + "x" if len(name) > 3 else None
        if misspelt and misspelt not in operation.parameters:
            reply = sample.client.get(f"{base}?{misspelt}=1")
            assert reply.faults[misspelt]["suggestion"] == name


@pytest.mark.parametrize("operation, parameter", each(LISTS, lambda one: True))
def test_repeated_and_empty(sample, operation, parameter):
    base, name = path_of(operation, sample.timeline), parameter.name
    for query in (f"{name}=2024&{name}=2024", f"{name}=", name):
        reply = sample.client.get(f"{base}?{query}")
        assert reply.status == 400, query
        assert name in reply.faults, query


@pytest.mark.parametrize("operation, parameter", each(LISTS, lambda one: True))
def test_bytes_that_no_value_has(sample, operation, parameter):
    base = path_of(operation, sample.timeline)
    for raw in BAD_BYTES:
        reply = sample.client.get(f"{base}?{parameter.name}={raw}")
        assert reply.status == 400, raw
        assert parameter.name in reply.faults, raw


@pytest.mark.parametrize("raw", ["%", "%4", "%zz", "%4g", "50%", "%%41"])
def test_a_percent_sign_that_stands_alone(client, raw):
    """It is told how one is written, rather than that the text is not UTF-8."""
    assert "%25" in client.get(f"/v1/aid?q={raw}").faults["q"]["detail"]
    assert "%25" in client.get(f"/v1/aid/{raw}").json["detail"]


def test_several_faults_are_told_at_once(client):
    reply = client.get(
        "/v1/aid?from=2024-02-30&limit=0&nope=1&currency=ZZZ&kind=package&kind=remaining&donor="
        "&min_amount=x&mechanism=%zz"
    )
    assert reply.status == 400
    assert set(reply.faults) == {
        "from", "limit", "nope", "currency", "kind", "donor", "min_amount", "mechanism",
    }  # fmt: skip


def test_suggestions(client):
    for target, name, suggestion in [
        ("/v1/meetings?form=2024", "form", "from"),
        ("/v1/meetings?kind=conferense", "kind", "conference"),
        ("/v1/meetings?sort=titlee", "sort", "title"),
        ("/v1/aid/totals?group_by=doner", "group_by", "donor"),
        ("/v1/meetings?include=attendanxe", "include", "attendance"),
    ]:
        reply = client.get(target)
        assert reply.status == 400
        assert reply.faults[name]["suggestion"] == suggestion


def test_a_misspelt_id_is_suggested(sample):
    identifier = max(sample.timeline.by_kind["participant"], key=len)
    reply = sample.client.get("/v1/aid", {"donor": identifier[:-1] + "z"})
    assert reply.faults["donor"]["suggestion"] == identifier


def test_words_of_another_filter_are_none_of_this_one(sample):
    figures = sample.timeline.records("aid")
    measure = next(one["measure"] for one in figures if one["measure"])
    mechanism = next(one["mechanism"] for one in figures if one["mechanism"])
    for name, word, other in [
        ("measure", measure, mechanism),
        ("mechanism", mechanism, measure),
    ]:
        assert sample.client.get("/v1/aid", {name: word}).data
        reply = sample.client.get("/v1/aid", {name: word + "z"})
        assert reply.faults[name]["suggestion"] == word
        assert sample.client.get("/v1/aid", {name: other}).status == 400


def test_a_code_without_rows_is_no_fault(client):
    reply = client.get("/v1/meetings?country=AQ")
    assert (reply.status, reply.data) == (200, [])


def test_plus_is_a_space(sample):
    place = next(
        record["place"] for record in sample.timeline.records("meeting")
        if " " in (record["place"] or "") and "," not in record["place"]
    )  # fmt: skip
    plus = sample.client.get("/v1/meetings?place=" + quoted(place).replace("%20", "+"))
    assert plus.data
    assert plus.data == sample.client.get("/v1/meetings", {"place": place}).data


# Parameters that do not go together


COMBINATIONS = [
    ("/v1/aid?min_amount=1", "min_amount"),
    ("/v1/aid?max_amount=1", "max_amount"),
    ("/v1/aid/totals?min_amount=1", "min_amount"),
    ("/v1/aid?as_of=2024", "as_of"),
    ("/v1/aid?counted=true&dates=certain", "dates"),
    ("/v1/aid?counted=true&undated=false", "undated"),
    ("/v1/aid?counted=true&date_basis=stated", "date_basis"),
    ("/v1/aid?counted=true&superseded=false", "superseded"),
    ("/v1/aid?counted=true&as_of=2024&to=2024", "as_of"),
    ("/v1/aid/totals?as_of=2024&to=2024", "as_of"),
    ("/v1/aid/totals?group_by=donor,recipient,category,year", "group_by"),
    ("/v1/search", "q"),
    ("/v1/aid/totals?limit=1", "limit"),
    ("/v1/aid/totals?sort=donor", "sort"),
    ("/v1/aid/totals?superseded=true", "superseded"),
    ("/v1/aid/totals?counted=true", "counted"),
    ("/v1/aid/totals?year=2024", "year"),
    ("/v1/timeline?include=evidence", "include"),
    ("/v1/search?q=support&sort=rank", "sort"),
    ("/v1/search?q=support&source=x", "source"),
    ("/v1/meetings.csv?include=evidence", "include"),
    ("/v1/meetings.ics?limit=1", "limit"),
    ("/v1/timeline.feed?sort=date", "sort"),
]


@pytest.mark.parametrize("target, at_fault", COMBINATIONS)
def test_combinations(client, target, at_fault):
    reply = client.get(target)
    assert reply.status == 400, reply.body
    assert at_fault in reply.faults


def test_how_many_values_it_takes(client):
    reply = client.get("/v1/aid/totals?group_by=donor,recipient,category,year")
    assert reply.faults["group_by"]["allowed"] == ["1…3 values"]


# Cursors


def cursor_of(sample, path, params=None):
    page = sample.client.get(path, {"limit": 1} | (params or {})).json["page"]
    return page["next"].partition("cursor=")[2].partition("&")[0]


@pytest.mark.parametrize("operation", **by_id(PAGED))
def test_no_cursor(sample, operation):
    path = path_of(operation, sample.timeline)
    for text in ["x", "AAAA", "e30", "%2B%2F%3D", "A" * 500, "%F0%9F%9A%9A", "-", "none"]:
        reply = sample.client.get(path, needed(operation) | {"limit": 1})
        reply = sample.client.get(f"{reply.target}&cursor={text}")
        assert (reply.status, reply.problem) == (400, "invalid-cursor"), text
        assert list(reply.faults) == ["cursor"]


def test_foreign_cursors(sample):
    cursor = cursor_of(sample, "/v1/aid")
    for target in [
        "/v1/claims?limit=1",
        "/v1/aid?kind=package",
        "/v1/aid?sort=amount",
        "/v1/aid?sort=-date",
        "/v1/aid?from=2024",
    ]:
        reply = sample.client.get(f"{target}&cursor={cursor}")
        assert (reply.status, reply.problem) == (400, "invalid-cursor"), target


def test_a_cursor_with_one_letter_changed(sample):
    cursor = cursor_of(sample, "/v1/aid")
    for place in range(0, len(cursor), 3):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert sample.client.get(f"/v1/aid?cursor={changed}").status in (200, 400), changed


def test_what_may_change_with_a_cursor(sample):
    following = sample.client.get("/v1/aid?limit=2").json["page"]["next"]
    expected = sample.client.get("/v1/aid?limit=5").data[2:]
    for more in ("", "&fields=id", "&include=evidence"):
        reply = sample.client.get(following.replace("limit=2", "limit=3") + more)
        assert [row["id"] for row in reply.data] == [row["id"] for row in expected]


def test_a_value_is_shown_as_it_was_sent(client):
    reply = client.get("/v1/aid?counted=true&date_basis=stated,Derived")
    assert reply.faults["date_basis"]["value"] == "stated,Derived"


# Long targets


@pytest.mark.parametrize("length, status", [(8000, 400), (8001, 414), (10_240, 414)])
def test_long_targets(client, length, status):
    target = "/v1/meetings?q=" + "a" * (length - len("/v1/meetings?q=") - 4) + "&x=1"
    reply = client.get(target)
    assert len(target) == length
    assert reply.status == status
    assert reply.problem == {400: "invalid-parameter", 414: "uri-too-long"}[status]
    assert client.get("/livez").status == 200


@pytest.mark.parametrize("letter", ["-", "!"])  # the second is three bytes in a link
def test_long_targets_of_pages(client, letter):
    """A link that a header has no room for stands in the body, if there is one for it."""
    query = "?limit=1&q=support"
    long = letter * (8000 - len("/v1/meetings.ndjson" + query))
    seen = set()
    for length in (100, 1000, 2000, 2620, 2640, 4000, 7870, 7890, len(long)):
        page = client.get("/v1/meetings" + query + long[:length])
        table = client.get("/v1/meetings.ndjson" + query + long[:length])
        seen.add(page.status)
        if page.status == 414:
            assert (page.problem, table.problem) == ("uri-too-long", "uri-too-long")
            assert length * (1 if letter == "-" else 3) > 7800
            continue
        following = page.json["page"]["next"]
        assert (page.header("Link") is None) == (len(following) > 4000)
        assert len(following) <= 8000
        assert client.get(following).status == 200
        assert table.status == (200 if len(following) + len(".ndjson") <= 4000 else 414)
    assert seen == {200, 414}


@pytest.mark.parametrize("form", ["{}", "kind={}", "donor={}", "currency={}", "include={}"])
def test_thousands_of_faults(client, form):
    """Fifty are named: what is short to ask is short to refuse."""
    words = [f"x{number}" for number in range(1000)]
    reply = client.get("/v1/aid?" + form.format(("," if "=" in form else "&").join(words)))
    assert reply.status == 400
    assert len(reply.json["errors"]) == 50
    assert "50" in reply.json["detail"]
    assert len(reply.body) < 32_000
