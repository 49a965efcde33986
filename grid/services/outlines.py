"""Importing where areas lie: the outlines of a GeoJSON file, all of them or none; cells can be set up by the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.choices import Level
from grid.geometry import current
from grid.models import Area, AreaOutline
from grid.outline_files import Feature, read_features
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .cells import DIGITS, NewCell, create_cells
from .keeping import kept_area_ids
from .outline_checks import check_against_others, outline_shape

SOURCE_LENGTH = 120
FAULTS_KEPT = 200
PARENT_DIGITS = {DIGITS[Level.CELL]: 12, DIGITS[Level.SUBCELL]: DIGITS[Level.CELL]}
FIELDS = ["polygons", "west", "south", "east", "north", "source", "imported_at"]


@dataclass(frozen=True)
class OutlineFault:
    """What is wrong with one feature, counted from 1."""

    number: int
    code: str
    text: str


class BadOutlines(BadInput):
    """Features of a file are wrong; `faults` names them, at most FAULTS_KEPT."""

    def __init__(self, faults: list[OutlineFault]):
        first = faults[0]
        text = _("Feature %(number)s (%(code)s): %(reason)s")
        told = text % {"number": first.number, "code": first.code or "—", "reason": first.text}
        super().__init__(told, field="file")
        self.faults = faults[:FAULTS_KEPT]
        self.count = len(faults)


@dataclass(frozen=True)
class ImportedOutlines:
    """How many outlines were taken, and how many cells were set up for them."""

    outlines: int
    cells: int


@transaction.atomic
def import_outlines(data: bytes, *, source: str, by: Actor, now: datetime) -> ImportedOutlines:
    """Take the outlines of a GeoJSON file; property `code` names the area. All of them or, when one is wrong, none.

    A cell or sub-cell that does not exist yet is set up, called by the property `name`. Raises BadOutlines naming the
    features, BadInput for what is no such file, NotAllowed without the act anywhere.
    """
    allowed = kept_area_ids(by)
    source = checked_text(source, SOURCE_LENGTH, field="source")
    features = read_features(data)
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


def _refuse_faulty(features: list[Feature]) -> None:
    faults = [OutlineFault(one.number, one.code, text) for one in features for text in one.faults]
    if faults:
        raise BadOutlines(faults)


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
            one.faults.append(_("The code stands in the file twice."))
        elif fault := _fault_of(one, known, new, allowed, city[:4]):
            one.faults.append(fault)
        seen.add(one.code)
    return known, list(new.values())


def _fault_of(
    one: Feature, known: dict[str, Area], new: dict[str, NewCell], allowed: set[int] | None, city: str
) -> str:
    """Return what is wrong with the code of a feature, or an empty text; a cell to be set up is added to `new`."""
    if one.code[:4] != city:
        return _("The code is of another city.")
    unknown = _("No area of your territory has this code.")
    if (area := known.get(one.code)) is not None:
        return "" if allowed is None or area.pk in allowed else unknown
    parent = one.code[: PARENT_DIGITS.get(len(one.code), 0)]
    above = known.get(parent)
    is_kept = parent in new or (above is not None and (allowed is None or above.pk in allowed))
    if not is_kept or not one.code.isdigit() or not one.code.isascii():
        return unknown
    if not one.name:
        return _("No cell has this code; with the property “name” it would be set up.")
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
