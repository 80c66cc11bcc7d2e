"""/v1/timeline.feed: JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import re

import pytest

VERSION = "https://jsonfeed.org/version/1.1"
PUBLIC = "https://api.example/udcg"
ITEM_KEYS = {"id", "url", "title", "content_text", "tags", "_udcg"}


@pytest.fixture(scope="module")
def public(sample, serve):
    return serve(sample.path, "--public-url", PUBLIC)


def feed_of(client, target="/v1/timeline.feed"):
    reply = client.get(target)
    assert reply.status == 200
    assert reply.header("Content-Type") == "application/feed+json"
    return reply.json


def local(url):
    """What stands behind --public-url, as the server itself is asked for it."""
    assert url.startswith(PUBLIC + "/v1/")
    return url.removeprefix(PUBLIC)


def test_items_are_the_timeline_newest_first(client):
    feed = feed_of(client, "/v1/timeline.feed?limit=1000")
    rows = client.get("/v1/timeline?limit=1000&sort=-date").data
    assert [item["_udcg"] for item in feed["items"]] == rows
    assert feed["version"] == VERSION
    assert feed["title"] == client.get("/v1").data["title"]


def test_what_an_item_says(client):
    for item in feed_of(client)["items"]:
        row = item["_udcg"]
        assert set(item) <= ITEM_KEYS  # no date_published: nobody knows the hour
        assert item["id"] == f"{row['type']}/{row['id']}"
        assert item["title"] == row["title"]
        assert item["tags"] == [row["type"]]
        date, reported, sources = item["content_text"].split("\n")
        basis = f" ({row['date_basis']})" if row["date_basis"] else ""
        assert date == f"Date: {row['date'] or 'not known'}{basis}"
        assert reported == f"Reported: {row['reported'] or 'not known'}"
        assert sources == f"Sources: {', '.join(row['source_ids'])}"


def test_ids_are_unique(client):
    ids = [item["id"] for item in feed_of(client, "/v1/timeline.feed?limit=1000")["items"]]
    assert len(ids) > 300
    assert len(set(ids)) == len(ids)


def test_no_url_without_a_public_one(client):
    reply = client.get("/v1/timeline.feed?limit=1")
    assert set(reply.json) == {"version", "title", "items"}
    assert "url" not in reply.json["items"][0]
    assert not re.search(rb"https?://(?!jsonfeed\.org)", reply.body.partition(b'"items"')[0])


def test_absolute_urls(public):
    feed = feed_of(public, "/v1/timeline.feed?type=meeting,aid&limit=2")
    assert feed["home_page_url"] == PUBLIC + "/"
    assert feed["feed_url"] == f"{PUBLIC}/v1/timeline.feed?limit=2&type=aid,meeting"
    assert feed_of(public)["feed_url"] == f"{PUBLIC}/v1/timeline.feed"
    for item in feed["items"]:
        row = public.get(local(item["url"])).data
        assert (row["id"], PUBLIC + local(item["url"])) == (item["_udcg"]["id"], item["url"])


def test_walking_next_url_gives_each_item_once(public):
    target, items, urls = "/v1/timeline.feed?limit=37&undated=false", [], set()
    while target:
        feed = feed_of(public, target)
        items += feed["items"]
        urls.add(feed["feed_url"])
        target = feed.get("next_url") and local(feed["next_url"])
    rows = public.get("/v1/timeline?limit=1000&sort=-date&undated=false").data
    assert [item["_udcg"] for item in items] == rows
    assert len(urls) == 1  # the pages are of one feed


def test_the_last_page_has_no_next(public):
    assert "next_url" not in feed_of(public, "/v1/timeline.feed?limit=1000")


def test_without_items(client):
    assert feed_of(client, "/v1/timeline.feed?q=zzzzzzzz")["items"] == []


@pytest.mark.parametrize("cursor", ["x", "AAAA"])
def test_a_cursor_of_something_else(client, cursor):
    reply = client.get(f"/v1/timeline.feed?cursor={cursor}")
    assert (reply.status, reply.problem) == (400, "invalid-cursor")
    none = client.get(f"/v1/timeline.feed?cursor={cursor}", headers={"If-None-Match": "*"})
    assert none.status == 400


def test_the_list_s_cursor_is_not_the_feed_s(client):
    cursor = client.get("/v1/timeline?limit=1").json["page"]["next"].rpartition("cursor=")[2]
    assert client.get(f"/v1/timeline.feed?limit=1&cursor={cursor}").problem == "invalid-cursor"
