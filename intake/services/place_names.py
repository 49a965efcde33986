"""Names of places: where what people say lies. Written under one lock, so that their history is in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Level
from grid.models import Area
from intake.choices import PlaceNameKind
from intake.models import PlaceName
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined

SHORTEST, LONGEST = 2, 60
LEVELS = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY)
FIELDS = ("name", "kind", "area_id", "source", "is_active")


@dataclass(frozen=True)
class PlaceNameRow:
    """A name as a file or a form gives it; the area is a district, a subdistrict or a community."""

    name: str
    kind: str
    area_id: int
    source: str
    is_active: bool = True


@dataclass(frozen=True)
class Loaded:
    """What a file did."""

    added: int
    changed: int


@transaction.atomic
def load_place_names(rows: Sequence[PlaceNameRow], *, overwrite: bool = False, by: Actor, now: datetime) -> Loaded:
    """Add the names that are missing, all or none; 60,000 in a few seconds.

    A name that is there may have been edited: only with `overwrite` is it brought in line, and it stays in or out of
    use. Raises BadInput naming the column of a bad row; the reader names the row.
    """
    access.require_administration(by, None)
    _lock()
    known = {(place.name, place.area_id): place for place in PlaceName.objects.iterator()}
    added = [row for row in rows if (row.name, row.area_id) not in known]
    changed = _differing(rows, known) if overwrite else []
    copy_in(PlaceName, ({name: getattr(row, name) for name in FIELDS} for row in added))
    PlaceName.objects.bulk_update(changed, ["kind", "source"], batch_size=1000)
    if added or changed:
        facts = {"added": len(added), "changed": len(changed)}
        audit.record("place_names.loaded", Area.objects.get(level=Level.CITY), by=by, now=now, changes=facts)
    return Loaded(len(added), len(changed))


@transaction.atomic
def save_place_name(row: PlaceNameRow, *, place_id: int | None = None, by: Actor, now: datetime) -> PlaceName:
    """Add or change one name. Whoever administers the area may; a name moved to another area needs both."""
    _lock()
    place = PlaceName.objects.select_related("area").get(pk=place_id) if place_id else PlaceName()
    if place_id:
        access.require_administration(by, place.area)
    area = Area.objects.get(pk=row.area_id)
    access.require_administration(by, area)
    check_place_name(row.name, row.kind, area.level)
    if PlaceName.objects.filter(name=row.name, area=area).exclude(pk=place_id or 0).exists():
        raise BadInput(_("This name stands for this area already."), field="name")
    changes = {
        name: [getattr(place, name) if place_id else None, getattr(row, name)]
        for name in FIELDS
        if not place_id or getattr(place, name) != getattr(row, name)
    }
    for name in FIELDS:
        setattr(place, name, getattr(row, name))
    place.save()
    if changes:
        audit.record("place_name.changed", place, by=by, now=now, changes=changes)
    return place


def check_place_name(name: str, kind: str, level: int) -> None:
    """Refuse what would find places wrongly, naming the column."""
    if not SHORTEST <= len(name) <= LONGEST:
        text = _("A name has %(least)s to %(most)s characters.")
        raise BadInput(text % {"least": SHORTEST, "most": LONGEST}, field="name")
    if not name.isprintable() or name.isdigit():
        raise BadInput(_("This is no name of a place."), field="name")
    if kind not in PlaceNameKind.values:
        kinds = joined(PlaceNameKind.values)
        raise BadInput(_("“%(value)s” is not one of: %(choices)s.") % {"value": kind, "choices": kinds}, field="kind")
    if level not in LEVELS:
        raise BadInput(_("Names lie in a district, a subdistrict or a community."), field="area")


def _differing(rows: Sequence[PlaceNameRow], known: dict[tuple[str, int], PlaceName]) -> list[PlaceName]:
    """Return the names whose kind or source differ from their rows, brought in line (unsaved)."""
    found = []
    for row in rows:
        place = known.get((row.name, row.area_id))
        if place and (place.kind, place.source) != (row.kind, row.source):
            place.kind, place.source = row.kind, row.source
            found.append(place)
    return found


def _lock() -> None:
    """Let one writer at a time, so that entries of the history appear in order: readers ask for the last one only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('intake.place_names'))")
