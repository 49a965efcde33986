"""The list as of a day, with one year and with ten years of history: one look-up, and the pages of the list.

What a look-up costs in SQL is the server's own time for what `duty_for` sends (EXPLAIN ANALYZE: executing; planning is
told beside it); what the caller waits for is measured around the call.
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Callable
from datetime import date, timedelta

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dutylist.models import Item
from dutylist.selectors import duty_for, get_tree
from grid.choices import Level
from grid.models import Area
from shenzhen_gov.launcher import prepare

from .context import Context, seconds
from .dutylist_world import BATCHES, ITEMS, YEARS, World, build
from .report import LOWER, Result, median_of, percentile

RUNS = 3
HISTORIES = ((1, 2), (YEARS, BATCHES))  # years, batches


def run(ctx: Context) -> list[Result]:
    """Measure with the short history, then with the long one."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    told: list[dict[str, list[float]]] = []
    for years, batches in HISTORIES:
        ctx.say(f"{years} years, {batches} batches")
        world = build(items=ctx.size(ITEMS, 1_700), batches=ctx.size(batches, min(batches, 4)), years=years)
        told.append(_lookups(ctx, years) | _pages(ctx, world, years))
    results = []
    for name, few in told[0].items():
        aim, many = AIMS.get(name), told[1][name]
        for (years, _batches), runs in zip(HISTORIES, (few, many), strict=True):
            results.append(median_of(f"{name}, {years} years", runs, "ms", aim, LOWER))
        if name in MUST_NOT_GROW:
            growth = statistics.median(many) / statistics.median(few)
            results.append(Result(f"{name}: growth", round(growth, 2), "×", 1.3, LOWER))
    return results


AIMS = {
    "look-up, in SQL": 0.2,
    "tree page p95": 80,
    "tree page of an earlier day p95": 80,
    "second level p95": 80,
}
# Medians: the 95th percentile of so few pages says more about the machine than about the history.
MUST_NOT_GROW = ("look-up, in SQL", "tree page", "tree page of an earlier day", "second level", "item page")


def _lookups(ctx: Context, years: float) -> dict[str, list[float]]:
    """Return, for look-ups drawn at random: server time, its planning, and what the caller waits; medians of runs."""
    chance = random.Random(9)
    items = list(Item.objects.filter(narrows=None).order_by("pk").values_list("pk", flat=True))
    areas = list(Area.objects.filter(level=Level.COMMUNITY, is_active=True).order_by("pk"))
    days = _days(years)
    found: dict[str, list[float]] = {"look-up, in SQL": [], "look-up, planning": [], "look-up, round trip": []}
    for _run in range(ctx.size(RUNS, 1)):
        drawn = [(chance.choice(items), chance.choice(areas), chance.choice(days)) for _ in range(ctx.size(300, 20))]
        for item, area, day in drawn[:20]:
            duty_for(item, area, day)  # warms caches
        costs = [_server_time(lambda one=one: duty_for(*one)) for one in drawn]
        waits = [seconds(lambda one=one: duty_for(*one)) * 1000 for one in drawn]
        found["look-up, in SQL"].append(statistics.median(executing for executing, _planning in costs))
        found["look-up, planning"].append(statistics.median(planning for _executing, planning in costs))
        found["look-up, round trip"].append(statistics.median(waits))
    return found


def _days(years: float) -> list[date]:
    """Return today and days spread over the history."""
    today = timezone.localdate()
    return [today - timedelta(days=round(365 * years * step / 5)) for step in range(5)]


def _server_time(job: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds the server executes and plans the statements of a call."""
    sent: list[tuple] = []

    def listen(execute, sql, params, many, context):
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        job()
    plans = [_explained(sql, params) for sql, params in sent]
    return sum(plan["Execution Time"] for plan in plans), sum(plan["Planning Time"] for plan in plans)


def _explained(sql: str, params) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]


def _pages(ctx: Context, world: World, years: float) -> dict[str, list[float]]:
    """Return the median and the 95th percentile of each page, run by run, and the tree counted afresh."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(world.manager, backend="grid.backends.StaffBackend")
    listed, codes = reverse("dutylist:list"), list(Item.objects.order_by("code").values_list("code", flat=True))
    branch = get_tree(timezone.localdate(), world.manager)[0].children[0].pk
    earlier = timezone.localdate() - timedelta(days=round(365 * years / 2))
    pages = {
        "tree page": [listed],
        "tree page of an earlier day": [f"{listed}?on={earlier}"],
        "second level": [f"{listed}?below={branch}"],
        "item page": [reverse("dutylist:item", args=[code]) for code in codes[:: len(codes) // 50]],
    }
    found: dict[str, list[float]] = {}
    for name, addresses in pages.items():
        runs = _runs(ctx, client, addresses)
        found[name] = [statistics.median(run) for run in runs]
        found[f"{name} p95"] = [percentile(run, 0.95) for run in runs]
    return found | {"tree counted afresh": [_afresh(world) for _run in range(5)]}


def _runs(ctx: Context, client: Client, addresses: list[str]) -> list[list[float]]:
    wanted = [addresses[number % len(addresses)] for number in range(ctx.size(60, 5))]
    for address in wanted[:3]:
        _get(client, address)
    return [[_get(client, address) for address in wanted] for _run in range(ctx.size(RUNS, 1))]


def _get(client: Client, address: str) -> float:
    """Return the milliseconds of one page."""
    status = []
    taken = seconds(lambda: status.append(client.get(address).status_code)) * 1000
    if status != [200]:
        raise RuntimeError(f"{address}: {status}")
    return taken


def _afresh(world: World) -> float:
    cache.clear()
    return seconds(lambda: get_tree(timezone.localdate(), world.manager)) * 1000
