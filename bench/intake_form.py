"""Creating cases beside 1,000,000 others: through the agent's form and through the channel API, with their dispatch.

Web server and worker as `make run` starts them, eight senders at once. Also what the web workers hold in memory after
they served the desk (suggestions, gazetteer, articles) and all those requests.
"""

from __future__ import annotations

import re
import uuid
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from grid.choices import Level, UnitKind
from grid.models import Area, Role, Unit
from grid.services import NewStaff, create_staff, grant_role
from intake import services as intake
from intake.models import Channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher import prepare

from . import intake_create, loader, stack
from .cases import bodies
from .context import Context
from .generate import generate
from .intake_create import Measured, Watch
from .report import LOWER, Result, median_of

CASES = 1_000_000
RUNS, THREADS = 3, 8
PASSWORD = "bench-2026-only"  # noqa: S105 - of an account in a database that is dropped at the end
COOKIES = "csrftoken"


def run(ctx: Context) -> list[Result]:
    """Generate, then measure both doors."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    ctx.say("generating")
    generate(ctx.size(CASES, 20_000))
    communities = Area.objects.filter(level=Level.COMMUNITY, is_active=True)
    areas = list(communities.order_by("code").values_list("code", flat=True))
    results = []
    with stack.running(ctx.env, ctx.folder) as portal:
        desk = Desk(portal.url)
        desk.suggest(areas)
        for name, send in (("agent form", desk.send), ("channel API", Api(portal.url).send)):
            send(bodies(ctx.size(200, 20), areas, seed=1))
            runs = []
            for number in range(ctx.size(RUNS, 1)):
                ctx.say(f"{name}, run {number + 1}")
                runs.append(send(bodies(ctx.size(2000, 60), areas, seed=70 + number)))
            results += _told(name, runs)
        results.append(Result("memory of a web worker, the largest", _largest_worker(portal), "MB", 300, LOWER))
    return results


class Api:
    """The channel API."""

    def __init__(self, url: str):
        channel = Channel.objects.get(code="wechat")
        _, key = intake.create_channel_token(channel.pk, by=Actor.system("bench"), now=timezone.now())
        self.url, self.headers = url + intake_create.PATH, {"Authorization": f"Token {key}"}

    def send(self, requests: list[dict]) -> Measured:
        """Send the requests and wait until all are dispatched."""
        return _measure(self.url, requests, self.headers, status=201)


class Desk:
    """An agent's browser: session, token against forged forms, the form itself."""

    def __init__(self, url: str):
        self.address = f"{url}/intake/register/"
        self.session = _signed_in()
        with urlopen(Request(self.address, headers={"Cookie": f"sessionid={self.session}"})) as page:  # noqa: S310
            self.token = SimpleCookie(page.headers["Set-Cookie"])[COOKIES].value
            self.form_token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]

    @property
    def headers(self) -> dict[str, str]:
        """Return what the browser sends with a form."""
        return {
            "Cookie": f"sessionid={self.session}; {COOKIES}={self.token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }

    def send(self, requests: list[dict]) -> Measured:
        """Send the form for each request and wait until all are dispatched."""
        return _measure(self.address, [self._form(given) for given in requests], self.headers, status=201)

    def suggest(self, areas: list[str]) -> None:
        """Ask for suggestions: a worker answers when it has built what it needs for them, beside its first seconds."""
        texts = [urlencode({"csrfmiddlewaretoken": self.form_token, **given}) for given in bodies(60, areas, seed=5)]
        shots = loader.fire(f"{self.address}assist/", texts, headers=self.headers, threads=THREADS, seconds=60)
        if set(shots.statuses) != {200}:
            raise RuntimeError(f"assist: {set(shots.statuses)}")

    def _form(self, given: dict) -> str:
        chosen = {"channel": "hotline", "urgency": "normal", "reply_way": "phone", "key": uuid.uuid4().hex}
        return urlencode({"csrfmiddlewaretoken": self.form_token, **chosen, **given})


def _measure(url: str, requests: list, headers: dict[str, str], *, status: int) -> Measured:
    watch, before = Watch(), intake_create.last_case()
    watch.start()
    try:
        shots = loader.fire(url, requests, headers=headers, threads=THREADS, seconds=90)
        if shots.of_status(status) != len(requests):
            raise RuntimeError(f"{len(requests)} sent: {set(shots.statuses)}")
        watch.wait_for(len(requests))
    finally:
        watch.stop()
    if len(watch.seen_at) < len(requests):
        raise RuntimeError(f"{len(watch.seen_at)} of {len(requests)} dispatched")
    return intake_create.measured(shots, watch, before)


def _told(name: str, runs: list[Measured]) -> list[Result]:
    return [
        median_of(f"{name}: created and dispatched", [one.rate for one in runs], "cases/s", 150),
        median_of(f"{name}: request p50", [one.p50 for one in runs], "ms", None, LOWER),
        median_of(f"{name}: request p95", [one.p95 for one in runs], "ms", 80, LOWER),
        median_of(f"{name}: accepted to work order p95", [one.dispatch_p95 for one in runs], "s", None, LOWER),
    ]


def _signed_in() -> str:
    """Return the session of a new agent of the city's centre."""
    by, now = Actor.system("bench"), timezone.now()
    centre = Unit.objects.get(kind=UnitKind.CENTRE, level=Level.CITY)
    data = NewStaff(username="bench-agent", password=PASSWORD, last_name="坐", first_name="席", unit_id=centre.pk)
    person = create_staff(data, by=by, now=now)
    grant_role(person.pk, Role.objects.get(code="agent").pk, centre.pk, by=by, now=now)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "grid.backends.StaffBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


def _largest_worker(portal: stack.Stack) -> float:
    """Return the resident memory of the web server's largest process, in MB."""
    web = portal.child("web").process
    assert web is not None
    sizes = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:  # ended in this moment
            continue
        if facts.get("PPid", "").strip() == str(web.pid) and "VmRSS" in facts:
            sizes.append(int(facts["VmRSS"].split()[0]) / 1024)
    return round(max(sizes), 1)
