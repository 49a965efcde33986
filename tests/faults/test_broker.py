"""Cases are accepted while the broker is gone, and dispatched by the sweep."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from bench.stack import running

pytestmark = pytest.mark.slow
PATIENCE = 8  # seconds a channel waits for an answer; far more than a request takes
CASES = 5


@pytest.fixture
def broker(request):
    """Yield the address of a broker that refuses connections, or of one that takes them and never says a word."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        if request.param == "silent":
            door.listen()
        yield f"amqp://portal@127.0.0.1:{door.getsockname()[1]}/"


def send(url: str, path: str, key: str, headers: dict, body: dict) -> int:
    """Post one case and return the status."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)) as connection:
        connection.request("POST", path, json.dumps(body).encode(), headers | {"Idempotency-Key": key})
        with connection.getresponse() as answer:
            return answer.status


@pytest.mark.parametrize("broker", ["refusing", "silent"], indirect=True)
def test_cases_are_accepted_without_a_broker_and_dispatched_by_the_sweep(city, broker, request, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(city.folder))  # where the launcher's functions write
    name = request.node.callspec.id
    last = city.one("SELECT coalesce(max(id), 0) FROM intake_case")
    with running(city.env | {"BROKER_URL": broker}, city.folder, names=[]) as stack:
        answers = [
            send(stack.url, "/api/v1/cases", f"{name}-{number}", city.headers, city.body(1000 + number))
            for number in range(CASES)
        ]
    mine = "SELECT state, count(*) FROM intake_case WHERE id > %s GROUP BY state"
    assert answers == [201] * CASES
    assert city.rows(mine, last) == [("awaiting_dispatch", CASES)]

    city.run("-c", "import django; django.setup(); from dispatch.tasks import pick_up; pick_up()")

    assert city.rows(mine, last) == [("in_handling", CASES)]
