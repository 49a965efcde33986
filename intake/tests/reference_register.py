"""A register of people, houses and firms as another authority would run it: it checks signatures and answers by code.

Run it beside a portal on one's own machine (`python -m intake.tests.reference_register 8790 the-key`), set
`LOOKUP_KEY_…` to the key and put 127.0.0.1 into OUTBOUND_HOSTS.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

PEOPLE = {"110101199003070134": {"name": "陈小明", "phone": "13912345678", "community": "北站社区", "religion": "x"}}
WINDOW = 300  # seconds


class Register:
    """A WSGI application: 200 with fields, 404 for an unknown code, 401 for a bad signature."""

    def __init__(self, key: str, records: dict[str, dict] | None = None):
        self.key, self.records = key, PEOPLE if records is None else records
        self.seen: set[str] = set()
        self.asked: list[dict] = []
        self.seconds = 0.0  # how long it takes to answer
        self.answer: tuple[str, bytes] | None = None  # instead of its own

    def __call__(self, environ, start_response):
        """Answer one call."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        time.sleep(self.seconds)
        status, told = self.answer or self._answer(environ, body)
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(told)))])
        return [told]

    def _answer(self, environ, body: bytes) -> tuple[str, bytes]:
        if not self._is_signed(environ, body):
            return "401 Unauthorized", b"{}"
        asked = json.loads(body)
        self.asked.append(asked)
        record = self.records.get(asked["code"])
        if record is None:
            return "404 Not Found", b"{}"
        return "200 OK", json.dumps({"fields": record}, ensure_ascii=False).encode()

    def _is_signed(self, environ, body: bytes) -> bool:
        stamp, once = environ.get("HTTP_X_TIMESTAMP", ""), environ.get("HTTP_IDEMPOTENCY_KEY", "")
        if not stamp.isdecimal() or abs(time.time() - int(stamp)) > WINDOW or not once or once in self.seen:
            return False
        self.seen.add(once)
        query = environ.get("QUERY_STRING", "")
        path = environ["PATH_INFO"] + (f"?{query}" if query else "")
        text = "\n".join((stamp, environ["REQUEST_METHOD"], path, once, hashlib.sha256(body).hexdigest()))
        expected = hmac.new(self.key.encode(), text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, environ.get("HTTP_X_SIGNATURE", ""))


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Say nothing: the lines would hold whom was asked about."""


@contextmanager
def serving(register: Register) -> Iterator[str]:
    """Run the register on a free port; yields its address."""
    server = make_server("127.0.0.1", 0, register, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/lookup?v=1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), Register(sys.argv[2]), handler_class=_Quiet).serve_forever()
