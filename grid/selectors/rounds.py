"""Rounds as their pages show them: the tasks of a day, what was missed, the plans; and who walks an area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise

from grid import access
from grid.choices import TERRITORIAL_KINDS, Act, Level, UnitKind
from grid.models import Area, RoundCheckIn, RoundPlan, RoundPoint, RoundTask, Unit
from grid.querysets import RoundTaskQuerySet
from grid.workflow import DONE, OPEN_ROUNDS, ROUND
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.lists import Count, capped_count

from .territory import answering_unit

MOST_TASKS, MOST_AREAS = 60, 200
MISSED_DAYS = 7


def team_of(area: Area, on: date) -> Unit | None:
    """Return who walks `area`: the team of its cell, else the community that answers for it."""
    return answering_unit(area, (UnitKind.CELL, *TERRITORIAL_KINDS), on)


def todays_rounds(user, day: date) -> list[RoundTask]:
    """Return the rounds of a day that `user` walks, what is still to do first; not more than fit on a page."""
    rows = _walked_by(user).of_day(day).select_related("plan__kind", "area", "unit")
    found = list(rows.order_by("closes_at", "id")[:MOST_TASKS])
    return sorted(found, key=lambda task: (task.ended_at is not None, task.opens_at))


def missed_lately(user, day: date) -> Count:
    """Return how many rounds in sight were missed, or not walked wholly, in the last days; counted up to a cap."""
    since = day - timedelta(days=MISSED_DAYS - 1)
    return capped_count(RoundTask.objects.visible_to(user).missed().filter(day__gte=since))


def list_rounds(user) -> QuerySet[RoundTask]:
    """Return the rounds in sight."""
    return RoundTask.objects.visible_to(user).select_related("plan__kind", "area", "unit")


def list_plans(user) -> QuerySet[RoundPlan]:
    """Return the plans in sight."""
    return RoundPlan.objects.visible_to(user).select_related("area", "kind")


def get_plan(user, plan_id: int) -> RoundPlan | None:
    """Return one plan in sight with the points in use, or None."""
    points = RoundPoint.objects.filter(is_active=True).select_related("building")
    return list_plans(user).filter(pk=plan_id).prefetch_related(Prefetch("points", points)).first()


@dataclass(frozen=True)
class Stop:
    """One point of a round, and the check-in there, if any."""

    point: RoundPoint
    check_in: RoundCheckIn | None


@dataclass(frozen=True)
class RoundPage:
    """A round as its page shows it."""

    task: RoundTask
    stops: list[Stop]
    why_not_walk: str | Promise | None  # None: the user may check in now
    may_explain: bool

    @property
    def next_stop(self) -> Stop | None:
        """Return the first point not passed yet."""
        return next((stop for stop in self.stops if stop.check_in is None), None)


def get_round(user, task_id: int, now: datetime) -> RoundPage | None:
    """Return one round in sight, or None."""
    task = list_rounds(user).filter(pk=task_id).first()
    if task is None:
        return None
    made = {one.point_id: one for one in task.check_ins.select_related("staff")}
    points = RoundPoint.objects.filter(pk__in=task.point_ids).select_related("building").order_by("order", "id")
    by = Actor.staff(user)
    why_not = access.why_not(by, ROUND.moves["check_in"].acts, task) or ROUND.why_not("check_in", task)
    may_explain = access.why_not(by, ROUND.moves["explain"].acts, task) is None and not ROUND.why_not("explain", task)
    return RoundPage(task, [Stop(point, made.get(point.pk)) for point in points], why_not, may_explain)


@dataclass(frozen=True)
class OpenStop:
    """A point of an open round that is not passed yet, and the code that proves being there."""

    task: RoundTask
    point: RoundPoint
    code: str


def open_stops_at(user, plate: str, building: str, now: datetime) -> list[OpenStop]:
    """Return where `user` may check in at the place of a plate now: by its code, or by its building's.

    Looks only at today's open rounds of this person, so it costs the same whatever was walked before.
    """
    if not access.holds(user, Act.GRID_ROUND):
        return []
    running = _walked_by(user).filter(state__in=OPEN_ROUNDS, opens_at__lte=now, closes_at__gt=now)
    tasks = list(running.select_related("plan", "area").order_by("closes_at", "id")[:MOST_TASKS])
    if not tasks:
        return []
    at_place = Q(code__iexact=plate) | Q(building__code=building) if building else Q(code__iexact=plate)
    ids = {pk for task in tasks for pk in task.point_ids}
    points = {point.pk: point for point in RoundPoint.objects.filter(at_place, pk__in=ids).select_related("building")}
    passed = set(RoundCheckIn.objects.filter(task__in=tasks, point__in=points).values_list("task", "point"))
    return [
        OpenStop(task, points[pk], plate if plate.upper() in _upper(points[pk].codes) else building)
        for task in tasks
        for pk in task.point_ids
        if pk in points and (task.pk, pk) not in passed
    ]


def _upper(codes: set[str]) -> set[str]:
    return {code.upper() for code in codes}


def walked_areas(user) -> list[Area]:
    """Return the communities, cells and sub-cells in which `user` walks rounds, the smallest territory first."""
    return _areas(user, Act.GRID_ROUND)


def planned_areas(user) -> list[Area]:
    """Return the communities, cells and sub-cells for which `user` plans."""
    return _areas(user, Act.MANAGE_GRID)


def share_done(tasks: list[RoundTask]) -> tuple[int, int]:
    """Return how many of these rounds are done, and how many there are."""
    return sum(task.state == DONE for task in tasks), len(tasks)


def _areas(user, act: Act) -> list[Area]:
    found = access.areas_with(user, act).filter(level__gte=Level.COMMUNITY, is_active=True).order_by("path")
    return list(found[:MOST_AREAS])


def _walked_by(user) -> RoundTaskQuerySet:
    return RoundTask.objects.filter(area__in=access.areas_with(user, Act.GRID_ROUND))
