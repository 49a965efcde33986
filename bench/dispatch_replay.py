"""Replaying 100,000 closed cases against a draft of the duty list that touches every fourth item."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from dispatch.models import WorkOrder
from dispatch.replaying import closed_cases
from dispatch.selectors.list_changes import count_open_cases
from dispatch.services import ask_replay, run_replay
from dispatch.workflow import DONE
from dutylist.models import Batch, BatchPreview, ItemVersion
from dutylist.services import NewBatch, NewLine, open_batch, set_lines
from grid.models import Area, Role, Staff, Unit
from grid.services import NewStaff, create_staff, grant_role
from shenzhen_gov.core.actor import Actor

from .context import Context, seconds
from .generate import generate
from .report import LOWER, Result, median_of

CASES = 100_000
RUNS = 3
DAYS = 3 * 365
PASSWORD = "bench-2026-only"  # noqa: S105 - of an account in a database that is dropped at the end


def run(ctx: Context) -> list[Result]:
    """Generate cases, write a draft, replay it as a worker does, count the open cases it concerns."""
    wanted, now = ctx.size(CASES, 2_000), timezone.now()
    ctx.say(f"generating {wanted * 2:,} cases, half of them closed")
    generate(wanted * 2)
    city = Area.objects.get(level=1)
    last = timezone.localdate(now)
    closed = sum(one.cases for one in closed_cases(city, last - timedelta(days=DAYS), last))
    batch, by = draft(now), Actor.system("bench")
    ctx.say(f"{closed:,} closed cases, {batch.lines.count()} lines")
    taken = [_replay(batch, last, by) for _ in range(ctx.size(RUNS, 1))]
    figures = BatchPreview.objects.get(batch=batch, kind="replay").figures
    counted = [seconds(lambda: count_open_cases(batch, last)) for _ in range(ctx.size(RUNS, 1))]
    note = f"{figures['cases']:,} closed cases, {batch.lines.count()} lines, {figures['moved']:,} moved"
    opened = WorkOrder.objects.exclude(state=DONE).aggregate(count=Count("case", distinct=True))["count"]
    return [
        median_of("replay, until its figures are kept", taken, "s", 20, LOWER, note=note),
        Result("replayed cases a second", round(figures["cases"] / sorted(taken)[len(taken) // 2]), "cases/s"),
        median_of("open cases counted", counted, "s", 2, LOWER, note=f"{opened:,} open cases"),
    ]


def _replay(batch: Batch, last, by: Actor) -> float:
    """Ask for a replay and make it as the worker does; return how long the worker took."""
    now = timezone.now()
    ask_replay(batch.pk, first=last - timedelta(days=DAYS), last=last, by=editor(), now=now)
    started = time.perf_counter()
    if not run_replay(by=by, now=now):
        raise RuntimeError("no replay was found")
    return time.perf_counter() - started


def editor() -> Actor:
    """Return somebody who enters changes of the city's list."""
    person = Staff.objects.filter(username="bench-editor").first()
    if person is None:
        now, by, unit = timezone.now(), Actor.system("bench"), Unit.objects.get(kind="centre", level=1)
        person = create_staff(NewStaff("bench-editor", PASSWORD, unit.pk), by=by, now=now)
        grant_role(person.pk, Role.objects.get(code="duty_editor").pk, unit.pk, by=by, now=now)
        person = Staff.objects.get(pk=person.pk)
    return Actor.staff(person)


def draft(now) -> Batch:
    """Return a draft that gives every fourth item with rows to the unit of the next item's row in each area."""
    by, city = editor(), Area.objects.get(level=1)
    batch = open_batch(NewBatch(title="bench", owner_area_id=city.pk), by=by, now=now)
    versions = ItemVersion.objects.in_force(timezone.localdate(now)).filter(item__owner_area=city, item__narrows=None)
    versions = list(versions.select_related("item").order_by("item__code"))
    units = list(Unit.objects.filter(closed_on=None, level=2).order_by("code").values_list("pk", flat=True))
    districts = list(Area.objects.filter(level=2, is_active=True).order_by("code").values_list("pk", flat=True))
    lines = [
        NewLine("transfer", version.item.code, {"rows": _rows(districts, units, place)})
        for place, version in enumerate(versions)
        if place % 4 == 0
    ]
    set_lines(batch.pk, lines, by=by, now=now)
    return Batch.objects.get(pk=batch.pk)


def _rows(districts: list[int], units: list[int], place: int) -> list[dict]:
    return [
        {"area": area, "lead": units[(place + n) % len(units)], "co": [], "fallback": None, "note": ""}
        for n, area in enumerate(districts)
    ]
