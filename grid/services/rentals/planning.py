"""The visit plan 走访计划: every rental due soon has one day and, where somebody walks there, a visitor.

Communities are planned one after another, each once a day, and at once when something asks for it (`ask_for_plan`).
The day and the visitor stand in the rental's own row, so that no rental can be planned twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from grid import access
from grid.choices import Act, UnitKind
from grid.models import Area, Rental, StaffUnitPermission, VisitPlan
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.worktime import get_calendar

from .spreading import Due, share_out, spread

COMMUNITIES_AT_ONCE = 25
# A row whose due day changed meanwhile was visited: the plan leaves it alone.
WRITE = """
UPDATE grid_rental r SET planned_on = v.day, planned_for_id = v.walker
  FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::bigint[]) AS v(id, due, day, walker)
 WHERE r.id = v.id AND r.due_on = v.due AND r.is_active
   AND (r.planned_on, r.planned_for_id) IS DISTINCT FROM (v.day, v.walker)
"""


@dataclass(frozen=True)
class Planned:
    """One rental of the plan: its due day, its day, and who goes (None: nobody walks there)."""

    rental_id: int
    due: date
    day: date
    walker: int | None


@transaction.atomic
def ask_plan(community_id: int, *, by: Actor, now: datetime) -> VisitPlan:
    """Have a community's visits planned anew within a minute. Raises NotAllowed or OutOfSight."""
    plan = VisitPlan.objects.select_for_update(of=("self",)).select_related("area").get(area=community_id)
    access.require(by, Act.MANAGE_GRID, plan)
    plan.made_on = None
    plan.save(update_fields=["made_on"])
    audit.record("visit_plan.asked", plan, by=by, now=now)
    return plan


def plans_to_make(now: datetime) -> QuerySet[VisitPlan]:
    """Return the plans that are not of today."""
    return VisitPlan.objects.filter(Q(made_on__isnull=True) | Q(made_on__lt=timezone.localdate(now)))


@transaction.atomic
def plan_some(*, now: datetime, limit: int = COMMUNITIES_AT_ONCE) -> int:
    """Plan some communities whose plan is not of today and return how many; nothing is left when it returns 0.

    Raises MissingCalendarYear when the working days ahead are not known.
    """
    waiting = plans_to_make(now).select_related("area").order_by("pk")
    plans = list(waiting.select_for_update(of=("self",), skip_locked=True)[:limit])
    if not plans:
        return 0
    today = timezone.localdate(now)
    days = _days_ahead(today)
    areas = _areas_below([plan.area for plan in plans])
    walkers = _walkers(areas)
    due = _due(areas, days[-1])
    planned = _plan(due, days, walkers, get_parameter("rental.catch_up_days", today))
    _write(planned)
    _clear(areas, days[-1])
    _note(plans, areas, due, planned, now)
    return len(plans)


def _days_ahead(today: date) -> list[date]:
    """Return the working days of the weeks ahead; where all are free, the next working day alone."""
    calendar, horizon = get_calendar(), get_parameter("rental.plan_days", today)
    days = [day for n in range(horizon) if calendar.is_working_day(day := today + timedelta(days=n))]
    while not days:
        horizon += 1
        days = [day for day in [today + timedelta(days=horizon)] if calendar.is_working_day(day)]
    return days


def _areas_below(communities: Sequence[Area]) -> dict[int, Area]:
    condition = Q(pk__in=[])
    for area in communities:
        condition |= Q(path__startswith=area.path)
    return Area.objects.in_bulk(list(Area.objects.filter(condition).values_list("pk", flat=True)))


def _walkers(areas: dict[int, Area]) -> dict[int, list[int]]:
    """Return area → who walks there: the cell's team; where it has nobody, the community's."""
    rows = StaffUnitPermission.objects.filter(
        permission__codename=Act.GRID_ROUND,
        content_object__kind__in=[UnitKind.CELL, UnitKind.COMMUNITY],
        content_object__home_area__in=areas.keys(),
        user__is_active=True,
    )
    walkers: dict[int, list[int]] = defaultdict(list)
    for area_id, user_id in rows.order_by("user").values_list("content_object__home_area", "user").distinct():
        walkers[area_id].append(user_id)
    return walkers


@dataclass(frozen=True)
class _Row:
    due: Due
    area: Area


def _due(areas: dict[int, Area], last: date) -> list[_Row]:
    rows = Rental.objects.let().filter(building__area__in=areas.keys(), due_on__lte=last)
    found = rows.values_list("pk", "due_on", "building__area", "building__code")
    return [_Row(Due(pk, due, code), areas[area]) for pk, due, area, code in found]


def _plan(rows: list[_Row], days: list[date], walkers: dict[int, list[int]], catch_up: int) -> list[Planned]:
    """Spread the rentals of each beat (the area that one team walks) over its days and people."""
    beats: dict[int | None, list[Due]] = defaultdict(list)
    for row in rows:
        beats[_beat(row.area, walkers)].append(row.due)
    planned = []
    for beat, visits in beats.items():
        people = walkers[beat] if beat is not None else []
        for day, of_day in zip(days, spread(visits, days, max(1, len(people)), catch_up), strict=True):
            goes = share_out(of_day, people) if people else {}
            planned += [Planned(one.rental_id, one.by, day, goes.get(one.rental_id)) for one in of_day]
    return planned


def _beat(area: Area, walkers: dict[int, list[int]]) -> int | None:
    """Return the smallest area around `area` that somebody walks."""
    line = [int(part) for part in area.path.strip("/").split("/")]
    return next((area_id for area_id in reversed(line) if walkers.get(area_id)), None)


def _write(planned: list[Planned]) -> None:
    with connection.cursor() as cursor:
        columns = zip(*((one.rental_id, one.due, one.day, one.walker) for one in planned), strict=True)
        if planned:
            cursor.execute(WRITE, [list(column) for column in columns])


def _clear(areas: dict[int, Area], last: date) -> None:
    """Take out of the plan what is no longer due within it."""
    rows = Rental.objects.filter(building__area__in=areas.keys(), planned_on__isnull=False)
    rows.exclude(is_active=True, due_on__lte=last).update(planned_on=None, planned_for=None)


def _note(
    plans: list[VisitPlan], areas: dict[int, Area], rows: list[_Row], planned: list[Planned], now: datetime
) -> None:
    """Write when the plans were made and what is in them."""
    alone = {one.rental_id for one in planned if one.walker is None}
    for plan in plans:
        own = [row.due.rental_id for row in rows if row.area.path.startswith(plan.area.path)]
        plan.made_on, plan.made_at = timezone.localdate(now), now
        plan.planned, plan.without_visitor = len(own), sum(rental_id in alone for rental_id in own)
    VisitPlan.objects.bulk_update(plans, ["made_on", "made_at", "planned", "without_visitor"])
