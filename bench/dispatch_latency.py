"""From registration to a work order, as the citizen's channel sees it: at idle, and under 50 registrations a second.

Web server and worker as `make run` starts them, beside 1,000,000 other cases. Each case comes over HTTP through the
channel API with an idempotency key of its own; it counts as dispatched when its work order is seen, by looking every
50 ms.
"""

from __future__ import annotations

import random
import time

from django.utils import timezone

from grid.choices import Level
from grid.models import Area
from intake import services as intake
from intake.models import Channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher import prepare

from . import intake_create, loader, stack
from .cases import bodies
from .context import Context
from .generate import generate
from .report import LOWER, Result, median_of, percentile

CASES = 1_000_000
ALONE, RATE, SECONDS = 40, 50, 30
RUNS, THREADS = 3, 16
LONGEST_PAUSE = 2.0  # between two cases at idle; at random, so that no clock of the worker's is always met or missed


def run(ctx: Context) -> list[Result]:
    """Generate, then send one by one, then steadily."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    ctx.say("generating")
    generate(ctx.size(CASES, 10_000))
    communities = Area.objects.filter(level=Level.COMMUNITY, is_active=True)
    areas = list(communities.order_by("code").values_list("code", flat=True))
    with stack.running(ctx.env, ctx.folder) as portal:
        door = Door(portal.url)
        door.send(bodies(ctx.size(200, 40), areas, seed=1))
        ctx.say("one by one")
        idle = _one_by_one(door, bodies(ctx.size(ALONE, 8), areas, seed=2))
        steady = []
        for number in range(ctx.size(RUNS, 1)):
            ctx.say(f"{RATE} a second, run {number + 1}")
            requests = bodies(RATE * ctx.size(SECONDS, 5), areas, seed=70 + number)
            steady.append(door.send(requests, rate=RATE))
    return _told(idle, steady)


class Door:
    """The channel API."""

    def __init__(self, url: str):
        channel = Channel.objects.get(code="wechat")
        _, key = intake.create_channel_token(channel.pk, by=Actor.system("bench"), now=timezone.now())
        self.url, self.headers = url + intake_create.PATH, {"Authorization": f"Token {key}"}

    def send(self, requests: list[dict], *, rate: float | None = None) -> tuple[loader.Shots, list[float]]:
        """Send the requests; return the answers, and the seconds from acceptance to work order of each case."""
        watch, before = intake_create.Watch(), intake_create.last_case()
        watch.start()
        try:
            shots = loader.fire(
                self.url, requests, headers=self.headers, threads=THREADS, seconds=2 * SECONDS, rate=rate
            )
            watch.wait_for(len(requests))
        finally:
            watch.stop()
        waits = intake_create.waits(watch, before)
        if shots.of_status(201) != len(requests) or len(waits) != len(requests):
            raise RuntimeError(f"{len(requests)} sent, {set(shots.statuses)}, {len(waits)} dispatched")
        return shots, waits


def _one_by_one(door: Door, requests: list[dict]) -> list[float]:
    """Send each when the one before was dispatched and the portal had rested; return the seconds of each."""
    chance, waits = random.Random(9), []
    for request in requests:
        time.sleep(LONGEST_PAUSE * chance.random())
        waits += door.send([request])[1]
    return waits


def _told(idle: list[float], steady: list[tuple[loader.Shots, list[float]]]) -> list[Result]:
    rates = [len(shots.statuses) / (shots.last_at - shots.first_at) for shots, _ in steady]
    under = f"{RATE} registrations a second"
    return [
        Result("idle: registration to work order, the slowest", round(max(idle), 3), "s", 1, LOWER,
               note=f"{len(idle)} cases, the median {percentile(idle, 0.5):.3f} s"),
        median_of(f"{under}: so many came", rates, "cases/s", RATE - 1),
        median_of(f"{under}: to work order p95", [percentile(waits, 0.95) for _, waits in steady], "s", 2, LOWER),
        median_of(f"{under}: to work order p50", [percentile(waits, 0.5) for _, waits in steady], "s", None, LOWER),
        median_of(f"{under}: request p95", [percentile(one.millis, 0.95) for one, _ in steady], "ms", None, LOWER),
    ]  # fmt: skip
