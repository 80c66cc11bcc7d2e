"""A client that follows what the server answers: pages, and links."""

import http.client
import json
from urllib.parse import urlsplit

from .links import link


class Unexpected(Exception):
    """The envelope of a reply is not what the contract says."""


def must(condition, detail):
    if not condition:
        raise Unexpected(detail)


class Client:
    def __init__(self, url):
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def bytes(self, target):
        """The status and the body as it came; once more where a kept connection was closed."""
        for again in (True, False):
            try:
                self.connection.request("GET", target)
                reply = self.connection.getresponse()
                return reply.status, reply.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection.close()
                if not again:
                    raise

    def get(self, target):
        """The status and the JSON body."""
        status, body = self.bytes(target)
        return status, json.loads(body.decode("utf-8"))

    def walk(self, path, params):
        """The body of the first page with the `data` of all pages, each page checked."""
        target = link(path, params)
        status, body = self.get(target)
        if status != 200 or not isinstance(body.get("data"), list) or "page" not in body:
            return status, body
        data, page = list(body["data"]), body["page"]
        total, limit = page["total"], page["limit"]
        must(limit == int(params.get("limit", ["100"])[0]), f"limit {limit} in {target}")
        pages = 0
        while True:
            must(page["total"] == total, f"total {page['total']} on page {pages} of {target}")
            must(page["count"] == len(body["data"]), f"count {page['count']} of {target}")
            must(page["next"] is None or page["count"] == limit, f"short page of {target}")
            if page["next"] is None:
                break
            must(page["next"].startswith(path + "?"), f"next {page['next']} of {target}")
            pages += 1
            must(len(data) <= total, f"more than {total} rows behind {target}")
            status, body = self.get(page["next"])
            must(status == 200, f"{status} for {page['next']}")
            must(body["data"], f"an empty page: {page['next']}")
            page = body["page"]
            data += body["data"]
        return 200, {**body, "data": data, "page": {**page, "total": total}}
