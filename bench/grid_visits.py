"""The visit plan of 100,000 rentals in every community of the city, three cells and officers each; and the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from grid.choices import Act, Level, UnitKind
from grid.models import Area, Building, Rental, Staff, StaffUnitPermission, Unit, VisitPlan
from grid.services import NewCell, create_cells
from grid.services.rentals import plan_some, plans_to_make
from grid.services.rentals.registering import ask_for_plan
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in, reserve_keys
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.worktime import get_calendar
from shenzhen_gov.launcher import prepare

from .context import Context, seconds
from .dispatch_queue import measure, signed_in
from .report import LOWER, Result, median_of

RENTALS = 100_000
CELLS = 3
BY = Actor.system("bench")
DUE_WITHIN = 40  # days from 10 days ago: some overdue, many beyond the plan


def run(ctx: Context) -> list[Result]:
    """Plan everything, plan it again as on the next day, look at the lists."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    size = ctx.size(RENTALS, RENTALS // 50)
    ctx.say("cells and officers")
    with transaction.atomic():
        cells = _cells(ctx.size(10_000, 20))
        _officers(cells)
    ctx.say(f"{size:,} rentals")
    with transaction.atomic():
        _rentals(cells, size)
    now = timezone.now()
    results = [Result(f"visit plan of {size:,} rentals", seconds(lambda: _plan(now)), "s", 60, LOWER)]
    last = _last_planned(timezone.localdate(now))
    missed = Rental.objects.let().filter(due_on__lte=last, planned_on__isnull=True).count()
    results.append(Result("due within the plan and not planned", missed, "rentals", 0, LOWER))
    tomorrow = now + timedelta(days=1)
    results.append(Result("the plan of the next day", seconds(lambda: _plan(tomorrow)), "s", 60, LOWER))
    return results + _lists(ctx)


def _last_planned(today: date) -> date:
    """Return the last working day of those that a plan is made for: what is due after it is not in the plan."""
    calendar = get_calendar()
    days = (today + timedelta(days=number) for number in range(get_parameter("rental.plan_days", today)))
    return max(day for day in days if calendar.is_working_day(day))


def _plan(now) -> None:
    while plan_some(now=now):
        pass
    if plans_to_make(now).exists():
        raise RuntimeError("communities were left out of the plan")


def _cells(communities: int) -> list[Area]:
    rows = []
    for area in Area.objects.filter(level=Level.COMMUNITY, is_active=True, code__regex=r"^\d{12}$")[:communities]:
        present = set(Area.objects.filter(parent=area).values_list("code", flat=True))
        codes = [f"{area.code}{number:02d}" for number in range(1, CELLS + 1)]
        rows += [NewCell(code, code[-2:], area.code) for code in codes if code not in present]
    create_cells(rows, source="bench", by=BY, now=timezone.now())
    return list(Area.objects.filter(level=Level.CELL))


def _officers(cells: list[Area]) -> None:
    teams = list(Unit.objects.filter(kind=UnitKind.CELL, home_area__in=cells))
    people = Staff.objects.bulk_create([Staff(username=f"bench-{team.pk}", unit=team) for team in teams])
    permission = Permission.objects.get(codename=Act.GRID_ROUND)
    StaffUnitPermission.objects.bulk_create(
        StaffUnitPermission(user=person, content_object=team, permission=permission)
        for person, team in zip(people, teams, strict=True)
    )


def _rentals(cells: list[Area], size: int) -> None:
    now, today = timezone.now(), timezone.localdate()
    keys = reserve_keys(Building, size)
    cell_of = [cells[number % len(cells)] for number in range(size)]

    def buildings() -> Iterator[dict]:
        for number, (key, cell) in enumerate(zip(keys, cell_of, strict=True)):
            code = f"{cell.code}{number // len(cells) + 50_000:05d}"
            yield {"id": key, "code": code, "name": code, "area_id": cell.pk}

    copy_in(Building, buildings())
    copy_in(
        Rental,
        (
            {
                "building_id": key, "kind": "building", "name": "bench", "created_at": now, "row_version": 1,
                "due_on": today + timedelta(days=number * 7 % DUE_WITHIN - 10),
            }
            for number, key in enumerate(keys)
        ),
    )  # fmt: skip
    for area in Area.objects.filter(pk__in={cell.parent_id for cell in cells}):
        ask_for_plan(area)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _lists(ctx: Context) -> list[Result]:
    """Measure the tabs for a community and for the whole city."""
    busiest = VisitPlan.objects.order_by("-planned").values_list("area", flat=True)[0]
    station = Unit.objects.filter(kind=UnitKind.COMMUNITY, home_area=busiest).first()
    centre = Unit.objects.get(kind=UnitKind.CENTRE, level=Level.CITY)
    results = []
    for name, role, unit in (("community", "community_secretary", station), ("city", "grid_manager", centre)):
        client = signed_in(role, unit, f"bench-{name}")
        for tab in ("today", "overdue", "all"):
            page = measure(ctx, client, [f"{reverse('grid:rentals')}?tab={tab}"])
            results.append(median_of(f"rentals, {name}, {tab}: p95", page.p95s, "ms", 100, LOWER))
    return results
