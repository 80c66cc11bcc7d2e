"""Three replicas behind haproxy, Varnish and nginx as deploy/ sets them up: what becomes of requests
when one of them is stopped, reloaded or killed."""

import json
import re
import signal
import threading
import time
from contextlib import contextmanager

import pytest

from client import Client
from conftest import SHIPPED, Service, Unchecked
from proxies import REPLICAS, Haproxy, Nginx, Varnish

CLIENTS = 4
DRAIN = "3s"  # longer than the proxies' checks take
SETTLE = 0.7  # seconds of load before and after what is done to a replica …
ENOUGH = 60  # … and replies
PATIENCE = 30  # seconds
SERVED = re.compile(r'^udcg_http_requests_total\{route="/v1.*status="200"\} (\d+)$', re.MULTILINE)


class Replicas:
    """Three servers, each with a copy of the timeline."""

    def __init__(self, rules, directory):
        self.files = [directory / f"{number}.json" for number in range(REPLICAS)]
        self.services = []
        for path in self.files:
            path.write_bytes(SHIPPED.read_bytes())
            self.services.append(Service(rules, path, "--drain-delay", DRAIN, "--workers", 1))
        self.versions = {self.services[0].get("/v1")["data"]["version"]}

    @property
    def addresses(self):
        return [service.address for service in self.services]

    def signal(self, number, which):
        self.services[number].process.process.send_signal(which)

    def wait(self, number):
        return self.services[number].process.process.wait(timeout=PATIENCE)

    def change(self, number, title):
        """Reloads a replica with another title; True when it serves that."""
        document = json.loads(SHIPPED.read_text("utf-8"))
        self.files[number].write_text(json.dumps(document | {"title": title}), "utf-8")
        self.signal(number, signal.SIGHUP)
        until = time.monotonic() + PATIENCE
        while (about := self.services[number].get("/v1")["data"])["title"] != title:
            assert time.monotonic() < until, "the replica does not follow"
            time.sleep(0.02)
        self.versions.add(about["version"])

    def served(self):
        """How many good replies each has given."""
        texts = [service.client.get("/metrics").body.decode() for service in self.services]
        return [sum(map(int, SERVED.findall(text))) for text in texts]

    def stop(self):
        """One signal begins the drain, another kind of one cuts it short."""
        for number in range(REPLICAS):
            self.signal(number, signal.SIGINT)
        for service in self.services:
            service.client.close()
            if service.process.process.returncode != -signal.SIGKILL:
                service.process.stop()


class Load:
    """Clients that ask, one request after the other, until told to stop; none may be answered but well."""

    def __init__(self, address):
        self.address = address
        self.replies, self.faults = [], []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._ask, args=[n]) for n in range(CLIENTS)]

    def _ask(self, number):
        client = Client(self.address, Unchecked())
        while not self.over.is_set():
            number += CLIENTS
            # Each target is another one: nothing is answered from a cache.
            target = f"/v1/claims?limit={number % 997 + 1}"
            try:
                reply = client.get(target)
            except Exception as fault:  # noqa: BLE001: whatever goes wrong is what is looked for
                self.faults.append(f"{target}: {fault!r}")
                client = Client(self.address, Unchecked())
                continue
            if reply.status == 200:
                self.replies.append(reply.json["dataset"]["version"])
            else:
                self.faults.append(f"{target}: {reply.status} {reply.body[:200]}")
        client.close()

    def settle(self):
        """So long, and until some more were answered."""
        wanted, until = len(self.replies) + ENOUGH, time.monotonic() + PATIENCE
        time.sleep(SETTLE)
        while len(self.replies) < wanted and not self.faults and time.monotonic() < until:
            time.sleep(0.01)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.settle()
        return self

    def __exit__(self, *_):
        self.settle()
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=PATIENCE)


@pytest.fixture(params=[Haproxy, Nginx, Varnish])
def cluster(request, rules, tmp_path):
    replicas = Replicas(rules, tmp_path)
    try:
        with request.param(replicas.addresses, tmp_path) as proxy:
            wait_for_all(replicas, proxy)
            yield replicas, proxy
    finally:
        replicas.stop()


def wait_for_all(replicas, proxy):
    """Until the proxy sends requests to each replica."""
    client = Client(proxy.address, Unchecked())
    before = replicas.served()
    until = time.monotonic() + PATIENCE
    number = 0
    while any(after <= once for after, once in zip(replicas.served(), before)):
        assert time.monotonic() < until, "a replica gets no request"
        client.get(f"/v1/sources?limit={(number := number + 1)}")
    client.close()


def assert_nothing_lost(load, replicas):
    assert load.faults == []
    assert len(load.replies) > 100
    assert set(load.replies) <= replicas.versions


def test_stopped(cluster):
    """SIGTERM: the proxy learns of it, or asks another one; the replica ends well."""
    replicas, proxy = cluster
    with Load(proxy.address) as load:
        replicas.signal(0, signal.SIGTERM)
        assert replicas.wait(0) == 0
    assert_nothing_lost(load, replicas)


def test_reloaded(cluster):
    """SIGHUP with another timeline, one replica after the other."""
    replicas, proxy = cluster
    with Load(proxy.address) as load:
        for number in range(REPLICAS):
            replicas.change(number, "Changed")
    assert_nothing_lost(load, replicas)
    assert set(load.replies) == replicas.versions
    assert len(replicas.versions) == 2


def test_killed(cluster):
    """What was under way on it is asked again of another one."""
    replicas, proxy = cluster
    with Load(proxy.address) as load:
        replicas.signal(0, signal.SIGKILL)
        replicas.wait(0)
        load.settle()
        replicas.signal(1, signal.SIGKILL)
        replicas.wait(1)
    assert_nothing_lost(load, replicas)


@contextmanager
def spread(replicas):
    """What happens within reaches more than one replica."""
    before = replicas.served()
    yield
    after = replicas.served()
    assert sum(later > earlier for earlier, later in zip(before, after)) > 1


def test_cursors_cross_replicas(cluster):
    replicas, proxy = cluster
    client = Client(proxy.address, Unchecked())
    seen, target = [], "/v1/claims?limit=2&sort=-date&fields=id"
    with spread(replicas):
        while target:
            page = client.get(target).json
            seen += [record["id"] for record in page["data"]]
            target = page["page"]["next"]
    client.close()
    whole = replicas.services[0].get("/v1/claims?limit=1000&sort=-date&fields=id")["data"]
    assert seen == [record["id"] for record in whole]
    assert len(seen) > 20


@pytest.mark.parametrize("cluster", [Haproxy], indirect=True)
def test_tags_cross_replicas(cluster):
    """What one replica gave, each takes as still good. The others answer for themselves."""
    replicas, proxy = cluster
    tag = replicas.services[0].client.get("/v1/aid").header("ETag")
    client = Client(proxy.address, Unchecked())
    asked = [client.get("/v1/aid", headers={"If-None-Match": tag}).status for _ in range(12)]
    assert set(asked) == {304}
    client.close()


def test_operators_paths_are_not_public(cluster):
    _, proxy = cluster
    client = Client(proxy.address, Unchecked())
    for path in ("/livez", "/readyz", "/metrics", "/metrics?x=1", "/%6detrics",
                 "http://a/metrics", "HTTPS://a/metrics"):
        assert client.get(path).status in ((400, 404) if ":" in path else (404,)), path
    client.close()
