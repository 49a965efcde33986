"""Patrol plans 巡查计划: made, changed and ended by who plans the grid's work in the own territory.

A change holds from the next day whose task is not made yet: what was asked of a team today stays as it was asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act, Level
from grid.models import Area, Building, RoundKind, RoundPlan, RoundPoint
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight
from shenzhen_gov.core.texts import checked_text

MAY_PLAN = (Act.MANAGE_GRID.value, SYSTEM)
NAME_LENGTH, CODE_LENGTH, CHECK_LENGTH, LONGEST_LIST = 80, 25, 100, 2_000
MOST_POINTS, MOST_DAYS = 60, 366
FIELDS = (
    "area", "kind", "name", "every_days", "weekdays", "workdays_only", "opens_at", "closes_at", "check_list",
    "valid_from", "valid_until",
)  # fmt: skip


@dataclass(frozen=True)
class NewRoundPoint:
    """A point to pass: `building` is a building's 19-character code, `code` what hangs there (a QR point's code)."""

    name: str
    building: str = ""
    code: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """What a plan says; `area` and `kind` by their codes, `weekdays` as digits (1 = Monday; empty: every day)."""

    area: str
    kind: str
    name: str
    opens_at: time
    closes_at: time
    valid_from: date
    points: Sequence[NewRoundPoint]
    valid_until: date | None = None
    every_days: int = 1
    weekdays: str = ""
    workdays_only: bool = False
    check_list: str = ""


@transaction.atomic
def create_plan(data: NewPlan, *, by: Actor, now: datetime) -> RoundPlan:
    """Make a plan; its first task is made on the first day it is valid, today included.

    Raises BadInput naming the field, NotAllowed or OutOfSight for the territory.
    """
    plan = RoundPlan(made_by=by.name[:120])
    _fill(plan, data, by)
    plan.made_until = max(data.valid_from, timezone.localdate(now)) - timedelta(days=1)
    points = _points(data.points, plan)
    plan.save(force_insert=True)
    RoundPoint.objects.bulk_create(points)
    audit.record("round_plan.created", plan, by=by, now=now, changes=_facts(plan, points))
    return plan


@transaction.atomic
def change_plan(plan_id: int, data: NewPlan, *, by: Actor, now: datetime) -> RoundPlan:
    """Change a plan and its points for the days whose task is not made yet."""
    plan = lock_plan(plan_id, by)
    before = _facts(plan, list(plan.points.filter(is_active=True)))
    _fill(plan, data, by)
    points = _points(data.points, plan)
    plan.save()
    plan.points.filter(is_active=True).update(is_active=False)
    RoundPoint.objects.bulk_create(points)
    after = _facts(plan, points)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    audit.record("round_plan.changed", plan, by=by, now=now, changes=changes)
    return plan


@transaction.atomic
def end_plan(plan_id: int, *, by: Actor, now: datetime) -> RoundPlan:
    """End a plan with today: nothing is asked from tomorrow on. Raises IllegalMove when it is over already."""
    plan, today = lock_plan(plan_id, by), timezone.localdate(now)
    if plan.valid_until is not None and plan.valid_until <= today:
        raise IllegalMove(_("This plan has ended already."))
    before = plan.valid_until
    plan.valid_until = max(today, plan.valid_from)
    plan.save(update_fields=["valid_until"])
    changes = {"valid_until": [before, plan.valid_until]}
    audit.record("round_plan.changed", plan, by=by, now=now, changes=changes)
    return plan


def lock_plan(plan_id: int, by: Actor) -> RoundPlan:
    """Return the locked plan that `by` may change."""
    found = RoundPlan.objects.select_for_update(of=("self",)).select_related("area", "kind")
    plan = found.filter(pk=plan_id).first()
    if plan is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_PLAN, plan)
    return plan


def _fill(plan: RoundPlan, data: NewPlan, by: Actor) -> None:
    """Set what a plan says, checked; the area must be one that `by` plans for."""
    plan.area = _area(data.area)
    plan.kind = _kind(data.kind)
    access.require(by, MAY_PLAN, plan)
    plan.name = checked_text(data.name, NAME_LENGTH, field="name") or str(plan.kind)
    plan.check_list = checked_text(data.check_list, LONGEST_LIST, field="check_list") or plan.kind.check_list
    if any(len(line) > CHECK_LENGTH for line in plan.checks):
        raise BadInput(_("A line of the check list has at most %(most)s characters.") % {"most": CHECK_LENGTH},
                       field="check_list")  # fmt: skip
    _check_rhythm(data)
    for name in ("every_days", "workdays_only", "opens_at", "closes_at", "valid_from", "valid_until"):
        setattr(plan, name, getattr(data, name))
    plan.weekdays = "".join(sorted(set(data.weekdays)))


def _check_rhythm(data: NewPlan) -> None:
    if not 1 <= data.every_days <= MOST_DAYS:
        raise BadInput(_("Between 1 and %(most)s days.") % {"most": MOST_DAYS}, field="every_days")
    if set(data.weekdays) - set("1234567"):
        raise BadInput(_("Weekdays are the digits 1 (Monday) to 7."), field="weekdays")
    if data.weekdays and data.every_days != 1:
        raise BadInput(_("Either certain weekdays or every few days, not both."), field="every_days")
    if data.closes_at <= data.opens_at:
        raise BadInput(_("The end lies before the beginning."), field="closes_at")
    if data.valid_until is not None and data.valid_until < data.valid_from:
        raise BadInput(_("The last day lies before the first."), field="valid_until")


def _area(code: str) -> Area:
    found = Area.objects.filter(code=checked_text(code, 20, field="area"), is_active=True, level__gte=Level.COMMUNITY)
    area = found.first()
    if area is None:
        raise BadInput(_("Choose a community, a cell or a sub-cell."), field="area")
    return area


def _kind(code: str) -> RoundKind:
    kind = RoundKind.objects.filter(code=checked_text(code, 40, field="kind"), is_active=True).first()
    if kind is None:
        raise BadInput(_("Choose what the round looks after."), field="kind")
    return kind


def _points(given: Sequence[NewRoundPoint], plan: RoundPlan) -> list[RoundPoint]:
    """Return the unsaved points of a plan."""
    if not 0 < len(given) <= MOST_POINTS:
        raise BadInput(_("A round passes 1 to %(most)s points.") % {"most": MOST_POINTS}, field="points")
    codes = {checked_text(point.building, CODE_LENGTH, field="points") for point in given if point.building}
    buildings = {one.code: one for one in Building.objects.below(plan.area).filter(code__in=codes)}
    return [_point(number, point, plan, buildings) for number, point in enumerate(given, 1)]


def _point(number: int, given: NewRoundPoint, plan: RoundPlan, buildings: dict[str, Building]) -> RoundPoint:
    name = checked_text(given.name, NAME_LENGTH, field="points")
    if not name:
        raise BadInput(_("Point %(number)s has no name.") % {"number": number}, field="points")
    if given.building and given.building not in buildings:
        text = _("Point %(number)s: no building of %(area)s has the code “%(code)s”.")
        facts = {"number": number, "area": plan.area, "code": given.building[:CODE_LENGTH]}
        raise BadInput(text % facts, field="points")
    if not is_place(given.longitude, given.latitude):
        raise BadInput(_("Point %(number)s: not a place on the globe.") % {"number": number}, field="points")
    return RoundPoint(
        plan=plan, order=number, name=name, building=buildings.get(given.building),
        code=checked_text(given.code, CODE_LENGTH, field="points"), longitude=given.longitude, latitude=given.latitude,
    )  # fmt: skip


def is_place(longitude: float | None, latitude: float | None) -> bool:
    """Whether both are given and on the globe, or neither."""
    if longitude is None or latitude is None:
        return longitude is latitude
    return math.isfinite(longitude) and math.isfinite(latitude) and abs(longitude) <= 180 and abs(latitude) <= 90


def _facts(plan: RoundPlan, points: Sequence[RoundPoint]) -> dict:
    facts = {name: getattr(plan, name) for name in FIELDS}
    facts |= {"area": str(plan.area), "kind": plan.kind.code, "points": [point.name for point in points]}
    return {name: str(value) if isinstance(value, (date, time)) else value for name, value in facts.items()}
