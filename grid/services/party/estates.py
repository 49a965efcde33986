"""Property companies and estate committees: units below the community that work can be handed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import EstateKind, UnitKind
from grid.models import Area, Building, Estate, Unit
from grid.selectors import answering_unit
from grid.services.trees import reserve_ids
from grid.services.units import NewUnit, create_unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from .keeping import MAY_KEEP, keep

ABOVE = (UnitKind.COMMUNITY, UnitKind.SUBDISTRICT)
MOST_BUILDINGS = 500  # of one estate


@dataclass(frozen=True, kw_only=True)
class EstateData:
    """An estate and the body that looks after it; a body that has no unit yet gets one below the community."""

    area_id: int
    name: str
    body: str
    begins_on: date
    ends_on: date | None = None
    kind: str = EstateKind.PROPERTY
    buildings: Sequence[str] = ()  # building codes; none: the whole area
    source: str = ""


@transaction.atomic
def keep_estate(pk: int | None, data: EstateData, *, by: Actor, now: datetime) -> Estate:
    """Add or change an estate. Raises BadInput(field): no community around, an unknown building, dates in disorder."""
    area = Area.objects.filter(pk=data.area_id).first()
    if area is None:
        raise BadInput(_("No area is called so."), field="area")
    access.require(by, MAY_KEEP, area)
    buildings = _buildings(data.buildings, area)
    if data.ends_on is not None and data.ends_on < data.begins_on:
        raise BadInput(_("It ends before it begins."), field="ends_on")
    unit = _unit_of(data.body, area, now)
    values = {
        "area_id": area.pk,
        "unit_id": unit.pk,
        "name": data.name,
        "kind": data.kind,
        "begins_on": data.begins_on,
        "ends_on": data.ends_on,
        "source": data.source,
    }
    estate = keep(Estate, pk, values, by=by, now=now)
    estate.buildings.set(buildings)
    return estate


def _buildings(codes: Sequence[str], area: Area) -> list[Building]:
    wanted = {code.strip().upper() for code in codes if code.strip()}
    if len(wanted) > MOST_BUILDINGS:
        raise BadInput(_("An estate has at most %(count)s buildings.") % {"count": MOST_BUILDINGS}, field="buildings")
    for code in wanted:
        checked_text(code, 19, field="buildings")
    found = list(Building.objects.below(area).filter(code__in=wanted))
    if lost := wanted - {building.code for building in found}:
        text = _("No building of this area has the code %(code)s.")
        raise BadInput(text % {"code": min(lost)}, field="buildings")
    return found


def _unit_of(body: str, area: Area, now: datetime) -> Unit:
    """Return the company's unit below the community, or subdistrict, that answers for the area; set up if missing."""
    name, today = checked_text(body, 120, field="body"), timezone.localdate(now)
    if len(name) < 2:
        raise BadInput(_("Name the company or committee."), field="body")
    parent = answering_unit(area, ABOVE, today)
    if parent is None:
        raise BadInput(_("No community or subdistrict answers for this area."), field="area")
    known = Unit.objects.open_on(today).filter(parent=parent, kind=UnitKind.COMPANY, name=name).first()
    if known is not None:
        return known
    new = NewUnit(
        code=f"estate-{parent.home_area.code}-{reserve_ids(Unit, 1)[0]}",
        function="property",
        kind=UnitKind.COMPANY,
        level=parent.level,
        name=name,
        parent=parent.code,
        home_area=parent.home_area.code,
        opened_on=today,
    )
    # Whoever may plan the work of a community may give its companies their units.
    return create_unit(new, by=Actor.system("estates"), now=now)
