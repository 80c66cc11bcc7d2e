"""/: which of its two forms one gets, and the page as Chromium shows it."""

import base64
import hashlib
import http.client
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

HTML = "text/html; charset=utf-8"
JSON = "application/json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
PATIENCE = 60  # seconds


@pytest.mark.parametrize(
    "accept, content_type",
    [
        (BROWSER, HTML),
        ("text/html", HTML),
        ("text/*", HTML),
        ("application/json;q=0.9, text/html", HTML),
        (None, JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("text/html;q=0.5, application/json", JSON),
        ("text/html, application/json", JSON),
        ("text/html;q=0, */*", JSON),
    ],
)
def test_what_accept_prefers(client, accept, content_type):
    reply = client.get("/", headers={"Accept": accept})
    assert (reply.status, reply.header("Content-Type")) == (200, content_type)
    assert reply.header("Vary") == "Accept, Accept-Encoding"
    if content_type == JSON:
        assert reply.body == client.get("/v1").body
        assert reply.header("Content-Security-Policy") is None


@pytest.fixture(scope="module")
def page(sample):
    return sample.client.get("/", headers={"Accept": "text/html"})


def test_the_two_forms_have_tags_of_their_own(client, page):
    other = client.get("/")
    assert other.header("ETag") != page.header("ETag")
    headers = {"Accept": "text/html", "If-None-Match": page.header("ETag")}
    assert client.get("/", headers=headers).status == 304
    assert client.get("/", headers=headers | {"Accept": JSON}).status == 200


def test_nothing_but_the_page_s_own_may_run(page):
    policy = dict(one.split(" ", 1) for one in page.header("Content-Security-Policy").split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    for element in ("script", "style"):
        text = re.search(rf"<{element}>(.*?)</{element}>", page.body.decode(), re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[f"{element}-src"] == f"'sha256-{digest}'"


def test_links_are_relative_and_lead_somewhere(client, page):
    links = set(re.findall(r'(?:href|action|data-path)="([^"]*)"', page.body.decode()))
    assert len(links) > 20
    for link in links:
        if not link.startswith("data:"):
            assert re.match(r"v1/|openapi\.", link), link
            path = link.replace("&amp;", "&")
            wanted = 400 if "limt=" in path or path == "v1/search" else 200
            assert client.get("/" + path).status == wanted, link


# In a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in [
        "headless=new", "no-sandbox", "disable-gpu", "disable-background-networking",
        "disable-component-update", "disable-dev-shm-usage", "disable-sync", "no-first-run",
        f"user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ]:  # fmt: skip
        options.add_argument("--" + argument)
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_script_timeout(PATIENCE)
    yield driver
    driver.quit()


def show(browser, url, width=1280, scheme="light"):
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    browser.get("about:blank")  # so that nothing of the last page is taken for the next one's
    browser.get_log("browser")
    browser.get(url)
    summary = browser.find_element(By.ID, "summary")
    WebDriverWait(browser, PATIENCE).until(lambda _: summary.is_displayed())


def url_of(client, path="/"):
    return "http://{}:{}".format(*client.address) + path


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_the_dataset(browser, shipped, width, scheme):
    show(browser, url_of(shipped), width, scheme)
    card, summary = shipped.get("/v1").data, shipped.get("/v1/summary").data
    assert browser.find_element(By.TAG_NAME, "h1").text == card["title"]
    for name, count in card["counts"].items():
        tile = browser.find_element(By.CSS_SELECTOR, f"[data-count={name}]")
        assert tile.text.replace(",", "") == str(count)
    series = browser.find_element(By.ID, "series").text
    for one in summary["series"]:
        assert one["name"] in series
        for meeting in [one["latest_held"], *one["planned"]]:
            assert meeting is None or meeting["title"] in series
    totals = browser.find_element(By.ID, "totals")
    for total in summary["totals"]:
        assert f"{total['amount']:,} {total['currency']}" in totals.text
    gaps = browser.find_elements(By.CSS_SELECTOR, "#gaps strong")
    assert [int(gap.text) for gap in gaps] == [one["count"] for one in summary["unknown"]]
    said = browser.find_element(By.ID, "gaps").text
    assert "1 source whose stamped date its own text contradicts" in said
    assert "0 meetings without a date" in said
    assert len(browser.find_elements(By.CSS_SELECTOR, "#conflicts a")) == len(summary["conflicts"])
    groups = browser.find_elements(By.CSS_SELECTOR, "#conflicts code")  # ids stay what they are
    assert [one.text for one in groups] == [one["conflict_group"] for one in summary["conflicts"]]
    assert browser.get_log("browser") == []
    ground = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    dark = sum(map(int, re.findall(r"\d+", ground)[:3])) < 3 * 128
    assert dark == (scheme == "dark")
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width  # nothing hangs out at the side


def reply_shown(browser, ending):
    status = browser.find_element(By.ID, "status")
    WebDriverWait(browser, PATIENCE).until(lambda _: ending in status.text)
    body = browser.find_element(By.ID, "body").get_property("textContent")
    return status.text, body


def test_examples_show_the_real_reply(browser, shipped):
    show(browser, url_of(shipped))
    buttons = browser.find_elements(By.CLASS_NAME, "curl")
    assert len(buttons) > 5
    for button in buttons:
        path = "/" + button.get_attribute("data-path")
        assert f"curl '{url_of(shipped, path)}'" in button.text
        browser.execute_script("arguments[0].click()", button)
        reply = shipped.get(path)
        status, body = reply_shown(browser, f"{path}' → {reply.status} ")
        assert status.endswith(reply.header("Content-Type"))
        text = reply.body.decode()
        assert body == (text if len(text) <= 20000 else text[:20000] + "\n…")


def submit(browser, form, field, text):
    entry = browser.find_element(By.CSS_SELECTOR, f"#{form} [name={field}]")
    entry.clear()
    entry.send_keys(text)
    browser.execute_script(f"document.querySelector('#{form} button').click()")


def test_requests_of_one_s_own(browser, shipped):
    show(browser, url_of(shipped))
    submit(browser, "search", "q", "ramstein air")
    _, body = reply_shown(browser, "/v1/search?q=ramstein%20air' → 200")
    assert body == shipped.get("/v1/search?q=ramstein%20air").body.decode()
    submit(browser, "own", "path", "/v1/sources?limit=1")
    assert reply_shown(browser, "/v1/sources?limit=1' → 200")[1].startswith('{"data":[')
    submit(browser, "own", "path", "https://elsewhere.example/")
    assert reply_shown(browser, "no reply")[1] == ""


def serving(answer):
    """A server of our own that answers GET with (status, headers, body)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answer(self.path, self.headers)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def prefixed(serve, sample):
    """The URL of a proxy that serves what there is under /udcg, as --public-url says."""
    behind = {}

    def answer(path, headers):
        if not path.startswith("/udcg"):
            return 404, [], b""
        connection = http.client.HTTPConnection(*behind["address"], timeout=PATIENCE)
        connection.request("GET", path.removeprefix("/udcg") or "/", headers=dict(headers))
        reply = connection.getresponse()
        body = reply.read()
        kept = [one for one in reply.getheaders() if one[0].lower() != "transfer-encoding"]
        connection.close()
        return reply.status, kept, body

    proxy = serving(answer)
    url = f"http://127.0.0.1:{proxy.server_port}/udcg"
    behind["address"] = serve(sample.path, "--public-url", url).address
    yield url
    proxy.shutdown()
    proxy.server_close()


LINKS = "return [...document.links].map((link) => link.href)"


@pytest.mark.parametrize("slash", ["/", ""])
def test_under_a_prefix(browser, prefixed, slash):
    show(browser, prefixed + slash)
    links = WebDriverWait(browser, PATIENCE).until(
        lambda _: len(found := browser.execute_script(LINKS)) > 20 and found
    )
    assert all(link.startswith(prefixed + "/") for link in links)
    assert any("?counted=true" in link for link in links)  # one of those that the API gave
    button = browser.find_element(By.CLASS_NAME, "curl")
    browser.execute_script("arguments[0].click()", button)
    assert f"curl '{prefixed}/v1/" in reply_shown(browser, "→ 200")[0]
    assert browser.get_log("browser") == []


ASK = """
const [url, tag, done] = arguments;
fetch(url, {headers: tag ? {"If-None-Match": tag} : {}}).then(async (reply) => done({
  status: reply.status,
  text: await reply.text(),
  headers: Object.fromEntries([...reply.headers]),
}), (fault) => done({fault: String(fault)}));
"""


def test_pages_of_other_origins_may_read(browser, shipped):
    """With a validator of their own, and with the headers that are not a browser's to give."""
    page = b"<!DOCTYPE html><link rel=icon href=data:,><title>Elsewhere</title>"
    elsewhere = serving(lambda *_: (200, [("Content-Type", "text/html")], page))
    url = url_of(shipped, "/v1/meetings?limit=2")
    browser.get(f"http://127.0.0.1:{elsewhere.server_port}/")
    assert urlsplit(browser.current_url).port != urlsplit(url).port
    first = browser.execute_async_script(ASK, url, None)
    direct = shipped.get("/v1/meetings?limit=2", headers={"Accept-Encoding": "gzip"})
    assert first["text"] == direct.body.decode()
    for name in ("ETag", "Link", "Dataset-Version"):
        assert first["headers"][name.lower()] == direct.header(name)
    again = browser.execute_async_script(ASK, url, first["headers"]["etag"])
    assert again["status"] == 304
    fault = browser.execute_async_script(ASK, url_of(shipped, "/v1/meetings?limt=2"), None)
    assert fault["status"] == 400
    elsewhere.shutdown()
    elsewhere.server_close()
