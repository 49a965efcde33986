"""QR points: whoever scans the code at a building reports with the place filled in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.models import Area
from grid.selectors import area_by_house_code
from intake.limits import ADDRESS_LIMIT
from intake.models import ReportPoint
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, Refused
from shenzhen_gov.core.texts import checked_text

from .lookups import area_with_code

# 楼栋码 are put up by the communities; ordering departments to the spot is the act that only they hold.
MAY_KEEP_POINTS = (Act.MANAGE_SYSTEM.value, Act.ORDER_DEPARTMENT.value)
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
CODE_LENGTH = 8
NAME_LENGTH = 120


@dataclass(frozen=True)
class NewPoint:
    """Where a code is to hang."""

    name: str
    area: str  # official code
    address: str
    house_code: str = ""
    longitude: float | None = None
    latitude: float | None = None


@transaction.atomic
def create_point(data: NewPoint, *, by: Actor, now: datetime) -> ReportPoint:
    """Make a QR point. Raises BadInput naming the field, NotAllowed or OutOfSight for the territory."""
    area = area_with_code(data.area)
    point = ReportPoint(
        code="".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH)),
        name=_needed(data.name, NAME_LENGTH, "name"),
        area=area,
        address=_needed(data.address, ADDRESS_LIMIT, "address"),
        house_code=_checked_house_code(data.house_code, area),
        longitude=data.longitude,
        latitude=data.latitude,
        created_at=now,
    )
    access.require(by, MAY_KEEP_POINTS, point)
    point.save(force_insert=True)
    audit.record("point.created", point, by=by, now=now, changes={"code": point.code, "address": point.address})
    return point


@transaction.atomic
def set_point_active(point_id: int, is_active: bool, *, by: Actor, now: datetime) -> ReportPoint:
    """Take a point out of use (its code then answers with the page without a place), or put it in use again."""
    found = ReportPoint.objects.select_for_update(of=("self",)).select_related("area").filter(pk=point_id).first()
    if found is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_KEEP_POINTS, found)
    if found.is_active == is_active:
        raise IllegalMove(_("Nothing was changed."))
    found.is_active = is_active
    found.save(update_fields=["is_active"])
    audit.record("point.changed", found, by=by, now=now, changes={"is_active": [not is_active, is_active]})
    return found


def _needed(text: str, limit: int, field: str) -> str:
    text = checked_text(text, limit, field=field)
    if not text:
        raise BadInput(_("%(field)s must not be empty.") % {"field": field}, field=field)
    return text


def _checked_house_code(text: str, area: Area) -> str:
    """Return the house code; refuse one that lies in another area than the point."""
    code = checked_text(text, 25, field="house_code").upper()
    if not code:
        return ""
    try:
        of_code = area_by_house_code(code)
    except Refused as refusal:
        raise BadInput(str(refusal), field="house_code") from refusal
    if not of_code.path.startswith(area.path):
        raise BadInput(_("The house code lies in another area than the point."), field="house_code")
    return code
