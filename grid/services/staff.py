"""Accounts of staff. What somebody may do is in the roles (services/roles.py), not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.models import RoleGrant, Staff, Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed

CHANGEABLE = ("last_name", "first_name", "post", "email", "is_active", "unit_id")


@dataclass(frozen=True)
class NewStaff:
    """An account to create. `last_name` is the family name."""

    username: str
    password: str
    unit_id: int
    last_name: str = ""
    first_name: str = ""
    post: str = ""
    email: str = ""
    is_sample: bool = False


def create_staff(new: NewStaff, *, by: Actor, now: datetime) -> Staff:
    """Create an account at an open unit. Raises BadInput with the field: username, password or unit."""
    return create_staff_accounts([new], by=by, now=now)[0]


@transaction.atomic
def create_staff_accounts(rows: Sequence[NewStaff], *, by: Actor, now: datetime) -> list[Staff]:
    """Create accounts, all or none.

    Hashing is slow on purpose, so people who are given the same first password share one hash of it.
    """
    hashes = {password: make_password(password) for password in {new.password for new in rows}}
    return [_create(new, hashes[new.password], by, now) for new in rows]


def _create(new: NewStaff, hashed: str, by: Actor, now: datetime) -> Staff:
    unit = _open_unit(new.unit_id)
    access.require_administration(by, unit)
    staff = Staff(
        username=new.username.strip(), password=hashed, unit=unit, last_name=new.last_name,
        first_name=new.first_name, post=new.post, email=new.email, is_sample=new.is_sample,
    )  # fmt: skip
    if Staff.objects.filter(username__iexact=staff.username).exists():
        raise BadInput(_("The user name %(name)s is taken.") % {"name": staff.username}, field="username")
    _check(staff, new.password)
    staff.save()
    audit.record("staff.created", staff, by=by, now=now, changes={"username": staff.username, "unit": unit.name})
    return staff


@transaction.atomic
def change_staff(staff_id: int, *, by: Actor, now: datetime, **given) -> Staff:
    """Change name, post, email, unit or `is_active`. Nothing else can be given."""
    staff = _lock_staff(staff_id, by)
    if unknown := given.keys() - set(CHANGEABLE):
        raise BadInput(_("This cannot be changed: %(field)s") % {"field": sorted(unknown)[0]})
    if by.user is not None and by.user.pk == staff.pk and given.get("is_active") is False:
        raise NotAllowed(_("Nobody switches their own account off."))
    if given.get("unit_id", staff.unit_id) != staff.unit_id:
        access.require_administration(by, _open_unit(given["unit_id"]))
    changes = {name: [getattr(staff, name), value] for name, value in given.items() if getattr(staff, name) != value}
    for name, value in given.items():
        setattr(staff, name, value)
    if changes:
        _check(staff)
        staff.save(update_fields=list(changes))
        audit.record("staff.changed", staff, by=by, now=now, changes=changes)
    return staff


@transaction.atomic
def set_password(staff_id: int, password: str, *, by: Actor, now: datetime) -> None:
    """Set somebody's password; who can do it can act as them, so it needs the act at all their units."""
    staff = _lock_staff(staff_id, by)
    _check(staff, password)
    staff.set_password(password)
    staff.save(update_fields=["password"])
    audit.record("staff.password_set", staff, by=by, now=now)


def _lock_staff(staff_id: int, by: Actor) -> Staff:
    """Return the account, locked, for somebody who administers it and every unit at which it holds a role."""
    staff = Staff.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=staff_id)
    access.require_administration(by, staff)
    if staff.is_superuser and not (by.user is not None and by.user.is_superuser):
        raise NotAllowed(_("Only a superuser changes a superuser's account."))
    for grant in RoleGrant.objects.filter(staff=staff).select_related("unit"):
        if not access.administers(by, grant.unit):
            text = _("%(who)s also holds a role at %(unit)s, which you do not administer.")
            raise NotAllowed(text % {"who": staff, "unit": grant.unit})
    return staff


def _open_unit(unit_id: int | None) -> Unit:
    unit = Unit.objects.filter(pk=unit_id or 0).first()
    if unit is None:
        raise BadInput(_("There is no such unit."), field="unit")
    if unit.closed_on:
        raise BadInput(_("%(unit)s is closed since %(day)s.") % {"unit": unit, "day": unit.closed_on}, field="unit")
    return unit


def _check(staff: Staff, password: str | None = None) -> None:
    """Raise BadInput with the field at fault: characters and lengths, strength of the password."""
    try:
        staff.clean_fields(exclude=["password", "unit"])
    except ValidationError as error:
        name, problems = next(iter(error.message_dict.items()))
        raise BadInput(" ".join(problems), field=name) from error
    if password is None:
        return
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="password") from error
