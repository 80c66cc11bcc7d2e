"""Proxies in front of replicas, set up by the very files of deploy/: only addresses are replaced."""

import re
import signal
import socket
import subprocess
import time

from contract import ROOT

PATIENCE = 60  # seconds
DEPLOY = ROOT / "deploy"
REPLICAS = 3  # that the files name

NGINX = """
daemon off;
user root;
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    fastcgi_temp_path {directory}/fastcgi;
    proxy_temp_path {directory}/proxy;
    scgi_temp_path {directory}/scgi;
    uwsgi_temp_path {directory}/uwsgi;
    include {directory}/udcg.conf;
}}
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def replaced(text, *pairs):
    """Each pattern has to be there: a file that changed its form is not to be tested by halves."""
    for pattern, replacement in pairs:
        text, found = re.subn(pattern, replacement, text)
        assert found, pattern
    return text


class Proxy:
    """Runs between `with` and its end; `address` is where it listens."""

    def __init__(self, backends, directory):
        """`backends`: one "HOST:PORT" a replica; the last stands for those that lack."""
        self.backends = [*backends, *[backends[-1]] * (REPLICAS - len(backends))]
        self.directory = directory
        self._start()

    def _start(self):
        self.port = free_port()
        self.address = ("127.0.0.1", self.port)
        self.process = subprocess.Popen(
            self.command(self.directory), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def command(self, directory):
        raise NotImplementedError

    def at_backends(self, text, form):
        """`form`: how the file writes the address of replica NUMBER."""
        return replaced(
            text,
            *((form.format(host=f"udcg-{number}", port=8080),
               form.replace("\\", "").format(host=host, port=port))
              for number, (host, port) in enumerate((b.split(":") for b in self.backends), 1)),
        )  # fmt: skip

    def __enter__(self):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(self.address, timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    said = self.process.communicate()[1].decode()
                    # Somebody else may have got the port meanwhile.
                    assert "in use" in said, said
                    self._start()
                assert time.monotonic() < until, "the proxy does not listen"
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=PATIENCE)


class Nginx(Proxy):
    def command(self, directory):
        text = self.at_backends((DEPLOY / "nginx.conf").read_text("utf-8"), "{host}:{port}")
        text = replaced(
            text,
            (r"listen 80;", f"listen 127.0.0.1:{self.port};"),
            (r"/var/cache/nginx/", f"{directory}/"),
        )
        (directory / "udcg.conf").write_text(text, "utf-8")
        path = directory / "nginx.conf"
        path.write_text(NGINX.format(directory=directory), "utf-8")
        return ["nginx", "-c", path, "-e", "stderr"]

    @staticmethod
    def is_hit(reply):
        return reply.header("X-Cache-Status") == "HIT"


class Varnish(Proxy):
    def command(self, directory):
        text = self.at_backends(
            (DEPLOY / "varnish.vcl").read_text("utf-8"), '\\.host = "{host}"; \\.port = "{port}";'
        )
        path = directory / "udcg.vcl"
        path.write_text(text, "utf-8")
        return [
            "varnishd", "-F", "-j", "none", "-n", directory / "varnish", "-T", "none",
            "-a", f"127.0.0.1:{self.port}", "-f", path, "-s", "malloc,16m",
        ]  # fmt: skip

    @staticmethod
    def is_hit(reply):
        """A hit names the request that brought the object, too."""
        return len(reply.header("X-Varnish").split()) == 2


class Haproxy(Proxy):
    def command(self, directory):
        text = self.at_backends((DEPLOY / "haproxy.cfg").read_text("utf-8"), "{host}:{port}")
        text = replaced(text, (r"bind :8080", f"bind 127.0.0.1:{self.port}"))
        path = directory / "haproxy.cfg"
        path.write_text(text, "utf-8")
        return ["haproxy", "-db", "-f", path]
