"""`q` and /v1/search: words, never a query language."""

import pytest

from targets import LISTS, by_id, path_of

NASTY = [
    "AND", "OR", "NOT", "NEAR", "foo AND", "NEAR(support winter)", "support*", "*support",
    "^support", "title:support", "-support", "+support", "support OR", "(support", "support)",
    "\"support", "support\"", "\"\"\"", "''", "';--", "' OR 1=1 --", "support; DROP TABLE meeting",
    "{support}",
    "support:", ":support", "col:support", "a-b", "--", "/*", "%", "_", "\\", "\\\"", "<script>",
    "ünïcode", "日本", "сло", "e\u0301", "\u200b\u200b", "🚚🚚", "support\u00a0winter",
    "x" * 3000,
    "\"" * 200, "ab " * 800, "%s%n%s", "${7*7}", "{{7*7}}", "../../etc/passwd", "\ufeffsupport",
]  # fmt: skip
SEARCHED = [one for one in LISTS if "q" in one.parameters]


@pytest.mark.parametrize("operation", **by_id(SEARCHED))
def test_no_input_is_syntax(sample, operation):
    """Found or not found, or a 400 that says why; never a fault of the server."""
    path = path_of(operation, sample.timeline)
    for text in NASTY:
        reply = sample.client.get(path, {"q": text})
        assert reply.status in (200, 400), text
        if reply.status == 400:
            assert list(reply.faults) == ["q"], text


def hits(client, text, **params):
    return client.get("/v1/search", {"q": text, "limit": 1000} | params).data


@pytest.mark.parametrize("operation", **by_id(SEARCHED))
def test_what_is_no_part_of_a_word_does_not_make_it_long_enough(sample, operation):
    path = path_of(operation, sample.timeline)
    for text in ("a", "a!", "!!a", "a_", '"a. "', "e\u0301", "!!", "support a!"):
        reply = sample.client.get(path, {"q": text})
        assert reply.status == 400, text
        assert "two letters or digits" in reply.faults["q"]["detail"], text
    for text in ("ab", "a-b", '"a b"', "7.5", "日本"):
        assert sample.client.get(path, {"q": text}).status == 200, text


def test_operators_are_words(client):
    """AND, OR and NOT stand in the sample's texts; as operators these would be refused."""
    for word in ("AND", "OR", "NOT", "NEAR"):
        assert hits(client, word)
        assert hits(client, f"support {word}") == hits(client, f"{word} support")


def test_words_are_prefixes_without_case(client):
    whole = {(hit["type"], hit["id"]) for hit in hits(client, "supporting")}
    prefix = {(hit["type"], hit["id"]) for hit in hits(client, "SUPPORT")}
    assert whole < prefix


def test_further_words_narrow(client):
    one = {(hit["type"], hit["id"]) for hit in hits(client, "support")}
    both = {(hit["type"], hit["id"]) for hit in hits(client, "support winter")}
    assert both < one


def test_a_phrase_is_in_a_row(client):
    apart = {(hit["type"], hit["id"]) for hit in hits(client, "air winter")}
    phrase = {(hit["type"], hit["id"]) for hit in hits(client, '"air winter"')}
    assert phrase < apart


def test_rank_counts_from_one(client):
    rows, replies = client.rows("/v1/search", {"q": "support", "limit": 7})
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert {reply.json["page"]["total"] for reply in replies} == {len(rows)}
    assert {reply.json["page"]["total_is"] for reply in replies} == {"exact"}


@pytest.mark.parametrize("kind", ["meeting", "participant", "aid", "claim", "source"])
def test_hits_lead_to_their_records(sample, kind):
    words = {
        "participant": next(one["name"] for one in sample.timeline.records("participant")),
        "source": next(one["file"] for one in sample.timeline.records("source")),
    }
    found = hits(sample.client, words.get(kind, "support"), type=kind)
    assert found
    for hit in found[:10]:
        assert hit["type"] == kind
        assert sample.client.get(hit["href"]).data["id"] == hit["id"]


def test_types_part_the_hits(client):
    whole = {(hit["type"], hit["id"]) for hit in hits(client, "support")}
    parts = [
        {(hit["type"], hit["id"]) for hit in hits(client, "support", type=kind)}
        for kind in ("meeting", "participant", "aid", "claim", "source")
    ]
    assert sum(map(len, parts)) == len(whole)
    assert set().union(*parts) == whole


def test_snippets_are_plain_text_of_the_record(sample):
    for hit in hits(sample.client, "winter", type="meeting")[:20]:
        record = sample.timeline.get("meeting", hit["id"])
        texts = " ".join(str(record[key]) for key in ("title", "place", "venue", "note"))
        words = [word for word in hit["snippet"].split() if word not in ("…", "·")]
        assert words
        assert all(word.strip("…·") in texts for word in words), hit


def test_a_snippet_between_two_texts(shipped):
    """What parts them is no word of theirs, wherever the snippet is cut."""
    for word in ("of", "in", "the", "two", "talks"):
        assert not [hit for hit in hits(shipped, word) if "\ue000" in hit["snippet"]]


def test_q_joins_the_other_filters(sample):
    client = sample.client
    found = client.rows("/v1/meetings", {"q": "support"})[0]
    held = client.rows("/v1/meetings", {"q": "support", "status": "held"})[0]
    assert held == [row for row in found if row["status"] == "held"]
    assert found
