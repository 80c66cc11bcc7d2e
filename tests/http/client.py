"""An HTTP/1.1 client that sends what it is told, byte for byte, and holds every reply against the
contract."""

import gzip
import socket
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPResponse
from urllib.parse import quote

import contract


@dataclass
class Reply:
    method: str
    target: str
    status: int
    headers: list = field(repr=False)  # (name, value) pairs as they came
    sent: bytes = field(repr=False)  # the body as it came
    will_close: bool = False

    @cached_property
    def body(self):
        """Without its content coding."""
        if self.header("Content-Encoding") == "gzip" and self.sent:
            return gzip.decompress(self.sent)
        return self.sent

    def header(self, name):
        """The one value of a header, None without; a header that came twice is a fault."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} stands {len(values)} times"
        return values[0] if values else None

    @property
    def media_type(self):
        return (self.header("Content-Type") or "").partition(";")[0].strip()

    @cached_property
    def json(self):
        return contract.parse(self.body)

    @property
    def data(self):
        return self.json["data"]

    @property
    def problem(self):
        return self.json["type"].rpartition("/")[2]

    @property
    def faults(self):
        """parameter -> its entry in a problem's errors"""
        return {error["parameter"]: error for error in self.json["errors"]}


class _Borrowed:
    """Lets HTTPResponse read from a stream that it must not close: the next reply follows."""

    def __init__(self, stream):
        self.stream = stream

    def makefile(self, *_):
        return self

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def close(self):
        pass


class Connection:
    """One TCP connection; requests may be sent ahead of the replies."""

    def __init__(self, address, timeout=20):
        self.socket = socket.create_connection(address, timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def receive(self, method="GET", target=""):
        response = HTTPResponse(_Borrowed(self.stream), method=method)
        response.begin()
        body = response.read()
        return Reply(
            method, target, response.status, response.getheaders(), body, response.will_close
        )

    def at_end(self):
        """True when the server has closed and nothing is left to read."""
        return self.stream.read(1) == b""

    def close(self):
        self.stream.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def target_of(path, params=None):
    """A comma inside a value becomes %2C; those between the values of a list stay."""
    pairs = []
    for name, values in (params or {}).items():
        values = [values] if isinstance(values, (str, int)) else values
        pairs.append(f"{name}={','.join(quote(str(value), safe='') for value in values)}")
    return path + ("?" + "&".join(pairs) if pairs else "")


class Client:
    """Requests one after the other over a connection that is kept."""

    def __init__(self, address, rules):
        self.address = address
        self.rules = rules
        self.connection = None

    def connect(self, **options):
        return Connection(self.address, **options)

    def request(self, method, target, headers=None, body=b""):
        """`target` goes out as it is. A header with the value None is left out."""
        sent = {"Host": "localhost"} | (headers or {})
        if body:
            sent["Content-Length"] = str(len(body))
        lines = [f"{method} {target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in sent.items() if value is not None]
        message = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body
        reply = self._exchange(message, method, target)
        if reply.will_close:
            self.close()
        self.rules.check(reply)
        return reply

    def _exchange(self, message, method, target):
        if self.connection is not None:
            try:
                self.connection.send(message)
                return self.connection.receive(method, target)
            except (ConnectionError, OSError):
                self.close()  # the server may close an idle connection
        self.connection = self.connect()
        self.connection.send(message)
        return self.connection.receive(method, target)

    def get(self, path, params=None, headers=None):
        return self.request("GET", target_of(path, params), headers)

    def raw(self, data, method="GET", target=""):
        """Sends bytes on a connection of their own and gives the first reply, unchecked."""
        with self.connect() as connection:
            connection.send(data)
            return connection.receive(method, target)

    def rows(self, path, params=None):
        """All records of a list, page by page, and the pages' replies."""
        replies = [self.get(path, params)]
        assert replies[0].status == 200, replies[0].body[:500]
        while replies[-1].json["page"]["next"] is not None:
            replies.append(self.get(replies[-1].json["page"]["next"]))
        return [row for reply in replies for row in reply.data], replies

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
