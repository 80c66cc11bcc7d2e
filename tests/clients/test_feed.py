"""A feed reader reads /v1/timeline.feed."""

import json

import pytest

PUBLIC = "https://example.org/udcg"


@pytest.fixture
def read(modules):
    """read(url): what a feed reader makes of it."""

    def found(url):
        said = json.loads(modules.script("feed.mjs", url))
        assert said["type"] == "application/feed+json"
        return said["feed"]

    return found


def timeline(service):
    """Newest first."""
    return service.client.rows("/v1/timeline", {"sort": "-date", "limit": 1000})[0]


def test_items(read, shipped):
    feed = read(f"{shipped.url}/v1/timeline.feed?limit=1000")
    assert feed["title"] == shipped.get("/v1")["data"]["title"]
    assert [item["title"] for item in feed["items"]] == [row["title"] for row in timeline(shipped)]
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    assert all(item["content_text"] for item in feed["items"])
    assert not any("date_published" in item or "url" in item for item in feed["items"])


def test_filters(read, shipped):
    feed = read(f"{shipped.url}/v1/timeline.feed?type=aid")
    aid = [row for row in timeline(shipped) if row["type"] == "aid"]
    assert [item["title"] for item in feed["items"]] == [row["title"] for row in aid]


def test_pages_of_a_public_feed(read, serve, shipped):
    """With an address of its own a feed has absolute links, and leads on to older items."""
    public = serve(shipped.timeline, "--public-url", PUBLIC)
    titles, url = [], f"{public.url}/v1/timeline.feed?limit=25"
    while url:
        feed = read(url)
        titles += [item["title"] for item in feed["items"]]
        assert all(item["url"].startswith(f"{PUBLIC}/v1/") for item in feed["items"])
        assert feed["feed_url"].startswith(f"{PUBLIC}/v1/timeline.feed")
        following = feed.get("next_url")
        assert following is None or following.startswith(f"{PUBLIC}/v1/timeline.feed")
        url = following and following.replace(PUBLIC, public.url)
    assert titles == [row["title"] for row in timeline(shipped)]
