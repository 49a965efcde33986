"""Institutional changes 机构变更 that end a unit or make several of one: merge, split, close.

The ended unit keeps its id, names and past cases; `successor` says who does its work from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid.choices import UnitChangeKind
from grid.models import RoleGrant, Staff, Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from .roles import follow_roles
from .units import NewUnit, create_units, keep_change, lock_tree, lock_unit, put_below, refuse_day


@transaction.atomic
def merge_units(
    unit_id: int, into_id: int, effective_on: date, *, by: Actor, now: datetime, document: str = ""
) -> Unit:
    """End a unit in another, which takes over what lies below it, its people, their roles."""
    lock_tree()
    unit, into = lock_unit(unit_id, by), _lock_successor(unit_id, into_id, by)
    refuse_day(effective_on, unit, now)
    taken = _hand_over(unit, into)
    _end(unit, into, effective_on)
    after = {"successor": into.name, **taken}
    keep_change(
        UnitChangeKind.MERGE,
        unit,
        effective_on,
        document,
        before={"name": unit.name},
        after=after,
        others=[into],
    )
    audit.record("unit.merged", unit, by=by, now=now, changes=after, note=document)
    return into


@transaction.atomic
def split_unit(
    unit_id: int,
    parts: Sequence[NewUnit | str],
    effective_on: date,
    *,
    by: Actor,
    now: datetime,
    heir: str = "",
    document: str = "",
) -> list[Unit]:
    """Set up `parts` out of a unit; with `heir`, the code of one part, the unit ends and it follows.

    A part given by its code alone was set up before, so that the duty list could name it.
    """
    lock_tree()
    unit = lock_unit(unit_id, by)
    refuse_day(effective_on, unit, now)
    if not parts or (heir and len(parts) < 2):
        raise BadInput(_("A split needs parts: at least one new unit, two when the old one ends."), field="parts")
    if heir and heir not in _codes(parts):
        raise BadInput(_("The successor must be one of the parts."), field="heir")
    units = _set_up(parts, by=by, now=now, document=document)
    after: dict = {"parts": [part.name for part in units]}
    if heir:
        successor = next(part for part in units if part.code == heir)
        after |= {"successor": successor.name, **_hand_over(unit, successor)}
        _end(unit, successor, effective_on)
    keep_change(
        UnitChangeKind.SPLIT,
        unit,
        effective_on,
        document,
        before={"name": unit.name},
        after=after,
        others=units,
    )
    audit.record("unit.split", unit, by=by, now=now, changes=after, note=document)
    return units


@transaction.atomic
def close_unit(
    unit_id: int,
    successor_id: int | None,
    effective_on: date,
    *,
    by: Actor,
    now: datetime,
    document: str = "",
) -> Unit:
    """End a unit that nothing lies below and nobody works at; the successor does its work from then on.

    Raises Refused naming what is left (units below, people, roles), BadInput(field="successor") without one.
    """
    lock_tree()
    unit = lock_unit(unit_id, by)
    if successor_id is None:
        raise BadInput(_("Somebody must do its work: name the successor."), field="successor")
    successor = _lock_successor(unit_id, successor_id, by)
    refuse_day(effective_on, unit, now)
    _refuse_what_is_left(unit)
    _end(unit, successor, effective_on)
    after = {"successor": successor.name}
    keep_change(
        UnitChangeKind.CLOSE,
        unit,
        effective_on,
        document,
        before={"name": unit.name},
        after=after,
        others=[successor],
    )
    audit.record("unit.closed", unit, by=by, now=now, changes=after, note=document)
    return unit


def _codes(parts: Sequence[NewUnit | str]) -> list[str]:
    return [part if isinstance(part, str) else part.code for part in parts]


def _set_up(parts: Sequence[NewUnit | str], *, by: Actor, now: datetime, document: str) -> list[Unit]:
    """Return the parts in the order given, the new ones set up. Raises BadInput for a code no unit has."""
    create_units([part for part in parts if isinstance(part, NewUnit)], by=by, now=now, document=document)
    units = Unit.objects.in_bulk(_codes(parts), field_name="code")
    if missing := [code for code in _codes(parts) if code not in units]:
        raise BadInput(_("There is no unit with the code %(code)s.") % {"code": missing[0]}, field="parts")
    return [lock_unit(units[code].pk, by) for code in _codes(parts)]


def _lock_successor(unit_id: int, successor_id: int, by: Actor) -> Unit:
    if unit_id == successor_id:
        raise BadInput(_("A unit cannot succeed itself."), field="successor")
    return lock_unit(successor_id, by)


def _hand_over(unit: Unit, into: Unit) -> dict[str, int]:
    """Move units below, people and roles, and return how many of each."""
    if into.path.startswith(unit.path):
        raise Refused(_("%(into)s lies below %(unit)s: move it out first.") % {"into": into, "unit": unit})
    children = list(unit.children.filter(closed_on=None).select_related("home_area"))
    put_below(children, into)
    staff = Staff.objects.filter(unit=unit).update(unit=into)
    grants = list(RoleGrant.objects.select_for_update().filter(unit=unit))
    held = set(RoleGrant.objects.filter(unit=into).values_list("staff_id", "role_id"))
    doubled = [grant.pk for grant in grants if (grant.staff_id, grant.role_id) in held]
    RoleGrant.objects.filter(pk__in=doubled).delete()
    RoleGrant.objects.filter(unit=unit).update(unit=into)
    follow_roles(grant.staff_id for grant in grants)
    return {"units": len(children), "staff": staff, "roles": len(grants)}


def _end(unit: Unit, successor: Unit, effective_on: date) -> None:
    unit.closed_on, unit.successor = effective_on, successor
    unit.save(update_fields=["closed_on", "successor"])


def _refuse_what_is_left(unit: Unit) -> None:
    below = unit.children.filter(closed_on=None).count()
    if below:
        raise Refused(_("%(count)s open units lie below it: move or close them first.") % {"count": below})
    people = Staff.objects.filter(unit=unit, is_active=True).count()
    if people:
        raise Refused(_("%(count)s members of staff belong to it: move them first.") % {"count": people})
    roles = RoleGrant.objects.filter(unit=unit).count()
    if roles:
        raise Refused(_("%(count)s roles are held at it: withdraw them first.") % {"count": roles})
