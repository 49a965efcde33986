"""Owners and tenants: kept encrypted, shown to who says what for, for a while; every look is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import TenancyRole
from grid.models import Rental, RentalLook, RentalPerson
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .registering import MAY_KEEP, lock_rental

PURPOSE_LENGTH = range(4, 201)
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,19}")
IDENTITY = re.compile(r"[0-9A-Za-z()（）-]{5,30}")
MOST_PEOPLE = 200  # of one rental; a whole building has many tenants


@dataclass(frozen=True)
class NewPerson:
    """An owner or a tenant as the form gives it."""

    role: str
    name: str
    phone: str = ""
    identity_number: str = ""


@dataclass(frozen=True)
class ShownPeople:
    """The people of a rental in clear, and until when the page may show them."""

    people: list[RentalPerson]
    until: datetime


@transaction.atomic
def add_person(rental_id: int, data: NewPerson, *, by: Actor, now: datetime) -> RentalPerson:
    """Add an owner or a tenant. Raises BadInput naming the field; nothing of the person is written into the log."""
    rental = lock_rental(rental_id, by=by)
    access.require(by, MAY_KEEP, rental)
    if not rental.is_active:
        raise IllegalMove(_("This is let no longer; say first that it is let again."))
    if rental.people.count() >= MOST_PEOPLE:
        raise BadInput(_("A rental has at most %(most)s people.") % {"most": MOST_PEOPLE})
    person = _checked(rental, data, by, now)
    person.save(force_insert=True)
    audit.record("rental.person_added", rental, by=by, now=now, changes={"person": person.pk, "role": person.role})
    return person


@transaction.atomic
def remove_person(rental_id: int, person_id: int, *, by: Actor, now: datetime) -> None:
    """Remove somebody who left; nothing of the person stays."""
    rental = lock_rental(rental_id, by=by)
    access.require(by, MAY_KEEP, rental)
    person = rental.people.filter(pk=person_id).first()
    if person is None:
        raise OutOfSight(_("Not found."))
    person.delete()
    audit.record("rental.person_removed", rental, by=by, now=now, changes={"person": person_id, "role": person.role})


@transaction.atomic
def ask_look(rental_id: int, *, purpose: str, by: Actor, now: datetime) -> RentalLook:
    """Say what the people of a rental are needed for; they may then be seen for some minutes (parameter).

    Raises BadInput for a purpose of another length than 4 to 200; NotAllowed or OutOfSight.
    """
    rental = _rental(rental_id, by)
    purpose = checked_text(purpose, PURPOSE_LENGTH.stop, field="purpose")
    if len(purpose) not in PURPOSE_LENGTH:
        raise BadInput(_("Say in 4 to 200 characters what you need it for."), field="purpose")
    until = now + timedelta(minutes=get_parameter("rental.look_minutes", timezone.localdate(now)))
    look = RentalLook(rental=rental, staff=by.user, purpose=purpose, asked_at=now, visible_until=until)
    look.save(force_insert=True)
    audit.record("rental.look_asked", rental, by=by, now=now, changes={"look": look.pk}, note=purpose)
    return look


@transaction.atomic
def view_people(rental_id: int, *, by: Actor, now: datetime) -> ShownPeople:
    """Show the people to somebody whose time has not run out; the look is recorded with its purpose."""
    rental = _rental(rental_id, by)
    look = current_look(rental, by, now)
    if look is None:
        raise NotAllowed(_("Say first what you need it for; the time of an earlier look is over."))
    people = list(rental.people.all())
    facts = {"look": look.pk, "people": [person.pk for person in people]}
    audit.record("rental.people_viewed", rental, by=by, now=now, changes=facts, note=look.purpose)
    return ShownPeople(people, look.visible_until)


def current_look(rental: Rental, by: Actor, now: datetime) -> RentalLook | None:
    """Return the look of this person whose time has not run out."""
    looks = RentalLook.objects.filter(rental=rental, staff=by.user, visible_until__gt=now)
    return looks.order_by("-visible_until").first()


def _rental(rental_id: int, by: Actor) -> Rental:
    rental = Rental.objects.select_related("building__area").filter(pk=rental_id).first()
    if rental is None or by.user is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_KEEP, rental)
    return rental


def _checked(rental: Rental, data: NewPerson, by: Actor, now: datetime) -> RentalPerson:
    if data.role not in TenancyRole.values:
        raise BadInput(_("Choose who it is."), field="role")
    name = checked_text(data.name, 60, field="name")
    if not name:
        raise BadInput(_("Give the name."), field="name")
    phone = checked_text(data.phone, 21, field="phone")
    if phone and not PHONE.fullmatch(phone):
        raise BadInput(_("This is no phone number."), field="phone")
    identity = checked_text(data.identity_number, 30, field="identity_number")
    if identity and not IDENTITY.fullmatch(identity):
        raise BadInput(_("This is no identity number."), field="identity_number")
    return RentalPerson(
        rental=rental, role=data.role, name=name, phone=phone, identity_number=identity, added_at=now,
        added_by=by.name[:120],
    )  # fmt: skip
