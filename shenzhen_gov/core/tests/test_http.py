"""Calls to other systems reach only where they may, and always end."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shenzhen_gov.core import http
from shenzhen_gov.core.exceptions import BadInput


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answers = {"/echo": (200, body), "/broken": (500, b"<h1>oh</h1>"), "/long": (200, b"x" * 400_000)}
        if self.path == "/slow":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n")
            with suppress(OSError):
                for _ in range(100):
                    time.sleep(0.05)
                    self.wfile.write(b"X-Drip: 1\r\n")
            return
        status, text = answers.get(self.path, (302, b""))
        self.send_response(status)
        self.send_header("Location", "/echo")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(settings):
    settings.OUTBOUND_HOSTS = ["127.0.0.0/8"]
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_a_message_is_posted_and_its_answer_read(server):
    answer = http.post_json(f"{server}/echo", {"文": 1})
    assert (answer.status, answer.is_ok, answer.json()) == (200, True, {"文": 1})


def test_what_is_no_json_object_reads_as_an_empty_one(server):
    answer = http.post_json(f"{server}/broken", {})
    assert (answer.status, answer.is_ok, answer.json()) == (500, False, {})


def test_bytes_are_sent_as_they_are_for_they_were_signed(server):
    assert http.post_json(f"{server}/echo", b'{"a":  1}').body == b'{"a":  1}'


def test_an_answer_ends_at_the_limit(server):
    assert len(http.post_json(f"{server}/long", {}).body) == http.ANSWER_LIMIT


def test_a_redirect_is_not_followed(server):
    assert http.post_json(f"{server}/elsewhere", {}).status == 302


def test_an_answer_that_drips_is_cut_off(server):
    with pytest.raises(http.CallFailed):
        http.post_json(f"{server}/slow", {}, timeout=0.3)


def test_nobody_there_is_a_named_failure(settings):
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    with pytest.raises(http.CallFailed):
        http.post_json("http://127.0.0.1:1/", {})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://example.org/",
        "https://user:secret@example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "https://host\r\nX: 1/",
        "https://[/",
        "https://host:99999/",
    ],
)
def test_an_address_that_must_not_be_called_is_refused(settings, url):
    settings.OUTBOUND_HOSTS = []
    with pytest.raises(BadInput) as refusal:
        http.post_json(url, json.dumps({}).encode())
    assert refusal.value.field == "url"


def test_a_header_that_would_make_two_is_refused(server):
    with pytest.raises(http.CallFailed):
        http.post_json(f"{server}/echo", {}, {"X-Sender": "a\r\nX-Other: b"})
