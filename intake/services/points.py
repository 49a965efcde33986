"""QR points: whoever scans the code at a building reports with the place filled in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.models import Area, Building
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
MOST_PLATES = 60


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
def create_plates(building_ids: Iterable[int], *, by: Actor, now: datetime) -> list[ReportPoint]:
    """Make the plate 楼栋码 of each building that has none, and return the plates of all of them.

    Of several points of a building the first one in use counts as its plate. Raises BadInput for more than
    MOST_PLATES buildings; NotAllowed or OutOfSight for a building of another territory, and then none is made.
    """
    wanted = sorted(set(building_ids))
    if len(wanted) > MOST_PLATES:
        raise BadInput(_("At most %(most)s plates are made at once.") % {"most": MOST_PLATES}, field="buildings")
    rows = Building.objects.select_for_update(of=("self",)).select_related("area").filter(pk__in=wanted, is_active=True)
    buildings = list(rows.order_by("pk"))
    if len(buildings) != len(wanted):
        raise OutOfSight(_("Not found."))
    for building in buildings:
        access.require(by, MAY_KEEP_POINTS, building)
    codes = [building.code for building in buildings]
    known = ReportPoint.objects.filter(house_code__in=codes, is_active=True).order_by("-pk")
    plates = {point.house_code: point for point in known}
    for building in buildings:
        if building.code not in plates:
            plates[building.code] = create_point(_plate(building), by=by, now=now)
    return [plates[code] for code in codes]


def _plate(building: Building) -> NewPoint:
    return NewPoint(
        name=building.name[:NAME_LENGTH],
        area=building.area.code,
        address=building.address or building.name,
        house_code=building.code,
        longitude=building.longitude,
        latitude=building.latitude,
    )


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
