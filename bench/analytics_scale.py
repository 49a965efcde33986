"""The portal at 100,000, at 1,000,000 and at 10,000,000 cases: pages, search, figures, detectors, memory, disk.

In this process: pages through Django's test client, as dispatch.queue has them. The last size takes long to write:
with `--kept NAME` it is measured on a database of this server that holds it already (e.g. one that `--keep` left
behind), which is migrated first and stays.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from analytics.models import DetectorRun
from analytics.services import detect_due, rebuild, refresh_figures
from dispatch.models import Urge
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in
from shenzhen_gov.launcher import prepare

from .context import Context, seconds
from .databases import with_name
from .dispatch_queue import Page, bureau, city, community, district, measure, signed_in
from .history import generate_history, sizes
from .report import LOWER, Result, median_of

SIZES = (100_000, 1_000_000, 10_000_000)
BUSY_DAY = 100_000  # cases that change on one day
BY = Actor.system("bench")
GROWTH = 1.25
MEBI = 1024


@dataclass(frozen=True)
class Sight:
    """A page, who looks at it from where, which address, and what it may take."""

    name: str
    role: str
    unit: Callable[[], Unit]
    address: Callable[[Unit], Sequence[str]]
    limit: float


def _board(unit: Unit) -> list[str]:
    return [reverse("analytics:board", args=[unit.home_area.code])]


def _behind(unit: Unit) -> list[str]:
    """Return the lists behind four figures of the last 30 days, one of them narrow and rare."""
    today = timezone.localdate()
    asked = f"area={unit.home_area.code}&first={today - timedelta(days=30)}&last={today - timedelta(days=1)}"
    parts = ("accepted", "closed_in_time", "urged", "voided")
    return [f"{reverse('analytics:behind')}?{asked}&part={part}" for part in parts]


def _queue(_unit: Unit) -> list[str]:
    return [f"{reverse('dispatch:queue')}?tab=handling"]


SIGHTS = (
    Sight("board, city", "leader", city, _board, 100),
    Sight("board, a district", "leader", district, _board, 100),
    Sight("list behind a figure, city", "leader", city, _behind, 100),
    Sight("list behind a figure, a district", "leader", district, _behind, 100),
    Sight("queue, community", "community_secretary", community, _queue, 60),
    Sight("queue, bureau", "handler", bureau, _queue, 60),
)


def run(ctx: Context) -> list[Result]:
    """Measure each size after the other; growth is the ratio of the medians of the last and the first."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    pages, there = [], 0
    for size in (ctx.size(size, size // 100) for size in SIZES):
        if ctx.kept and size == SIZES[-1]:
            _move_to(ctx)
        else:
            ctx.tell(_generate(ctx, size - there, size))
        there = size
        ctx.tell(_figures(ctx, size))
        pages.append(_pages(ctx, size))
        ctx.tell(
            median_of(f"{name}: p95 at {size:,}", page.p95s, "ms", _limit(name), LOWER)
            for name, page in pages[-1].items()
        )
        ctx.tell(_day(ctx, size))
    for name, first in pages[0].items():
        grown = round(pages[-1][name].p50 / first.p50, 2)
        ctx.tell([Result(f"{name}: growth of the median", grown, "×", GROWTH, LOWER)])
    return ctx.told


def _move_to(ctx: Context) -> None:
    """Go on with the kept database; its tables are brought up to date, nothing else of it is changed before."""
    ctx.say(f"going on with {ctx.kept}")
    url = with_name(ctx.url, ctx.kept)
    prepare.manage({**ctx.env, "DATABASE_URL": url}, "migrate", "--noinput")
    prepare.manage({**ctx.env, "DATABASE_URL": url}, "load_reference")
    connection.close()
    if getattr(connection, "pool", None):
        connection.close_pool()
    connection.settings_dict["NAME"] = ctx.kept
    cache.clear()


def _generate(ctx: Context, cases: int, size: int) -> list[Result]:
    ctx.say(f"writing {cases:,} cases")
    taken = seconds(lambda: generate_history(cases, say=ctx.say))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        bytes_all = cursor.fetchone()[0]
    largest = ", ".join(f"{name} {round(total / size)}" for name, total, _indexes in sizes()[:8])
    return [
        Result(f"cases written in a second, indexes made, up to {size:,}", round(cases / taken), "cases/s", 20_000),
        Result(
            f"disk for a case without figures at {size:,}", round(bytes_all / size), "bytes", None, LOWER, note=largest
        ),
    ]


def _figures(ctx: Context, size: int) -> list[Result]:
    ctx.say("rebuilding the figures")
    taken = seconds(lambda: rebuild(by=BY, now=timezone.now()))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_database_size(current_database())")
        bytes_all = cursor.fetchone()[0]
    limit = 1800 if size == SIZES[-1] else None
    return [
        Result(f"figures from scratch at {size:,}", round(taken, 1), "s", limit, LOWER),
        Result(f"disk for a case at {size:,}", round(bytes_all / size), "bytes", 4096, LOWER),
    ]


def _pages(ctx: Context, size: int) -> dict[str, Page]:
    found = {}
    for number, sight in enumerate(SIGHTS):
        ctx.say(f"{size:,} cases: {sight.name}")
        unit = sight.unit()
        client = signed_in(sight.role, unit, f"scale-{number}-{size}")
        found[sight.name] = measure(ctx, client, list(sight.address(unit)))
    ctx.say(f"{size:,} cases: search")
    client = signed_in("city_dispatcher", city(), f"scale-search-{size}")
    words = ("希望", "社区 处理", Case.objects.latest("pk").number[-5:], "饕餮", Case.objects.latest("pk").title[-4:])
    addresses = [client.post(reverse("dispatch:search"), {"q": word}).url for word in words]
    found["search"] = measure(ctx, client, addresses)
    return found


def _limit(name: str) -> float:
    return next((sight.limit for sight in SIGHTS if sight.name == name), 150)


def _day(ctx: Context, size: int) -> list[Result]:
    """Let 100,000 cases change, read what changed, and let the detectors look at a day."""
    count = min(ctx.size(BUSY_DAY, 1_000), size // 2)
    ctx.say(f"changing {count:,} cases")
    refresh_figures(by=BY, now=timezone.now())
    _change(list(Case.objects.order_by("-pk")[:count].only("number", "holder_id")))
    started = time.perf_counter()
    read = refresh_figures(by=BY, now=timezone.now())
    taken = time.perf_counter() - started
    if read < count:
        text = f"{read} cases were read, {count} had changed: a transaction on this server is older than the changes"
        raise RuntimeError(text)
    ctx.say("detectors")
    DetectorRun.objects.all().delete()  # those that looked at the size before would not look again within the hour
    return [
        Result(f"{count:,} changed cases followed at {size:,}", round(taken, 1), "s", 60, LOWER),
        Result(f"detectors of a day at {size:,}", round(seconds(_detect), 1), "s", 60, LOWER),
        Result(f"memory of this process after {size:,}", _memory(), "MiB", MEBI, LOWER),
    ]


def _detect() -> None:
    detect_due(by=BY, now=timezone.now())


def _change(cases: list[Case]) -> None:
    """Urge these cases, with the entries of the audit log through its real triggers; not timed."""
    now = timezone.now()
    for start in range(0, len(cases), 5_000):
        some = cases[start : start + 5_000]
        with transaction.atomic():
            rows = [
                {
                    "case_id": case.pk,
                    "kind": "urge",
                    "unit_id": case.holder_id,
                    "text": "请尽快",
                    "at": now,
                    "by": "bench",
                }
                for case in some
            ]
            copy_in(Urge, rows)
            audit.record_many([audit.Record("case.urged", case) for case in some], by=BY, now=now)


def _memory() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBI)
