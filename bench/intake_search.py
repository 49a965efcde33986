"""Search and "possibly the same" over 1,000,000 cases: by number, its end, phone, common and rare words, place.

In this process, through Django's test client for the pages, and the selectors themselves for what the agent desk asks
as somebody types. Also what keeping the index costs for each case; registering itself writes nothing of it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grid.choices import Level, UnitKind
from grid.models import Area, Role, Staff, Unit
from grid.services import NewStaff, create_staff, grant_role
from intake.models import Case, CaseText
from intake.selectors import find_similar
from intake.services import index_texts
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher import prepare

from .context import Context
from .generate import generate
from .report import LOWER, Result, median_of, percentile

CASES = 1_000_000
RUNS = 3
PASSWORD = "bench-2026-only"  # noqa: S105 - of accounts in a database that is dropped at the end
RARE = "甪直弄堂"
COMMON = ("希望", "社区", "处理", "尽快 谢谢")  # in every generated case
PHONE = "13900000{:03d}"


def run(ctx: Context) -> list[Result]:
    """Generate, index, and measure each way of searching for three sights."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    ctx.say("generating")
    generate(ctx.size(CASES, 20_000))
    _hide_rare_words()
    results = _indexing(ctx)
    city, district = Unit.objects.get(kind=UnitKind.CENTRE, level=Level.CITY), Unit.objects.get(code="centre-440309")
    station = Unit.objects.get(kind=UnitKind.COMMUNITY, home_area=_busiest_area())
    for name, role, unit in (
        ("agent, whole city", "agent", city),
        ("dispatcher, one district", "district_dispatcher", district),
        ("secretary, one community", "community_secretary", station),
    ):
        results += _searches(ctx, name, _staff(role, unit))
    return results + _similar(ctx, Staff.objects.get(username="bench-agent"))


def _hide_rare_words() -> None:
    """Write a word into three cases: of the oldest, the middle and the newest."""
    last = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    first = Case.objects.order_by("pk").values_list("pk", flat=True)[0]
    Case.objects.filter(pk__in=[first, (first + last) // 2, last]).update(address=RARE)


def _indexing(ctx: Context) -> list[Result]:
    ctx.say("indexing")
    started, indexed = time.perf_counter(), 0
    while done := index_texts():
        indexed += done
    taken = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE intake_casetext")
        cursor.execute("SELECT pg_total_relation_size('intake_casetext')")
        size = cursor.fetchone()[0]
    return [
        Result("index kept, a case, in the background", round(taken / indexed * 1000, 3), "ms", 2, LOWER),
        Result("size of the index, a case", round(size / CaseText.objects.count()), "bytes", None, LOWER),
    ]


def _searches(ctx: Context, name: str, staff: Staff) -> list[Result]:
    client = Client(HTTP_HOST="localhost")
    client.force_login(staff, backend="grid.backends.StaffBackend")
    words = _words(ctx)
    return [
        median_of(f"{name}: {way}, p95", runs, "ms", 100, LOWER, note=f"p50 {p50:.0f} ms")
        for way, texts in words.items()
        for runs, p50 in [_timed(ctx, lambda address: _page(client, address), _addresses(client, texts))]
    ]


def _words(ctx: Context) -> dict[str, list[str]]:
    count = ctx.size(60, 5)
    newest = list(Case.objects.order_by("-pk").values_list("number", flat=True)[: count * 50 : 50])
    titles = Case.objects.order_by("-pk").values_list("title", flat=True)[:5_000:77]
    areas = Area.objects.filter(level__gte=Level.SUBDISTRICT).order_by("code").values_list("name", flat=True)[:count]
    return {
        "end of the number": [number[-5:] for number in newest],
        "phone": [PHONE.format(number) for number in range(count)],
        "common words": [word for word in COMMON for _n in range(count // len(COMMON) + 1)],
        "words of titles": [title[-4:] for title in titles][:count],
        "rare word": [RARE[:2], RARE[2:], RARE] * (count // 3 + 1),
        "word that is nowhere": ["饕餮", "魑魅魍魉"] * (count // 2 + 1),
        "place": list(areas),
    }


def _addresses(client: Client, texts: list[str]) -> list[str]:
    """Return the addresses the search box leads to."""
    return [client.post(reverse("dispatch:search"), {"q": text}).url for text in texts]


def _page(client: Client, address: str) -> None:
    if (status := client.get(address).status_code) != 200:
        raise RuntimeError(f"{address}: {status}")


def _similar(ctx: Context, staff: Staff) -> list[Result]:
    """Measure what the agent desk asks while somebody types, in the busiest community."""
    area, now = _busiest_area(), timezone.now()
    rows = Case.objects.filter(area=area).order_by("-pk").values_list("title", "item")[: ctx.size(100, 10)]
    ways: dict[str, Callable] = {
        "similar, item chosen": lambda row: find_similar(staff, text=row[0], item_id=row[1], area=area, now=now),
        "similar, no item yet": lambda row: find_similar(staff, text=row[0], area=area, now=now),
        "similar, with a point": lambda row: find_similar(
            staff, text=row[0], item_id=row[1], area=area, longitude=114.03, latitude=22.6, now=now
        ),
    }
    results = []
    for name, ask in ways.items():
        runs, p50 = _timed(ctx, ask, list(rows))
        results.append(median_of(f"{name}, p95", runs, "ms", 20, LOWER, note=f"p50 {p50:.1f} ms"))
    return results


def _timed(ctx: Context, ask: Callable, given: list) -> tuple[list[float], float]:
    """Return the p95 of each run and the median of all, in milliseconds; the first few fill caches."""
    for one in given[:3]:
        ask(one)
    runs = [[_once(ask, one) for one in given] for _n in range(ctx.size(RUNS, 1))]
    return [percentile(run, 0.95) for run in runs], statistics.median(taken for run in runs for taken in run)


def _once(ask: Callable, given) -> float:
    started = time.perf_counter()
    ask(given)
    return (time.perf_counter() - started) * 1000


def _busiest_area() -> Area:
    latest = Case.objects.order_by("-pk").values("pk")[:20_000]
    counted = Case.objects.filter(pk__in=latest).order_by().values_list("area").annotate(n=Count("pk"))
    return Area.objects.get(pk=counted.order_by("-n")[0][0])


def _staff(role: str, unit: Unit) -> Staff:
    by, now = Actor.system("bench"), timezone.now()
    staff = create_staff(NewStaff(f"bench-{role}", PASSWORD, unit.pk), by=by, now=now)
    grant_role(staff.pk, Role.objects.get(code=role).pk, unit.pk, by=by, now=now)
    return staff
