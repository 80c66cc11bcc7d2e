"""A reader of Server-Sent Events, as HTML (9.2.6) reads them."""

from http.client import HTTPResponse

from client import Reply
from process import PATIENCE


class Events:
    """A client of /v1/changes."""

    def __init__(self, client, headers=None, version="1.1"):
        self.connection = client.connect(timeout=PATIENCE)
        lines = [f"{name}: {value}" for name, value in (headers or {}).items()]
        head = [f"GET /v1/changes HTTP/{version}", "Host: localhost", *lines, "", ""]
        self.connection.send("\r\n".join(head).encode())
        self.response = HTTPResponse(self.connection.socket)
        self.response.begin()
        self.reply = Reply(
            "GET", "/v1/changes", self.response.status, self.response.getheaders(), b""
        )
        if self.response.status == 200:
            client.rules.check(self.reply)

    def block(self):
        """The lines up to the next empty one; None where the stream has ended."""
        lines = []
        while (line := self.response.readline()) not in (b"\n", b""):
            lines.append(line.decode().rstrip("\n"))
        return lines if line else None

    def event(self):
        """The fields of the next event; comments do not count."""
        while (lines := self.block()) is not None:
            fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
            if fields:
                return fields
        return None

    def close(self):
        self.response.close()
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
