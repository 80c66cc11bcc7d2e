"""nginx and Varnish in front of a server with --max-age: hits, 304s, and no more work for it."""

import json
import re
import signal
import time
from contextlib import ExitStack

import pytest

from client import Client
from conftest import SHIPPED, Service, Unchecked
from events import Events
from proxies import Nginx, Varnish

PATHS = ["/v1/meetings?limit=5", "/v1/aid/totals", "/v1/claims.csv", "/v1/aid/us-package-500m"]
COUNTER = re.compile(
    r'^udcg_http_requests_total\{route="/v1.*status="(\d+)"\} (\d+)$', re.MULTILINE
)
PATIENCE = 30  # seconds
SOON = 10  # seconds, before the heartbeat
LONG = 3600  # seconds: nothing grows too old while it is looked at


class Pair:
    """A server and a proxy before it."""

    def __init__(self, backend, proxy):
        self.backend = backend
        self.proxy = proxy
        self.client = Client(proxy.address, Unchecked())

    def get(self, path, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers=names)

    def asked(self):
        """How many requests have reached the server, by their status."""
        found = {}
        for status, count in COUNTER.findall(self.backend.client.get("/metrics").body.decode()):
            found[status] = found.get(status, 0) + int(count)
        return found


@pytest.fixture(scope="module", params=[Nginx, Varnish], ids=["nginx", "varnish"])
def behind_of(request, tmp_path_factory):
    """behind_of(service): a proxy before it."""
    return lambda service: request.param([service.address], tmp_path_factory.mktemp("proxy"))


@pytest.fixture(scope="module")
def behind(serve, behind_of):
    """behind(seconds): a server with this --max-age, and the proxy before it."""
    pairs = {}
    with ExitStack() as stack:

        def pair(seconds):
            if seconds not in pairs:
                # Its one loop has counted what it replied to by the time that it tells its counts.
                backend = serve(SHIPPED, "--max-age", seconds, "--workers", 1)
                pairs[seconds] = Pair(backend, stack.enter_context(behind_of(backend)))
            return pairs[seconds]

        yield pair


@pytest.mark.parametrize("path", PATHS)
def test_hit(behind, path):
    pair = behind(LONG)
    first = pair.get(path)
    before = pair.asked()
    again = pair.get(path)
    assert (first.status, again.status) == (200, 200)
    assert (pair.proxy.is_hit(first), pair.proxy.is_hit(again)) == (False, True)
    assert again.header("ETag") == first.header("ETag")
    assert again.body == first.body == pair.backend.client.get(path).body
    assert pair.asked() == before | {"200": before["200"] + 1}  # the last line's own


@pytest.mark.parametrize("path", PATHS)
def test_not_modified(behind, path):
    """The proxy answers a conditional request from what it holds."""
    pair = behind(LONG)
    tag = pair.get(path).header("ETag")
    before = pair.asked()
    same = pair.get(path, If_None_Match=tag)
    other = pair.get(path, If_None_Match='"other"')
    assert (same.status, same.sent, other.status) == (304, b"", 200)
    assert pair.asked() == before


@pytest.mark.parametrize("path", PATHS)
def test_codings(behind, path):
    """Who does not take gzip never gets it, whatever the proxy holds; nothing is fetched twice."""
    pair = behind(LONG)
    pair.get(path, Accept_Encoding="gzip")
    pair.get(path)
    before = pair.asked()
    packed = pair.get(path, Accept_Encoding="gzip")
    plain = pair.get(path)
    assert plain.header("Content-Encoding") is None
    assert packed.body == plain.body
    assert pair.proxy.is_hit(packed) and pair.proxy.is_hit(plain)
    assert pair.asked() == before


def test_media_types_are_kept_apart(behind):
    """Vary: one URL, two representations."""
    pair = behind(LONG)
    found = {}
    for _ in range(2):
        for accepted in ("application/json", "text/csv"):
            reply = pair.get("/v1/sources", Accept=accepted)
            assert reply.media_type == accepted
            found.setdefault(accepted, set()).add(reply.body)
    assert all(len(bodies) == 1 for bodies in found.values())
    assert pair.proxy.is_hit(reply)


def test_problems_are_not_kept(behind):
    pair = behind(LONG)
    for _ in range(2):
        before = pair.asked().get("400", 0)
        reply = pair.get("/v1/meetings?limit=0")
        assert reply.status == 400
        assert not pair.proxy.is_hit(reply)
        assert pair.asked()["400"] == before + 1


def test_events_pass_at_once(rules, behind_of, tmp_path):
    """Those of /v1/changes, through a proxy that keeps what it can."""
    timeline = tmp_path / "timeline.json"
    document = json.loads(SHIPPED.read_text("utf-8"))
    timeline.write_text(json.dumps(document), "utf-8")
    service = Service(rules, timeline)
    with behind_of(service) as proxy, Events(Client(proxy.address, Unchecked())) as events:
        delays = []
        for number in range(4):
            version = events.event()["id"]
            delays.append(time.monotonic() - signalled if number else 0)
            assert version == service.get("/v1")["data"]["version"]
            document["title"] = f"Edition {number}"
            timeline.write_text(json.dumps(document), "utf-8")
            signalled = time.monotonic()
            service.process.process.send_signal(signal.SIGHUP)
    service.stop()
    assert min(delays[1:]) < SOON, delays  # a busy machine may be late once


def test_what_is_stale_is_asked_for_by_its_tag(behind):
    """Past its age the server is asked once more, and answers 304."""
    pair = behind(1)
    first = pair.get(PATHS[0])
    before = pair.asked().get("304", 0)
    until = time.monotonic() + PATIENCE
    while pair.asked().get("304", 0) == before:
        assert time.monotonic() < until, "nobody asked"
        time.sleep(0.3)
        again = pair.get(PATHS[0])
        assert again.status == 200
        assert again.body == first.body
