"""挂点联系: which unit looks after which area, from when to when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grid.choices import Level, LiaisonKind
from grid.models import Liaison, Unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from .keeping import keep, lock_row

# Level of the area → the kind, and the level of the unit.
KINDS = {
    Level.SUBDISTRICT: (LiaisonKind.SUBDISTRICT, Level.CITY),
    Level.COMMUNITY: (LiaisonKind.COMMUNITY, Level.DISTRICT),
}


@dataclass(frozen=True, kw_only=True)
class LiaisonData:
    """A unit looks after an area; what kind of liaison it is follows from the area."""

    area_id: int
    unit_id: int
    begins_on: date
    ends_on: date | None = None
    note: str = ""
    source: str = ""


@transaction.atomic
def keep_liaison(pk: int | None, data: LiaisonData, *, by: Actor, now: datetime) -> Liaison:
    """Add or change a liaison: at any time one unit an area, and one subdistrict a city unit.

    Raises BadInput(field): an area or unit of another level, a time when the area or the city unit has another one.
    """
    unit = lock_row(Unit, data.unit_id, "unit")
    return keep(Liaison, pk, asdict(data), check=lambda row: _check(row, unit), by=by, now=now)


def _check(row: Liaison, unit: Unit) -> None:
    if row.area.level not in KINDS:
        raise BadInput(_("A liaison is for a subdistrict or a community."), field="area")
    row.kind, level = KINDS[Level(row.area.level)]
    if unit.level != level:
        raise BadInput(_("This needs a unit of the level “%(level)s”.") % {"level": level.label}, field="unit")
    if not row.area.path.startswith(unit.home_area.path):
        raise BadInput(_("The unit is at home in another territory."), field="unit")
    if row.ends_on is not None and row.ends_on < row.begins_on:
        raise BadInput(_("It ends before it begins."), field="ends_on")
    others = _at_the_same_time(row)
    if other := others.filter(area=row.area_id).first():
        raise BadInput(_("%(unit)s looks after this area at that time.") % {"unit": other.unit}, field="area")
    if row.kind == LiaisonKind.SUBDISTRICT and (other := others.filter(unit=row.unit_id).first()):
        raise BadInput(_("This unit looks after %(area)s at that time.") % {"area": other.area}, field="unit")


def _at_the_same_time(row: Liaison):
    others = Liaison.objects.filter(kind=row.kind).exclude(pk=row.pk).select_related("unit", "area")
    others = others.filter(Q(ends_on=None) | Q(ends_on__gte=row.begins_on))
    return others.filter(begins_on__lte=row.ends_on) if row.ends_on is not None else others
