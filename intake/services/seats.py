"""Seats: which extension an agent sits at, so that a call finds the right screen."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.models import Staff
from intake.models import Seat
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed

EXTENSION = re.compile(r"[0-9A-Za-z*#-]{1,20}")


@transaction.atomic
def set_seat(staff_id: int, extension: str, *, by: Actor, now: datetime) -> Staff | None:
    """Seat an agent at an extension and return who sat there until now, who is unseated; empty: sit nowhere.

    Agents seat themselves, administrators anybody. Raises BadInput(field="extension") for what is no extension.
    """
    if not (by.user is not None and by.id == staff_id and access.holds(by.user, Act.REGISTER_CASE)):
        access.require_administration(by, None)
    extension = extension.strip()
    if extension and not EXTENSION.fullmatch(extension):
        raise BadInput(_("An extension is made of 1 to 20 letters, digits, *, # and -."), field="extension")
    staff = Staff.objects.select_for_update().filter(pk=staff_id, is_active=True).first()
    if staff is None or not access.holds(staff, Act.REGISTER_CASE):
        raise NotAllowed(_("Only somebody who registers cases has a seat."))
    own = Seat.objects.filter(staff=staff).first()
    before = own.extension if own else ""
    if before == extension:
        return None
    other = Seat.objects.select_for_update().select_related("staff").filter(extension=extension).first()
    Seat.objects.filter(pk__in=[seat.pk for seat in (own, other) if seat]).delete()
    if extension:
        Seat.objects.create(staff=staff, extension=extension)
    audit.record("seat.changed", staff, by=by, now=now, changes={"extension": [before, extension]})
    if other:
        audit.record("seat.changed", other.staff, by=by, now=now, changes={"extension": [extension, ""]})
    return other.staff if other else None
