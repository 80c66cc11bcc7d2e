"""Caches in front of a server: nginx (proxy_cache) and Varnish, each with its usual set-up."""

import signal
import socket
import subprocess
import time

PATIENCE = 60  # seconds

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
    proxy_cache_path {directory}/cache keys_zone=replies:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://{backend};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_cache replies;
            proxy_cache_revalidate on;
            add_header X-Cache-Status $upstream_cache_status always;
        }}
    }}
}}
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Proxy:
    """Runs between `with` and its end; `address` is where it listens."""

    def __init__(self, backend, directory):
        self.port = free_port()
        self.address = ("127.0.0.1", self.port)
        self.process = subprocess.Popen(
            self.command(backend, directory), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def command(self, backend, directory):
        raise NotImplementedError

    def __enter__(self):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(self.address, timeout=1).close()
                return self
            except OSError:
                ended = self.process.poll() is not None
                assert not ended, self.process.stderr.read().decode()
                assert time.monotonic() < until, "the proxy does not listen"
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=PATIENCE)


class Nginx(Proxy):
    def command(self, backend, directory):
        path = directory / "nginx.conf"
        path.write_text(NGINX.format(backend=backend, directory=directory, port=self.port))
        return ["nginx", "-c", path, "-e", "stderr"]

    @staticmethod
    def is_hit(reply):
        return reply.header("X-Cache-Status") == "HIT"


class Varnish(Proxy):
    def command(self, backend, directory):
        return [
            "varnishd", "-F", "-j", "none", "-n", directory, "-T", "none",
            "-a", f"127.0.0.1:{self.port}", "-b", backend, "-s", "malloc,16m",
        ]  # fmt: skip

    @staticmethod
    def is_hit(reply):
        """A hit names the request that brought the object, too."""
        return len(reply.header("X-Varnish").split()) == 2
