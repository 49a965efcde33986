"""Rentals enter by their house code, lie where their building lies, and leave with everything about their people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act, Level, RentalKind
from grid.models import Area, Building, Rental, Room, VisitPlan
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, StalePage
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

MAY_KEEP = (Act.GRID_ROUND.value, Act.MANAGE_GRID.value, SYSTEM)
NAME_LENGTH = 120
BUILDING_LENGTH, ROOM_LENGTH = 19, 25


@dataclass(frozen=True)
class NewRental:
    """What is let: the house code of a building (19 characters) or a room (25); without a name it has the place's."""

    house_code: str
    kind: str
    name: str = ""


@transaction.atomic
def register_rental(data: NewRental, *, by: Actor, now: datetime) -> Rental:
    """Register what is let; it is to be visited within a few days (parameter).

    Raises BadInput naming the field: an unknown kind or code (one of another territory is unknown, too), a code that
    does not fit the kind, a rental that is registered already. NotAllowed without the act.
    """
    building, room = _find_place(data.house_code)
    if data.kind not in RentalKind.values:
        raise BadInput(_("Choose what is let."), field="kind")
    if (data.kind == RentalKind.BUILDING) == (room is not None) and data.kind != RentalKind.PLACE:
        text = _("A whole building has the code of a building (19 characters), a room the code of a room (25).")
        raise BadInput(text, field="house_code")
    name = checked_text(data.name, NAME_LENGTH, field="name") or str(room or building)[:NAME_LENGTH]
    today = timezone.localdate(now)
    rental = Rental(building=building, room=room, kind=data.kind, name=name, created_at=now, due_on=_first_due(today))
    _require_sight(rental, by)
    if Rental.objects.filter(building=building, room=room, kind=data.kind, name=name).exists():
        raise BadInput(_("This rental is registered already."), field="house_code")
    rental.save(force_insert=True)
    ask_for_plan(building.area)
    audit.record("rental.registered", rental, by=by, now=now, changes={"house_code": rental.house_code})
    return rental


@transaction.atomic
def set_rental_let(rental_id: int, is_let: bool, *, by: Actor, now: datetime) -> Rental:
    """Say that it is let no longer, which removes its people, or that it is let again, which asks for a visit."""
    rental = lock_rental(rental_id, by=by)
    access.require(by, MAY_KEEP, rental)
    if rental.is_active == is_let:
        raise IllegalMove(_("Nothing was changed."))
    rental.is_active, rental.row_version = is_let, rental.row_version + 1
    rental.due_on = _first_due(timezone.localdate(now)) if is_let else None
    rental.planned_on = rental.planned_for = None
    rental.save(update_fields=["is_active", "row_version", "due_on", "planned_on", "planned_for"])
    changes: dict = {"is_active": [not is_let, is_let]}
    if is_let:
        ask_for_plan(rental.building.area)
    else:
        changes["people"] = rental.people.all().delete()[0]
    audit.record("rental.changed", rental, by=by, now=now, changes=changes)
    return rental


def lock_rental(rental_id: int, *, by: Actor, row_version: int | None = None) -> Rental:
    """Return the rental, locked, with its place. Raises OutOfSight, and StalePage when the page was an older one."""
    rental = (
        Rental.objects.select_for_update(of=("self",))
        .select_related("building__area", "room", "level__scheme")
        .filter(pk=rental_id)
        .first()
    )
    if rental is None or (by.user is not None and not access.can_see(by.user, rental)):
        raise OutOfSight(_("Not found."))
    if row_version is not None and rental.row_version != row_version:
        raise StalePage(_("Somebody changed this rental meanwhile; look at it again."))
    return rental


def ask_for_plan(area: Area) -> None:
    """Have the visits of the community in which `area` lies planned anew; a sweep does it."""
    plan, is_new = VisitPlan.objects.get_or_create(area=community_of(area))
    if not is_new and plan.made_on:
        VisitPlan.objects.filter(pk=plan.pk).update(made_on=None)


def community_of(area: Area) -> Area:
    """Return the community an area lies in; an area wider than a community is its own."""
    return Area.objects.containing(area).filter(level=Level.COMMUNITY).first() or area


def _find_place(code: str) -> tuple[Building, Room | None]:
    code = checked_text(code, ROOM_LENGTH, field="house_code").upper()
    rows = Building.objects.select_related("area").select_for_update(of=("self",))
    building = rows.filter(code=code[:BUILDING_LENGTH], is_active=True).first()
    room = None
    if building is not None and len(code) != BUILDING_LENGTH:
        room = Room.objects.filter(code=code, building=building, is_active=True).first()
    if building is None or (room is None and len(code) != BUILDING_LENGTH):
        raise _unknown_place()
    return building, room


def _require_sight(rental: Rental, by: Actor) -> None:
    """Let in who may keep the rental; a place of another territory is answered like one that is not there."""
    try:
        access.require(by, MAY_KEEP, rental)
    except OutOfSight:
        raise _unknown_place() from None


def _unknown_place() -> BadInput:
    return BadInput(_("The address register has no building or room with this code here."), field="house_code")


def _first_due(today):
    return today + timedelta(days=get_parameter("rental.first_visit_days", today))
