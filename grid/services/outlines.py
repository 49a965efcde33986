"""Importing where areas lie: the outlines of a GeoJSON file, all of them or none; cells can be set up by the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.choices import Level
from grid.faults import Wrong, fault_text
from grid.geometry import current
from grid.models import Area, AreaOutline
from grid.models.places import PlaceImport
from grid.outline_files import Feature, read_features
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.jobs import Job
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .buildings import FAULTS_KEPT, Refusal
from .cells import DIGITS, NewCell, create_cells
from .keeping import kept_area_ids
from .outline_checks import check_against_others, outline_shape

SOURCE_LENGTH = 120
PARENT_DIGITS = {DIGITS[Level.CELL]: 12, DIGITS[Level.SUBCELL]: DIGITS[Level.CELL]}
FIELDS = ["polygons", "west", "south", "east", "north", "source", "imported_at"]


@dataclass(frozen=True)
class OutlineFault:
    """What is wrong with one feature, counted from 1."""

    number: int
    code: str
    wrong: Wrong


class BadOutlines(BadInput):
    """Features of a file are wrong; `faults` names the first of them, `count` says how many."""

    def __init__(self, faults: list[OutlineFault], features: int):
        first = faults[0]
        reason = fault_text(first.wrong.code, first.wrong.facts)
        text = _("Feature %(number)s (%(code)s): %(reason)s")
        told = text % {"number": first.number, "code": first.code or "—", "reason": reason}
        super().__init__(told, field="file")
        self.faults = faults[:FAULTS_KEPT]
        self.count, self.features = len(faults), features


@dataclass(frozen=True)
class ImportedOutlines:
    """How many outlines were taken, and how many cells were set up for them."""

    outlines: int
    cells: int


@transaction.atomic
def import_outlines(
    data: bytes, *, source: str, by: Actor, now: datetime, tell: Callable[[int, int], None] | None = None
) -> ImportedOutlines:
    """Take the outlines of a GeoJSON file; property `code` names the area. All of them or, when one is wrong, none.

    A cell or sub-cell that does not exist yet is set up, called by the property `name`. `tell` hears how many features
    are read. Raises BadOutlines naming the features, BadInput for what is no such file, NotAllowed without the act.
    """
    allowed = kept_area_ids(by)
    source = checked_text(source, SOURCE_LENGTH, field="source")
    features = read_features(data, tell)
    known, new = _find_areas(features, allowed)
    _refuse_faulty(features)
    list(Area.objects.select_for_update().filter(level=Level.CITY))  # one import after the other
    check_against_others(features, known, get_parameter("outlines.tolerance", timezone.localdate(now)))
    _refuse_faulty(features)
    known |= {area.code: area for area in create_cells(new, source=source, by=by, now=now)}
    _write(features, known, source, by, now)
    transaction.on_commit(current.drop)
    current.drop()
    return ImportedOutlines(len(features), len(new))


def take_outlines(row: PlaceImport, file: IO[bytes], job: Job, by: Actor, now: datetime) -> None:
    """Import the outlines of a file that waited, counted in `row`, which is not saved.

    Raises Refusal when features are faulty, and what `import_outlines` raises.
    """
    try:
        done = import_outlines(file.read(), source=row.source, by=by, now=now, tell=job.progress)
    except BadOutlines as refusal:
        row.rows, row.faulty = refusal.features, refusal.count
        row.faults = [
            {"row": one.number, "column": one.code, "code": one.wrong.code, "facts": one.wrong.facts}
            for one in refusal.faults
        ]
        raise Refusal from refusal
    row.rows, row.added, row.changed = done.outlines, done.cells, done.outlines


def _refuse_faulty(features: list[Feature]) -> None:
    faults = [OutlineFault(one.number, one.code, wrong) for one in features for wrong in one.faults]
    if faults:
        raise BadOutlines(faults, len(features))


def _find_areas(features: list[Feature], allowed: set[int] | None) -> tuple[dict[str, Area], list[NewCell]]:
    """Return code → area of what is known or about to be set up, and the cells to set up, parents first."""
    codes = {one.code for one in features} | {one.code[:digits] for one in features for digits in (12, 14)}
    known = {area.code: area for area in Area.objects.filter(code__in=codes, is_active=True)}
    city = Area.objects.filter(level=Level.CITY).values_list("code", flat=True).first() or ""
    new: dict[str, NewCell] = {}
    seen: set[str] = set()
    for one in sorted(features, key=lambda one: len(one.code)):
        if one.faults:
            continue
        if one.code in seen:
            one.faults.append(Wrong("repeated"))
        elif fault := _fault_of(one, known, new, allowed, city[:4]):
            one.faults.append(Wrong(fault))
        seen.add(one.code)
    return known, list(new.values())


def _fault_of(
    one: Feature, known: dict[str, Area], new: dict[str, NewCell], allowed: set[int] | None, city: str
) -> str:
    """Return the fault of the code of a feature, or an empty text; a cell to be set up is added to `new`."""
    # Areas of 深汕 bear the codes of the county they once belonged to: what is known is of this city.
    unknown = "unknown_area" if one.code[:4] == city else "feature_city"
    if (area := known.get(one.code)) is not None:
        return "" if allowed is None or area.pk in allowed else unknown
    parent = one.code[: PARENT_DIGITS.get(len(one.code), 0)]
    above = known.get(parent)
    is_kept = parent in new or (above is not None and (allowed is None or above.pk in allowed))
    if not is_kept or not one.code.isdigit() or not one.code.isascii():
        return unknown
    if not one.name:
        return "no_name"
    new[one.code] = NewCell(one.code, one.name, parent)
    return ""


def _write(features: list[Feature], known: dict[str, Area], source: str, by: Actor, now: datetime) -> None:
    areas = [known[one.code] for one in features]
    before = {row.area_id: _box(row) for row in AreaOutline.objects.filter(area__in=areas).defer("polygons")}
    rows = [_row(one, known[one.code], source, now) for one in features]
    AreaOutline.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["area"], update_fields=FIELDS
    )
    audit.record_many(
        [
            audit.Record("outlines.imported", area, {"box": [before.get(area.pk), _box(row)], "source": source})
            for area, row in zip(areas, rows, strict=True)
        ],
        by=by,
        now=now,
    )


def _row(one: Feature, area: Area, source: str, now: datetime) -> AreaOutline:
    west, south, east, north = one.shape.bounds
    return AreaOutline(
        area=area, polygons=outline_shape(one.shape), west=west, south=south, east=east, north=north,
        source=source, imported_at=now,
    )  # fmt: skip


def _box(row: AreaOutline) -> list[float]:
    return [row.west, row.south, row.east, row.north]
