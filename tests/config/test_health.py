"""The health check asks a real server as docker compose would."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server():
    """Answers 200 to the host it knows, 400 to any other, as Django does."""

    class Handler(BaseHTTPRequestHandler):
        known = "jc.example.org"

        def do_GET(self):
            well = self.path == "/health/" and self.headers["Host"] == self.known
            self.send_response(200 if well else 400)
            self.end_headers()

        def log_message(self, *_):
            """Nothing to say."""

    with HTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving
        serving.shutdown()


def check(port: int, allowed_hosts: str) -> int:
    return subprocess.run(
        [sys.executable, "scripts/health.py"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": str(port), "ALLOWED_HOSTS": allowed_hosts},
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


@pytest.mark.parametrize("allowed", ["jc.example.org", "jc.example.org,other.example.org", ".jc.example.org"])
def test_it_names_a_host_that_is_let_in(server, allowed):
    assert check(server.server_port, allowed) == 0


@pytest.mark.parametrize("allowed", ["*", "", "other.example.org"])
def test_a_refusal_is_not_well(server, allowed):
    assert check(server.server_port, allowed) == 1


def test_where_every_host_is_let_in_the_local_name_is_asked_for(server):
    server.RequestHandlerClass.known = "localhost"
    assert check(server.server_port, "*") == 0


def test_no_answer_is_not_well(server):
    port = server.server_port
    server.shutdown()
    server.server_close()
    assert check(port, "jc.example.org") == 1
