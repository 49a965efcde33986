"""The assessment ledger over 1,000,000 cases: freezing a month, its disk, rankings and sheets counted now and frozen.

In this process, through Django's test client.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from analytics.models import AssessmentMonth, MonthFigures
from analytics.selectors.figures import month_end
from analytics.services import ledger, rebuild
from grid.models import Unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher import prepare

from .context import Context, seconds
from .dispatch_queue import bureau, city, community, measure, signed_in
from .history import generate_history
from .report import LOWER, Result, median_of

CASES = 1_000_000
BY = Actor.system("bench")
TABLES = ("analytics_frozenposting", "analytics_frozenscore", "analytics_frozenresult")
PAGE_LIMIT = 100


def run(ctx: Context) -> list[Result]:
    """Measure the pages of a month while it is counted, freeze it, and measure them again."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    size = ctx.size(CASES, CASES // 100)
    ctx.say(f"generating {size:,} cases")
    generate_history(size, say=ctx.say)
    rebuild(by=BY, now=timezone.now())
    prepare.manage(ctx.env, "load_assessment_schemes")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    month = _month()
    results = _pages(ctx, month, f"counted now at {size:,}")
    ctx.say(f"freezing {month:%Y-%m}")
    AssessmentMonth.objects.create(month=month, state="proposed", proposed_at=timezone.now(), proposed_by="bench")
    results.append(Result("freezing a month", round(seconds(lambda: _freeze(month)), 1), "s", 300, LOWER))
    count = AssessmentMonth.objects.get(month=month).posting_count
    results.append(Result("disk of a frozen month for a case", round(_disk() / max(count, 1)), "bytes", 400, LOWER))
    return results + _pages(ctx, month, f"frozen at {size:,}")


def _month() -> date:
    """Return the busiest month whose window has passed."""
    last = timezone.localdate() - timedelta(days=11)
    months = MonthFigures.objects.filter(dimension=1, period__lt=last.replace(day=1)).order_by("-case_due")
    return next(row.period for row in months[:50] if month_end(row.period) <= last)


def _freeze(month: date) -> None:
    ledger.freeze(month, by=BY, now=timezone.now())


def _disk() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_total_relation_size(t::regclass)) FROM unnest(%s) t", [list(TABLES)])
        return cursor.fetchone()[0]


def _pages(ctx: Context, month: date, words: str) -> list[Result]:
    text = f"{month:%Y-%m}"
    leader = signed_in("leader", city(), f"bench-{words[:6].strip()}")
    rankings = [reverse("analytics:ledger_ranking", args=[text, code]) for code in ("communities", "districts")]
    rankings.append(reverse("analytics:ledger_ranking", args=[text, "district_departments"]))
    sheets = [_sheet(text, unit) for unit in (bureau(), community())]
    area = reverse("analytics:ledger_area", args=[text, community().home_area.code])
    found = []
    for name, addresses in (("ranking", rankings), ("sheet of a unit", sheets), ("sheet of a community", [area])):
        ctx.say(f"{name}, {words}")
        page = measure(ctx, leader, addresses)
        found.append(median_of(f"{name}, {words}: p95", page.p95s, "ms", PAGE_LIMIT, LOWER))
    return found


def _sheet(month: str, unit: Unit) -> str:
    return reverse("analytics:ledger_unit", args=[month, unit.pk])
