"""Grid cells 综合网格 and sub-cells 小分格: areas below a community, each cell walked by a team of the community."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act, Level, UnitKind
from grid.models import Area, Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from .trees import path_below, reserve_ids
from .units import NewUnit, create_units

MAY_KEEP_CELLS = (SYSTEM, Act.MANAGE_SYSTEM.value, Act.MANAGE_GRID.value)
# House codes begin with these: province 2, city 2, district 2, subdistrict 3, community 3, cell 2 (domain §5).
DIGITS = {Level.CELL: 14, Level.SUBCELL: 16}
NAME_LENGTH = 80


@dataclass(frozen=True)
class NewCell:
    """A cell or sub-cell to set up; `parent` is the code of the community or cell that it lies in."""

    code: str
    name: str
    parent: str


@transaction.atomic
def create_cells(rows: Sequence[NewCell], *, source: str, by: Actor, now: datetime) -> list[Area]:
    """Set up cells, all or none; a parent stands before its children. A cell gets its team, a unit of its community.

    Raises BadInput naming the field: a code in use, or that does not continue its parent's, an unknown parent.
    NotAllowed or OutOfSight for the territory.
    """
    known = {area.code: area for area in Area.objects.filter(code__in=[row.parent for row in rows])}
    taken = set(Area.objects.filter(code__in=[row.code for row in rows]).values_list("code", flat=True))
    made = []
    for row, own_id in zip(rows, reserve_ids(Area, len(rows)), strict=True):
        cell = _new_cell(row, own_id, known.get(row.parent), row.code in taken, source)
        access.require(by, MAY_KEEP_CELLS, cell.parent)
        known[row.code] = cell
        taken.add(row.code)
        made.append(cell)
    Area.objects.bulk_create(made)
    audit.record_many(
        [audit.Record("cell.created", area, {"name": [None, area.name]}) for area in made], by=by, now=now
    )
    _create_teams([area for area in made if area.level == Level.CELL], now)
    return made


def _new_cell(row: NewCell, own_id: int, parent: Area | None, is_taken: bool, source: str) -> Area:
    if parent is None or parent.level not in {Level.COMMUNITY, Level.CELL}:
        raise BadInput(_("No community or cell has the code “%(code)s”.") % {"code": row.parent[:20]}, field="parent")
    level = Level(parent.level + 1)
    if not (row.code.isdigit() and row.code.isascii() and len(row.code) == DIGITS[level]):
        text = _("The code of a cell has %(count)s digits.")
        raise BadInput(text % {"count": DIGITS[level]}, field="code")
    if not row.code.startswith(parent.code):
        raise BadInput(
            _("The code begins with the code of what it lies in, %(code)s.") % {"code": parent.code}, field="code"
        )
    if is_taken:
        raise BadInput(_("The code %(code)s is in use.") % {"code": row.code}, field="code")
    name = checked_text(row.name, NAME_LENGTH, field="name")
    return Area(
        pk=own_id, code=row.code, name=name, short_name=name, level=level, parent=parent,
        path=path_below(parent, own_id), source=source,
    )  # fmt: skip


def _create_teams(cells: list[Area], now: datetime) -> None:
    """Set up the team of each cell below its community's unit; without one the cell has no team."""
    parents = Unit.objects.open_on(timezone.localdate(now)).filter(kind=UnitKind.COMMUNITY).select_related("home_area")
    above = {unit.home_area_id: unit for unit in parents.filter(home_area__in=[cell.parent_id for cell in cells])}
    rows = [
        NewUnit(
            code=f"cell-{cell.code}",
            function="grid",
            kind=UnitKind.CELL,
            level=Level.CELL,
            name=f"{above[cell.parent_id].home_area.short_name}{cell.short_name}",
            parent=above[cell.parent_id].code,
            home_area=cell.code,
            opened_on=max(above[cell.parent_id].opened_on, timezone.localdate(now)),
        )
        for cell in cells
        if cell.parent_id in above
    ]
    # Whoever may keep the cells of a community may give them their teams.
    create_units(rows, by=Actor.system("cells"), now=now)
