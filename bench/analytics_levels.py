"""Four levels at a glance over 1,000,000 cases: the page of the city, a district, a community, counted afresh and kept.

In this process, through Django's test client.
"""

from __future__ import annotations

import time

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from grid.models import Area
from shenzhen_gov.launcher import prepare

from .context import Context
from .dispatch_queue import city, community, signed_in
from .generate import generate
from .report import LOWER, Result, median_of, percentile

CASES = 1_000_000
RUNS = 3


def run(ctx: Context) -> list[Result]:
    """Measure each level with nothing kept, then the city with what is kept for a minute."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    size = ctx.size(CASES, CASES // 100)
    ctx.say(f"generating {size:,} cases")
    generate(size)
    leader = signed_in("leader", city(), "bench-leader")
    around = Area.objects.containing(community().home_area)
    results = []
    for area in around:
        ctx.say(f"level {area.level}")
        runs = [[_look(leader, area, fresh=True) for _ in range(ctx.size(20, 3))] for _ in range(ctx.size(RUNS, 1))]
        p95s = [percentile(one, 0.95) for one in runs]
        limit = 1500 if area.parent_id is None else 500
        results.append(median_of(f"level {area.level} counted afresh: p95 at {size:,}", p95s, "ms", limit, LOWER))
    kept = [percentile([_look(leader, around[0]) for _ in range(ctx.size(50, 5))], 0.95)]
    results.append(median_of(f"city, kept: p95 at {size:,}", kept, "ms", 100, LOWER))
    return results


def _look(client: Client, area: Area, *, fresh: bool = False) -> float:
    """Return the milliseconds of one page."""
    if fresh:
        cache.clear()
    started = time.perf_counter()
    answer = client.get(reverse("analytics:level", args=[area.code]))
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"level {area.level}: {answer.status_code}")
    return taken
