"""The comparison itself: it is silent about a right server and tells what a wrong one does."""

import csv
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from . import random_timeline
from .api import Api
from .compare import Comparison, differences
from .formats import cell, csv_faults, ndjson_faults
from .links import link, parsed
from .test_random import built


class Server:
    """Answers as the contract says, from the auditor's own rows; `spoil` changes a body."""

    def __init__(self, api, spoil=None):
        self.api = api
        self.spoil = spoil or (lambda path, params, body: body)

    def reply(self, target):
        """The status and the bytes; a suffix names the format of the same rows."""
        path, _, query = target.partition("?")
        stem, _, suffix = path.partition(".")
        if suffix not in ("csv", "ndjson"):
            status, body = self.answer(target)
            return status, json.dumps(body).encode()
        status, body = self.answer(f"{stem}?{query}", limit=1000)
        out = io.StringIO(newline="")
        if suffix == "csv":
            header = list(body["data"][0]) if body["data"] else ["id"]
            writer = csv.writer(out)
            writer.writerow(header)
            writer.writerows([cell(value) for value in row.values()] for row in body["data"])
        else:
            out.writelines(json.dumps(row) + "\n" for row in body["data"])
        return status, out.getvalue().encode()

    def answer(self, target, limit=100):
        path, params = parsed(target)
        limit = int(params.get("limit", [limit])[0])
        start = int(params.pop("cursor", ["0"])[0])
        reply = self.api.expected(path, params)
        status = reply.pop("status")
        if status != 200:
            return status, {"status": status}
        body = json.loads(json.dumps(reply))
        if path == "/v1":
            body["data"] |= {"version": self.api.timeline.version, "links": {}}
        if path == "/v1/search":
            body["data"] = self.api.ranked(params["q"][0], body["data"])
            for rank, row in enumerate(body["data"], 1):
                row |= {"rank": rank, "snippet": ""}
        if "total" in reply:
            total = body.pop("total")
            body["data"] = body["data"][start : start + limit]
            more = start + limit < total
            body["page"] = {
                "total": total,
                "total_is": "exact",
                "count": len(body["data"]),
                "limit": limit,
                "next": link(path, params | {"cursor": [str(start + limit)]}) if more else None,
            }
        body["dataset"] = {"version": self.api.timeline.version, "released": "2026-11-22"}
        return 200, self.spoil(path, params, body)

    def __enter__(self):
        answer = self.reply

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one segment a reply

            def do_GET(self):
                status, data = answer(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def api():
    return Api(built(random_timeline.timeline(4, 120)))


def faulty(api, requests, spoil=None):
    """The first request whose answer is found wrong, and why; or None."""
    with Server(api, spoil) as url:
        comparison = Comparison(api, url, seed=3)
        return next((found for _ in range(requests) if (found := comparison.one())[1]), None)


def test_a_right_server_is_right(api):
    assert faulty(api, 150) is None


def lose_a_row(path, params, body):
    if "page" in body and len(body["data"]) > 2:
        del body["data"][1]
        body["page"]["count"] -= 1
    return body


def swap_rows(path, params, body):
    if "page" in body and path != "/v1/search":
        body["data"].reverse()
    return body


def one_more_dollar(path, params, body):
    for row in body.get("totals", []):
        row["amount"] += 1
    return body


def forget_a_filter(path, params, body):
    if path.endswith("/totals"):
        for row in body["data"]:
            row["figures"] = row["figures"].replace("counted=true&", "")
    return body


def number_as_text(path, params, body):
    if path == "/v1/aid":
        for row in body["data"]:
            row["amount"] = str(row.get("amount"))
    return body


def miscount(path, params, body):
    if "page" in body:
        body["page"]["total"] += 1
    return body


def miss_a_hit(path, params, body):
    if path == "/v1/search" and body["data"]:
        body["data"][-1]["id"] = "another"
    return body


def rank_by_name(path, params, body):
    if path == "/v1/search":
        body["data"].sort(key=lambda row: (row["type"], row["id"]))
        for rank, row in enumerate(body["data"], 1):
            row["rank"] = rank
    return body


SPOILT = [
    lose_a_row, swap_rows, one_more_dollar, forget_a_filter, number_as_text, miscount, miss_a_hit,
    rank_by_name,
]  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_wrong_server_is_found_out(api, spoil):
    assert faulty(api, 600, spoil)


def test_differences_name_the_place():
    assert list(differences({"a": [1, {"b": None}]}, {"a": [1, {"b": 0}]})) == [
        "/a/1/b: 0, expected None"
    ]
    assert list(differences({"a": True}, {"a": 1})) == ["/a: 1, expected True"]
    assert list(differences({"href": "/x?a=1&b=2,3"}, {"href": "/x?b=3,2&a=1"})) == []


ROW = {"id": "a", "titles": ["x;y", "b\\"], "note": None, "count": 3, "negative": False}


def test_csv_cells():
    right = b"id,titles,note,count,negative\r\na,x\\;y;b\\\\,,3,false\r\n"
    assert list(csv_faults(right, [ROW])) == []
    assert list(csv_faults(right[:-2], [ROW]))
    assert list(csv_faults(right.replace(b",3,", b",4,"), [ROW]))
    assert list(csv_faults(right.replace(b"id,titles", b"titles,id"), [ROW]))
    assert list(csv_faults(right, [ROW, ROW]))


def test_ndjson_lines():
    right = json.dumps(ROW).encode() + b"\n"
    assert list(ndjson_faults(right, [ROW])) == []
    assert list(ndjson_faults(right[:-1], [ROW]))
    assert list(ndjson_faults(right * 2, [ROW]))
    assert list(ndjson_faults(json.dumps(ROW, sort_keys=True).encode() + b"\n", [ROW]))
