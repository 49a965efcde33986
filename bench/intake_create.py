"""From a request over HTTP to a work order at a unit: web server and worker as `make run` starts them.

One run sends cases through the channel API and counts until the last of them has its work order. Beside it, on the same
server settings: a plain Django view that inserts four rows and knows no rule.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dispatch import services as dispatch
from dispatch.models import WorkOrder
from grid.choices import Level
from grid.models import Area
from intake import services as intake
from intake.models import Case, Channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher import prepare
from shenzhen_gov.launcher.paths import ROOT

from . import databases, loader, stack
from .cases import bodies
from .context import Context
from .report import LOWER, Result, median_of, percentile

PATH = "/api/v1/cases"
RUNS = 3
DISPATCH_PATIENCE = 60.0
LATE = 300  # work orders whose ids were drawn earlier may be committed later
NEW = "SELECT id, case_id FROM dispatch_workorder WHERE id > %s AND id <> ALL(%s) ORDER BY id"


@dataclass
class Watch:
    """Looks which work orders are there, 20 times a second, and notes when each was first seen.

    It asks for what it has not seen only: reading the same rows again took a twentieth of the machine it measures.
    """

    seen_at: dict[int, float] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)  # work orders, of the last ones
    done: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Look until told to stop."""
        self.first = self.last = WorkOrder.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def wait_for(self, count: int) -> None:
        """Return when `count` work orders were seen, or when patience ends."""
        until = time.monotonic() + DISPATCH_PATIENCE
        while len(self.seen_at) < count and time.monotonic() < until:
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop looking."""
        self.done.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.done.wait(0.05):
            near = max(self.first, self.last - LATE)
            self.seen = {pk for pk in self.seen if pk > near}
            with connection.cursor() as cursor:
                cursor.execute(NEW, [near, list(self.seen)])
                found = cursor.fetchall()
            for pk, case_id in found:
                self.last = max(self.last, pk)
                self.seen.add(pk)
                self.seen_at.setdefault(case_id, time.time())
        connection.close()


@dataclass(frozen=True)
class Measured:
    """One run: cases a second until all were dispatched, milliseconds of the requests, seconds to the work order."""

    rate: float
    p50: float
    p95: float
    dispatch_p95: float


def run(ctx: Context) -> list[Result]:
    """Measure both ways at concurrency 1 and 8, and count the statements of one create and one dispatch."""
    _, key = intake.create_channel_token(
        Channel.objects.get(code="wechat").pk, note="bench", by=Actor.system("bench"), now=timezone.now()
    )
    headers = {"Authorization": f"Token {key}"}
    communities = Area.objects.filter(level=Level.COMMUNITY, is_active=True)
    areas = list(communities.order_by("code").values_list("code", flat=True))
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    results = _statements(headers, areas)
    with stack.running(ctx.env, ctx.folder) as portal:
        ctx.say("portal: warming up")
        _portal(portal.url + PATH, bodies(ctx.size(200, 20), areas, seed=1), headers, threads=8)
        for threads, count in ((1, ctx.size(600, 30)), (8, ctx.size(2500, 60))):
            runs = []
            for number in range(ctx.size(RUNS, 1)):
                ctx.say(f"portal: concurrency {threads}, run {number + 1}")
                runs.append(
                    _portal(portal.url + PATH, bodies(count, areas, seed=10 * threads + number), headers, threads)
                )
            results += _told(f"concurrency {threads}", runs, aims=threads == 8)
    return results + _yardstick(ctx, areas)


def _portal(url: str, requests: list[dict], headers: dict[str, str], threads: int) -> Measured:
    watch, before = Watch(), last_case()
    watch.start()
    try:
        shots = loader.fire(url, requests, headers=headers, threads=threads, seconds=60)
        created = shots.of_status(201)
        if created != len(requests):
            raise RuntimeError(f"{len(requests)} sent, {created} created: {set(shots.statuses)}")
        watch.wait_for(created)
    finally:
        watch.stop()
    if len(watch.seen_at) < created:
        raise RuntimeError(f"{created} created, {len(watch.seen_at)} dispatched after {DISPATCH_PATIENCE:.0f} s")
    return measured(shots, watch, before)


def measured(shots: loader.Shots, watch: Watch, before: int) -> Measured:
    """Return the figures of one run over the cases after `before`."""
    return Measured(
        rate=len(watch.seen_at) / (max(watch.seen_at.values()) - shots.first_at),
        p50=percentile(shots.millis, 0.5),
        p95=percentile(shots.millis, 0.95),
        dispatch_p95=percentile(waits(watch, before), 0.95),
    )


def waits(watch: Watch, before: int) -> list[float]:
    """Return for every case after `before` that was seen dispatched the seconds from its acceptance."""
    accepted = dict(Case.objects.filter(pk__gt=before).values_list("pk", "accepted_at"))
    return [seen - accepted[pk].timestamp() for pk, seen in watch.seen_at.items()]


def _told(name: str, runs: list[Measured], *, aims: bool) -> list[Result]:
    return [
        median_of(f"created and dispatched, {name}", [one.rate for one in runs], "cases/s", 150 if aims else None),
        median_of(f"request p50, {name}", [one.p50 for one in runs], "ms", None, LOWER),
        median_of(f"request p95, {name}", [one.p95 for one in runs], "ms", 80, LOWER),
        median_of(
            f"accepted to work order p95, {name}",
            [one.dispatch_p95 for one in runs],
            "s",
            None,
            LOWER,
            "seen by looking every 50 ms",
        ),
    ]


def _statements(headers: dict[str, str], areas: list[str]) -> list[Result]:
    """Count SQL statements in this process: the request, and the pick-up of one case and of a hundred."""
    client = Client(HTTP_HOST="localhost", headers=headers)
    for number, body in enumerate(bodies(3, areas, seed=3)):  # the first ones fill caches
        with CaptureQueriesContext(connection) as create:
            answer = client.post(PATH, body, content_type="application/json", headers={"Idempotency-Key": f"q{number}"})
        if answer.status_code != 201:
            raise RuntimeError(f"POST {PATH}: {answer.status_code} {answer.content[:300]!r}")
        created = len(create)
        with CaptureQueriesContext(connection) as pick_up:
            _pick_up(1)
        alone = created + len(pick_up)
    for number, body in enumerate(bodies(100, areas, seed=4)):
        client.post(PATH, body, content_type="application/json", headers={"Idempotency-Key": f"b{number}"})
    with CaptureQueriesContext(connection) as batch:
        _pick_up(100)
    shared = created + len(batch) / 100
    return [
        Result("statements of a create", created, "SQL", 12, LOWER),
        Result("statements of a create and its dispatch, alone", alone, "SQL", None, LOWER),
        Result("statements of a create and its share of a full batch", shared, "SQL", 20, LOWER),
    ]


def _pick_up(count: int) -> None:
    done = dispatch.dispatch_awaiting(by=Actor.system("bench"), now=timezone.now())
    if done.dispatched != count:
        raise RuntimeError(f"{count} cases waited: {done}")


def _yardstick(ctx: Context, areas: list[str]) -> list[Result]:
    env = {**ctx.env, "DJANGO_SETTINGS_MODULE": "bench.plain.settings"}
    with databases.server(ctx.url) as server:
        databases.drop(server, "bench_plain")
        server.execute("CREATE DATABASE bench_plain")
    env["DATABASE_URL"] = databases.with_name(ctx.url, "bench_plain")
    subprocess.run([sys.executable, "-m", "bench.plain.tables"], check=True, env=env, cwd=ROOT)
    results = []
    with stack.running(env, ctx.folder, names=(), web=["bench.plain.wsgi:application"]) as plain:
        for threads, count in ((1, ctx.size(1500, 50)), (8, ctx.size(5000, 100))):
            rates, p95s = [], []
            for number in range(ctx.size(RUNS, 1)):
                requests = bodies(count, areas, seed=number)
                shots = loader.fire(plain.url + PATH, requests, headers={}, threads=threads, seconds=60)
                rates.append(shots.of_status(201) / (shots.last_at - shots.first_at))
                p95s.append(percentile(shots.millis, 0.95))
            results.append(median_of(f"plain four-insert view, concurrency {threads}", rates, "requests/s"))
            results.append(median_of(f"plain view p95, concurrency {threads}", p95s, "ms", None, LOWER))
    with databases.server(ctx.url) as server:
        databases.drop(server, "bench_plain")
    return results


def last_case() -> int:
    """Return the newest case's id."""
    return Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
