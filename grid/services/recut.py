"""区划调整: communities and cells cut anew on a planned day. What was there before stays as history.

The cut itself is one transaction: new areas, what moves below them, the unit of an area that ends with its people and
roles, and what grid itself holds for it (recut_following). Buildings follow in batches. What the layers above hold
(cases, QR points, the duty list) they move themselves, by where a building lies now and by `Area.successor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import COVERING_KINDS, Act, Level, RecutState
from grid.models import Area, Building, GridPost, Recut, Unit
from grid.selectors.recut_places import RecutPlaces, followers_of
from grid.selectors.territory import answering_unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, Refused

from .buildings import index_buildings
from .institutions import close_unit, merge_units
from .recut_checks import check_plan
from .recut_following import follow, follow_outline
from .trees import path_below, reserve_ids
from .units import NewUnit, create_units, lock_tree, put_below

MAY_RECUT = (Act.MANAGE_GRID.value, Act.MANAGE_SYSTEM.value)
MOVED_AT_ONCE = 5000  # buildings in one transaction
_SYSTEM = Actor.system("recut")  # units ask for an administrator; planning asked for the act at the district


@dataclass(frozen=True)
class RecutTarget:
    """An area that takes something: new with a name, existing without. `takes` are codes of areas and buildings."""

    code: str
    name: str = ""
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewRecut:
    """A re-cut to be planned."""

    area_id: int
    targets: Sequence[RecutTarget]
    effective_on: date
    document: str
    ends: bool = True


@transaction.atomic
def plan_recut(data: NewRecut, *, by: Actor, now: datetime) -> Recut:
    """Plan a re-cut of a community or cell, all checked now and again on its day.

    New areas and their units are set up at once, so that the duty list, posts and people can be given to them.

    Raises BadInput naming the field (and the line of `targets`), OutOfSight or NotAllowed for the district.
    """
    area = Area.objects.filter(pk=data.area_id).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_RECUT, _district(area))
    if data.effective_on < timezone.localdate(now):
        raise BadInput(_("A plan is for today or later."), field="effective_on")
    if not data.document.strip():
        raise BadInput(_("Name the document that decides it."), field="document")
    if Recut.objects.filter(area=area, state=RecutState.PLANNED).exists():
        raise BadInput(_("Another re-cut of %(area)s is planned already.") % {"area": area}, field="area")
    targets = [{"code": one.code, "name": one.name.strip(), "takes": list(one.takes)} for one in data.targets]
    check_plan(area, targets, ends=data.ends)
    plan = Recut(
        area=area, ends=data.ends, targets=targets, effective_on=data.effective_on, created_at=now,
        created_by=by.user, document=data.document.strip()[:200],
    )  # fmt: skip
    plan.save(force_insert=True)
    _set_up(plan, now)
    facts = {"area": area.name, "into": [one["code"] for one in targets], "day": str(plan.effective_on)}
    audit.record("recut.planned", plan, by=by, now=now, changes=facts, note=plan.document)
    return plan


@transaction.atomic
def cancel_recut(plan_id: int, *, by: Actor, now: datetime) -> Recut:
    """Give a plan up before its day."""
    plan = _lock(plan_id)
    if plan is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_RECUT, _district(plan.area))
    if plan.state != RecutState.PLANNED:
        raise IllegalMove(_("The plan is “%(state)s” already.") % {"state": plan.get_state_display()})
    _take_down(plan, now)
    plan.state = RecutState.CANCELLED
    plan.save(update_fields=["state"])
    audit.record("recut.cancelled", plan, by=by, now=now)
    return plan


@transaction.atomic
def cut(plan_id: int, *, by: Actor, now: datetime, obstacle: str = "") -> bool:
    """Carry out a plan whose day has come: whole, or not at all with the reason noted. Safe to call again.

    `obstacle` is what a layer above found in its way.
    """
    plan = _lock(plan_id, skip_locked=True)
    if plan is None or plan.state != RecutState.PLANNED or plan.effective_on > timezone.localdate(now):
        return False
    try:
        with transaction.atomic():
            if obstacle:
                raise Refused(obstacle)
            followed = _cut(plan, now)
    except Refused as refusal:
        _note_problem(plan, str(refusal), by, now)
        return False
    plan.state, plan.cut_at, plan.problem = RecutState.MOVING, now, ""
    plan.save(update_fields=["state", "cut_at", "problem"])
    audit.record("recut.cut", plan, by=by, now=now, changes=followed, note=plan.document)
    return True


@transaction.atomic
def move_buildings(*, by: Actor, now: datetime, limit: int = MOVED_AT_ONCE) -> int:
    """Let the next buildings of a re-cut follow; returns how many. A plan without any left is done."""
    moving = Recut.objects.select_for_update(skip_locked=True, of=("self",)).select_related("area")
    plan = moving.filter(state=RecutState.MOVING).order_by("id").first()
    if plan is None:
        return 0
    into = Area.objects.in_bulk([one["code"] for one in plan.targets], field_name="code")
    moved = 0
    for one in plan.targets:
        if moved < limit:
            rows = Building.objects.filter(area=plan.area, code__in=one["takes"])
            moved += _move(rows, into[one["code"]], limit - moved)
    if plan.ends and moved < limit:
        moved += _move(Building.objects.filter(area=plan.area), into[plan.targets[0]["code"]], limit - moved)
    if moved < limit:
        plan.state, plan.done_at = RecutState.DONE, now
        plan.save(update_fields=["state", "done_at"])
        audit.record("recut.done", plan, by=by, now=now)
    return moved


def _move(rows, into: Area, limit: int) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    Building.objects.filter(pk__in=ids).update(area=into)
    return index_buildings(ids)


def _cut(plan: Recut, now: datetime) -> dict[str, int]:
    """Move what lies below and what follows, end the old area; returns how many followed, by model.

    Raises Refused, and then nothing has happened.
    """
    lock_tree()
    check_plan(plan.area, plan.targets, ends=plan.ends)
    places = RecutPlaces(plan)
    followers = followers_of(places, now)
    unit = _unit_at(plan.area)
    into = _targets(plan)
    units = {area.pk: _unit_at(area) for area in into}
    below = {area.code: area for area in Area.objects.filter(parent=plan.area, is_active=True)}
    for area, one in zip(into, plan.targets, strict=True):
        _move_areas([below.pop(code) for code in one["takes"] if code in below], area, units[area.pk])
    followed = follow(followers, units, now)
    if not plan.ends:
        return followed
    heir = into[0]
    _move_areas(list(below.values()), heir, units[heir.pk])
    GridPost.objects.filter(area=plan.area, ends_on=None).update(area=heir)
    _end_unit(unit, units[heir.pk] or answering_unit(heir, COVERING_KINDS), plan, now)
    if places.is_whole:
        is_new = bool(plan.targets[0].get("is_made"))
        follow_outline(plan.area, heir, is_new=is_new, source=plan.document, now=now)
    plan.area.is_active, plan.area.successor = False, heir
    plan.area.save(update_fields=["is_active", "successor"])
    return followed


def _targets(plan: Recut) -> list[Area]:
    """Return the areas that take something, locked, in the order of the plan."""
    codes = [one["code"] for one in plan.targets]
    known = Area.objects.select_for_update(no_key=True, of=("self",)).in_bulk(codes, field_name="code")
    return [known[code] for code in codes]


def _set_up(plan: Recut, now: datetime) -> None:
    """Set the new areas up beside the one that is cut, each with a unit like the one there."""
    lock_tree()
    known = set(Area.objects.filter(code__in=[one["code"] for one in plan.targets]).values_list("code", flat=True))
    new = [one for one in plan.targets if one["code"] not in known]
    parent, like = plan.area.parent, _unit_at(plan.area)
    made = [
        Area(
            pk=own_id, code=one["code"], name=one["name"], short_name=one["name"], level=plan.area.level,
            parent=parent, path=path_below(parent, own_id), source=plan.document[:120],
        )
        for one, own_id in zip(new, reserve_ids(Area, len(new)), strict=True)
    ]  # fmt: skip
    Area.objects.bulk_create(made)
    for one in new:
        one["is_made"] = True
    plan.save(update_fields=["targets"])
    if like is not None and like.parent is not None:
        create_units([_like(like, area, now) for area in made], by=_SYSTEM, now=now, document=plan.document)


def _like(unit: Unit, area: Area, now: datetime) -> NewUnit:
    name = area.name if area.level == Level.COMMUNITY else f"{area.parent}{area.short_name}"
    return NewUnit(
        code=f"{'cell' if area.level == Level.CELL else 'area'}-{area.code}", function=unit.function, kind=unit.kind,
        level=unit.level, name=name, parent=unit.parent.code if unit.parent else "", home_area=area.code,
        opened_on=timezone.localdate(now),
    )  # fmt: skip


def _take_down(plan: Recut, now: datetime) -> None:
    """Put the areas that were set up for a plan out of use; refused while somebody works there or a list names them."""
    made = Area.objects.filter(code__in=[one["code"] for one in plan.targets if one.get("is_made")])
    unit = _unit_at(plan.area)
    for area in made:
        own = _unit_at(area)
        if own is not None and unit is not None:
            close_unit(own.pk, unit.pk, timezone.localdate(now), by=_SYSTEM, now=now, document=plan.document)
    made.update(is_active=False, successor=plan.area)


def _unit_at(area: Area) -> Unit | None:
    """Return the unit at home in `area` that answers for it or walks it."""
    return Unit.objects.filter(home_area=area, kind__in=COVERING_KINDS, closed_on=None).select_related("parent").first()


def _move_areas(areas: Sequence[Area], into: Area, unit: Unit | None) -> None:
    """Hang areas, with everything below them and their teams, under another one."""
    for area in areas:
        old, new = area.path, path_below(into, area.pk)
        Area.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
        Area.objects.filter(pk=area.pk).update(parent=into)
    if unit is not None:
        teams = Unit.objects.filter(home_area__in=areas, kind__in=COVERING_KINDS, closed_on=None)
        put_below(list(teams.select_related("home_area")), unit)


def _end_unit(unit: Unit | None, heir: Unit | None, plan: Recut, now: datetime) -> None:
    """Close the unit of an area that ends: people, roles and what lies below go on at the successor's."""
    if unit is not None and heir is not None and unit.pk != heir.pk:
        merge_units(unit.pk, heir.pk, timezone.localdate(now), by=_SYSTEM, now=now, document=plan.document)


def _lock(plan_id: int, *, skip_locked: bool = False) -> Recut | None:
    plans = Recut.objects.select_for_update(skip_locked=skip_locked, of=("self",))
    return plans.select_related("area__parent").filter(pk=plan_id).first()


def _note_problem(plan: Recut, problem: str, by: Actor, now: datetime) -> None:
    """Keep why it was not carried out; said once, not every minute."""
    if plan.problem != problem:
        plan.problem = problem
        plan.save(update_fields=["problem"])
        audit.record("recut.failed", plan, by=by, now=now, note=problem)


def _district(area: Area) -> Area:
    """Return the district of an area: re-cuts are decided there."""
    found = Area.objects.containing(area).filter(level__lte=Level.DISTRICT).order_by("-level").first()
    return found or area
