"""The community desk and the week beside the neighbours, with 1,000,000 cases in the database.

In this process, through Django's test client. The desk's week is kept for a minute, as in service; the page of the week
is measured with the copy dropped before each look, so that its own cost is seen.
"""

from __future__ import annotations

import time

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from grid.models import Unit
from shenzhen_gov.launcher import prepare

from .context import Context
from .dispatch_queue import community, measure, signed_in
from .generate import generate
from .report import LOWER, Result, median_of, percentile

CASES = 1_000_000
RUNS = 3


def run(ctx: Context) -> list[Result]:
    """Measure the desk of the busiest community, of the subdistrict above it, and the week counted afresh."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    size = ctx.size(CASES, CASES // 100)
    ctx.say(f"generating {size:,} cases")
    generate(size)
    unit = community()
    secretary = signed_in("community_secretary", unit, "bench-secretary")
    officer = signed_in("subdistrict_officer", Unit.objects.get(pk=unit.parent_id), "bench-officer")
    results = []
    for name, client in (("community", secretary), ("subdistrict", officer)):
        ctx.say(f"desk of the {name}")
        page = measure(ctx, client, [f"{reverse('dispatch:community')}?tab=handling"])
        results.append(median_of(f"desk, {name}: p95 at {size:,}", page.p95s, "ms", 100, LOWER))
        results.append(Result(f"desk, {name}: statements", page.statements, "SQL", 24, LOWER))
    ctx.say("the week, counted afresh")
    runs = [[_fresh_week(secretary) for _ in range(ctx.size(40, 5))] for _ in range(ctx.size(RUNS, 1))]
    p95s = [percentile(one, 0.95) for one in runs]
    results.append(median_of(f"week counted afresh: p95 at {size:,}", p95s, "ms", 100, LOWER))
    return results


def _fresh_week(client: Client) -> float:
    """Return the milliseconds of the week's page with nothing kept."""
    cache.clear()
    started = time.perf_counter()
    answer = client.get(reverse("dispatch:community_week"))
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"the page of the week: {answer.status_code}")
    return taken
