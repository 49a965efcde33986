"""Loading the territory: idempotent, and it tells what it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from grid import access
from grid.choices import Level
from grid.models import Area, Recut
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor

from .trees import path_below, reserve_ids

PLAIN = ("name", "short_name", "level", "kind", "source")


@dataclass(frozen=True)
class AreaRow:
    """One area as a file gives it; `parent` is the code of the area it lies in, empty for the city."""

    code: str
    name: str
    short_name: str
    level: int
    kind: str
    parent: str
    source: str


@dataclass(frozen=True)
class AreaChange:
    """One difference made: `mark` is "+" added, "~" changed, "-" no longer in use."""

    mark: str
    area: Area
    changes: dict

    def __str__(self) -> str:
        told = "; ".join(f"{field}: {before} → {after}" for field, (before, after) in self.changes.items())
        return f"{self.mark} {self.area.code} {self.area.name}{f' ({told})' if self.mark == '~' else ''}"


ACTIONS = {"+": "area.added", "~": "area.changed", "-": "area.removed"}


@transaction.atomic
def load_areas(rows: Iterable[AreaRow], *, by: Actor, now: datetime) -> list[AreaChange]:
    """Make the areas agree with `rows` (checked by files.read_areas) and return the differences.

    An area that the rows lack goes out of use and is never deleted, for cases lie in it. Grid cells are left
    alone unless the rows hold cells.
    """
    access.require_administration(by, None)
    rows = sorted(rows, key=lambda row: row.level)
    known = {
        area.code: area for area in Area.objects.select_for_update(of=("self",), no_key=True).select_related("parent")
    }
    changes = _add([row for row in rows if row.code not in known], known)
    changes += _change(rows, known)
    changes += _retire({row.code for row in rows}, known, cells=any(row.level >= Level.CELL for row in rows))
    audit.record_many(
        [audit.Record(ACTIONS[change.mark], change.area, change.changes) for change in changes],
        by=by,
        now=now,
    )
    return changes


def _add(rows: list[AreaRow], known: dict[str, Area]) -> list[AreaChange]:
    """Insert the new areas, wider ones first, and put them into `known`."""
    new = []
    for row, own_id in zip(rows, reserve_ids(Area, len(rows)), strict=True):
        parent = known.get(row.parent)
        area = Area(pk=own_id, code=row.code, parent=parent, path=path_below(parent, own_id))
        for name in PLAIN:
            setattr(area, name, getattr(row, name))
        known[row.code] = area
        new.append(area)
    Area.objects.bulk_create(new, batch_size=500)
    return [AreaChange("+", area, {"name": [None, area.name]}) for area in new]


def _change(rows: list[AreaRow], known: dict[str, Area]) -> list[AreaChange]:
    """Bring known areas in line; a moved area takes everything below it along."""
    changes = []
    for row in rows:
        area = known[row.code]
        # What ended in a re-cut stays ended, though the file may be older.
        wanted = {name: getattr(row, name) for name in PLAIN} | {"is_active": area.successor_id is None}
        told = {name: [getattr(area, name), value] for name, value in wanted.items() if getattr(area, name) != value}
        for name, value in wanted.items():
            setattr(area, name, value)
        before = area.parent.code if area.parent else ""
        if before != row.parent:
            told["parent"] = [before, row.parent]
            area.parent = known.get(row.parent)
        if told:
            changes.append(AreaChange("~", area, told))
    moved = _paths_anew(known)
    touched = {change.area.pk: change.area for change in changes} | {area.pk: area for area in moved}
    Area.objects.bulk_update(touched.values(), [*PLAIN, "is_active", "parent", "path"], batch_size=200)
    return changes


def _paths_anew(known: dict[str, Area]) -> list[Area]:
    """Compute every path from the parents, wider areas first, and return the areas whose path changed."""
    by_id = {area.pk: area for area in known.values()}
    moved = []
    for area in sorted(known.values(), key=lambda area: area.level):
        path = path_below(by_id.get(area.parent_id or 0), area.pk)
        if path != area.path:
            area.path = path
            moved.append(area)
    return moved


def _retire(codes: set[str], known: dict[str, Area], *, cells: bool) -> list[AreaChange]:
    targets = Recut.objects.filter(cut_at__isnull=False).values_list("targets", flat=True)
    kept = codes.union(one["code"] for plan in targets for one in plan)  # what a re-cut made, the file may not know yet
    gone = [
        area
        for code, area in known.items()
        if code not in kept and area.is_active and (cells or area.level < Level.CELL)
    ]
    Area.objects.filter(pk__in=[area.pk for area in gone]).update(is_active=False)
    return [AreaChange("-", area, {"is_active": [True, False]}) for area in gone]
