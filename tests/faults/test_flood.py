"""A channel sends fifty calls a second over its quota; agents are served meanwhile, and nothing of it is lost."""

from __future__ import annotations

import http.client
import json
import threading
import time
from urllib.parse import urlsplit

import pytest

from bench.stack import running

pytestmark = pytest.mark.slow
QUOTA, A_SECOND, SECONDS, SENDERS = 20, 50, 8, 5
SESSION = "sessionid"


def ask(address: str, method: str, path: str, headers: dict, body: str = "") -> tuple[int, dict]:
    """Send one request and return its status and headers."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request(method, path, body.encode(), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders())
    finally:
        connection.close()


def flood(city, url: str, until: float, answers: list, sender: int) -> None:
    """Send the sender's share until the time is over, without waiting for a refusal to end."""
    number = 0
    while (begun := time.monotonic()) < until:
        number += 1
        key = f"flood-{sender}-{number}"
        answers.append(
            ask(
                url,
                "POST",
                "/api/v1/cases",
                city.headers | {"Idempotency-Key": key},
                json.dumps(city.body(sender * 10_000 + number)),
            )
        )
        time.sleep(max(0.0, SENDERS / A_SECOND - (time.monotonic() - begun)))


def test_a_channel_over_its_quota_is_told_so_and_agents_are_served(city, launcher_folder):
    city.run("manage.py", "shell", "-c", f"""
from intake.models import Channel, ChannelUsage
Channel.objects.filter(code="wechat").update(quota={QUOTA})
ChannelUsage.objects.all().delete()  # other tests called in this minute
""")  # fmt: skip
    last = city.one("SELECT coalesce(max(id), 0) FROM intake_case")
    answers: list[tuple[int, dict]] = []
    agents: list[int] = []
    try:
        with running(city.env, city.folder, names=()) as stack:
            until = time.monotonic() + SECONDS
            senders = [
                threading.Thread(target=flood, args=(city, stack.url, until, answers, sender))
                for sender in range(SENDERS)
            ]
            for thread in senders:
                thread.start()
            cookie = {"Cookie": f"{SESSION}={city.sessions['agent']}"}
            while time.monotonic() < until:
                agents.append(ask(stack.url, "GET", "/intake/register/", cookie)[0])
            for thread in senders:
                thread.join()
    finally:
        city.run("manage.py", "shell", "-c", """
from intake.models import Channel
Channel.objects.filter(code="wechat").update(quota=None)
""")  # fmt: skip
    accepted = [status for status, _headers in answers if status == 201]
    refused = [headers for status, headers in answers if status == 429]
    print(f"{len(accepted)} accepted, {len(refused)} refused, {len(agents)} pages for agents")
    assert len(accepted) + len(refused) == len(answers)
    assert refused
    assert all(0 < int(headers["Retry-After"]) <= 60 for headers in refused)
    assert 0 < len(accepted) <= 2 * QUOTA  # the eight seconds may lie in two minutes
    assert city.one("SELECT count(*) FROM intake_case WHERE id > %s", last) == len(accepted)
    assert agents
    assert set(agents) == {200}
