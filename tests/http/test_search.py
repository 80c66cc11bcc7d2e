"""`q` and /v1/search: words, never a query language."""

import copy
import json

import pytest

from targets import LISTS, by_id, path_of

from tests.auditor import random_timeline

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
def test_a_word_has_two_characters(sample, operation):
    path = path_of(operation, sample.timeline)
    for text, detail in (("a", "two characters"), ("support a", "two characters"),
                         ("!!", "letter or digit")):  # fmt: skip
        reply = sample.client.get(path, {"q": text})
        assert reply.status == 400, text
        assert detail in reply.faults["q"]["detail"], text
    for text in ("ab", "a!", "€5", "5%", "a-b", '"a b"', "7.5", "日本"):
        assert sample.client.get(path, {"q": text}).status == 200, text


def test_what_ends_a_letter_ends_the_word(serve, tmp_path):
    """5% is found by the 5 and not by 50; of a longer word the last letter begins others."""
    document = random_timeline.timeline(1, 5)
    for name, title in (("five", "Up 5%"), ("fifty", "Up 50 of F-16"), ("plain", "Up 5 more")):
        document["meetings"][0] |= {"title": title}
        document["meetings"].append(copy.deepcopy(document["meetings"][0]) | {"id": name})
    path = tmp_path / "letters.json"
    path.write_text(json.dumps(document), "utf-8")
    client = serve(path)
    for text, found in (("up 5%", {"five", "plain"}), ("up f-1", {"fifty"}),
                        ("up 50", {"fifty"})):  # fmt: skip
        rows = client.get("/v1/meetings", {"q": text, "fields": "id"}).data
        assert {row["id"] for row in rows} & {"five", "fifty", "plain"} == found, text


def serve_meetings(serve, tmp_path, years):
    """Meetings m-0, m-1, …, alike but for the year of their report."""
    header = {"format": "udcg-timeline/1", "title": "T", "released": "2026-11-22", "licence": "CC0-1.0"}
    sources = [{"id": f"in-{year}", "file": f"{year}.txt", "published": f"{year}-01-01"}
               for year in sorted(set(years))]  # fmt: skip
    cited = {"byte_start": 0, "byte_end": 4, "sha256": "0" * 64, "supports": ["title"], "basis": "stated"}
    meetings = [
        {"id": f"m-{number}", "title": "Twins", "kind": "meeting", "status": "held",
         "evidence": [cited | {"source": f"in-{year}"}]}
        for number, year in enumerate(years)
    ]  # fmt: skip
    path = tmp_path / "twins.json"
    path.write_text(json.dumps(header | {"sources": sources, "meetings": meetings}), "utf-8")
    return serve(path)


def test_equally_good_hits_come_by_type_and_id(serve, tmp_path):
    """However new their reports are."""
    client = serve_meetings(serve, tmp_path, (2024, 2025, 2023, 2025, 2024, 2023))
    assert [row["id"] for row in hits(client, "twins")] == [f"m-{n}" for n in range(6)]


def test_of_too_many_hits_the_newest_are_ranked(serve, tmp_path):
    client = serve_meetings(serve, tmp_path, (2024, 2023) + 9_999 * (2025,))
    reply = client.get("/v1/search?q=twins&limit=3").json
    assert reply["page"]["total_is"] == "at_least"
    assert [row["id"] for row in reply["data"]] == ["m-0", "m-10", "m-100"]


def test_a_text_that_is_one_word_again_and_again(serve, tmp_path):
    """Its beginning is shown; to weigh each place against the others would take a while."""
    document = random_timeline.timeline(1, 5)
    claim = document["claims"][0] | {"id": "again", "statement": "Go " + 1500 * "on go "}
    document["claims"].append(claim)
    path = tmp_path / "again.json"
    path.write_text(json.dumps(document), "utf-8")
    client = serve(path)
    for word in ("go", "on"):
        row = next(one for one in hits(client, word) if one["id"] == "again")
        assert row["snippet"] == claim["statement"][:100].rstrip() + "…"


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
