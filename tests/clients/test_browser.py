"""A browser reads the API from a page of another origin, and shows our own pages."""

import http.server
import json
import signal
import threading
import time

import pytest
from selenium.webdriver.common.by import By

from browser import awaited, browser, console, show, wait
from conftest import SHIPPED, Service
from contract import ROOT

NOTEBOOK = ROOT / "docs" / "examples" / "notebook.html"
EXPOSED = {
    "ETag", "Link", "Dataset-Version", "X-Request-Id", "Retry-After", "Server-Timing",
    "Content-Disposition",
}  # fmt: skip
DEVICES = [(1280, 900), (360, 780)]
SCHEMES = ["light", "dark"]


class Blank(http.server.BaseHTTPRequestHandler):
    """Somebody's page."""

    def do_GET(self):
        page = b"<!DOCTYPE html><title>elsewhere</title><link rel=icon href=data:,>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def driver():
    with browser() as started:
        yield started


@pytest.fixture
def elsewhere(driver):
    """The browser on a page of another origin."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Blank) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        driver.get(f"http://127.0.0.1:{server.server_port}/")
        console(driver)
        yield driver
        server.shutdown()


def test_conditional_request(elsewhere, shipped):
    """If-None-Match makes the browser ask by OPTIONS first, and hands the 304 to the script."""
    found = awaited(elsewhere, """
        const first = await fetch(args[0]);
        const etag = first.headers.get("ETag");
        const count = (await first.json()).data.length;
        const again = await fetch(args[0], {headers: {"If-None-Match": etag}});
        const other = await fetch(args[0], {headers: {"If-None-Match": '"other"'}});
        return {count, status: first.status, again: again.status, body: await again.text(),
                etag, same: again.headers.get("ETag") === etag, other: other.status};
    """, f"{shipped.url}/v1/meetings")  # fmt: skip
    expected = shipped.client.get("/v1/meetings", headers={"Accept-Encoding": "gzip"})
    assert found == {
        "count": len(expected.data), "status": 200, "again": 304, "body": "",
        "etag": expected.header("ETag"), "same": True, "other": 200,
    }  # fmt: skip
    assert console(elsewhere) == []


def test_exposed_headers(elsewhere, shipped):
    found = awaited(elsewhere, """
        const list = await fetch(args[0] + "/v1/meetings?limit=2");
        const wrong = await fetch(args[0] + "/v1/meetings?limt=2");
        return {list: Object.fromEntries(list.headers), wrong: Object.fromEntries(wrong.headers),
                status: wrong.status, problem: await wrong.json()};
    """, shipped.url)  # fmt: skip
    readable = {name.lower() for name in EXPOSED}
    assert {"etag", "link", "dataset-version"} <= set(found["list"])
    assert set(found["list"]) - readable <= {"cache-control", "content-type", "content-length"}
    assert found["list"]["dataset-version"] == shipped.get("/v1")["data"]["version"]
    assert found["status"] == 400
    assert found["wrong"]["x-request-id"]
    assert found["problem"]["errors"][0]["suggestion"] == "limit"


def test_every_kind_of_reply_can_be_read(elsewhere, shipped):
    """CSV, what is not there, wrong methods: CORS covers them all."""
    found = awaited(elsewhere, """
        const ask = async (path, method = "GET") => (await fetch(args[0] + path, {method})).status;
        return [await ask("/v1/aid.csv"), await ask("/v1/export.json"), await ask("/nowhere"),
                await ask("/v1/aid", "HEAD"), await ask("/v1/aid", "DELETE").catch(() => 0),
                await ask("/openapi.yaml"), await ask("/readyz")];
    """, shipped.url)  # fmt: skip
    # A browser does not even send what the preflight does not allow.
    assert found == [200, 200, 404, 200, 0, 200, 200]


def test_timings_are_open(elsewhere, shipped):
    found = awaited(elsewhere, """
        await (await fetch(args[0])).text();
        const [entry] = performance.getEntriesByName(args[0]);
        return {start: entry.responseStart, size: entry.encodedBodySize};
    """, f"{shipped.url}/v1/participants")  # fmt: skip
    assert found["start"] > 0
    assert found["size"] > 0


def test_event_source(elsewhere, rules, tmp_path):
    """A page hears which dataset there is, and of a reload at once."""
    document = json.loads(SHIPPED.read_text("utf-8"))
    timeline = tmp_path / "timeline.json"
    timeline.write_text(json.dumps(document), "utf-8")
    service = Service(rules, timeline)
    elsewhere.execute_script("""
        window.heard = [];
        window.source = new EventSource(arguments[0]);
        source.addEventListener("dataset", ({data, lastEventId}) => {
            heard.push({data, lastEventId, at: Date.now()});
        });
    """, f"{service.url}/v1/changes")  # fmt: skip
    delays = []
    try:
        for number in range(4):
            wait(elsewhere, f"heard.length === {number + 1}")
            event = elsewhere.execute_script("return heard[heard.length - 1]")
            version = service.get("/v1")["data"]["version"]
            assert event["lastEventId"] == version
            assert version in event["data"]
            if number > 0:
                delays.append(event["at"] - 1000 * signalled)
            document["title"] = f"Edition {number}"
            timeline.write_text(json.dumps(document), "utf-8")
            signalled = time.time()
            service.process.process.send_signal(signal.SIGHUP)
    finally:
        elsewhere.execute_script("source.close()")
        service.stop()
    assert min(delays) < 10_000, delays  # before the heartbeat; a busy machine may be late once
    assert console(elsewhere) == []


def test_notebook(driver, shipped):
    """docs/examples/notebook.html, as a file that somebody opens."""
    console(driver)
    driver.get(f"{NOTEBOOK.as_uri()}?api={shipped.url}")
    wait(driver, "document.body.dataset.done !== undefined")
    assert console(driver) == []
    cells = driver.find_elements(By.TAG_NAME, "section")
    assert [cell.get_attribute("data-done") for cell in cells] == [""] * 4
    meetings, aid = driver.find_elements(By.TAG_NAME, "svg")
    marks = [len(one.find_elements(By.CSS_SELECTOR, "rect.mark")) for one in (meetings, aid)]
    assert marks == [
        shipped.get("/v1/meetings?undated=false")["page"]["total"],
        len(shipped.get("/v1/aid/totals?kind=package,remaining")["data"]),
    ]
    rows = driver.find_elements(By.CSS_SELECTOR, "tr:has(td)")
    assert len(rows) == shipped.get("/v1/claims?conflicting=true")["page"]["total"]


def test_notebook_tells_an_error(driver, shipped):
    driver.get(f"{NOTEBOOK.as_uri()}?api={shipped.url}/v2")
    wait(driver, "document.body.dataset.done !== undefined")
    errors = driver.find_elements(By.CLASS_NAME, "error")
    assert len(errors) == 4
    assert all(error.text for error in errors)
    console(driver)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", DEVICES, ids=lambda size: f"{size[0]}px")
def test_start_page(driver, shipped, size, scheme):
    """Nothing in its console, no scrolling sideways, light on dark where that is wished."""
    show(driver, *size, scheme)
    console(driver)
    driver.get(f"{shipped.url}/")
    card = shipped.get("/v1")["data"]
    for shown in (card["title"], card["released"], card["version"][:12]):
        wait(driver, f"document.body.innerText.includes({json.dumps(shown)})")
    assert console(driver) == []
    wide, text, ground = driver.execute_script("""
        const light = (color) => color.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
        const style = getComputedStyle(document.body);
        const ground = [document.body, document.documentElement]
            .map((one) => getComputedStyle(one).backgroundColor)
            .find((color) => !/, 0\\)$/.test(color));
        return [document.documentElement.scrollWidth, light(style.color), light(ground ?? "")];
    """)
    assert wide <= size[0]
    assert (text < ground) == (scheme == "light")


def test_start_page_leads_on(driver, shipped):
    """Every link of the page answers."""
    driver.get(f"{shipped.url}/")
    links = {one.get_attribute("href") for one in driver.find_elements(By.CSS_SELECTOR, "a[href]")}
    own = [link.removeprefix(shipped.url) for link in links if link.startswith(shipped.url)]
    assert own
    for path in own:
        assert shipped.client.get(path.partition("#")[0]).status == 200, path
