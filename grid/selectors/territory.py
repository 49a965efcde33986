"""Questions about the territory: who is called so, who does it now, which area a house code lies in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from grid.choices import BUILDING_DIGITS, TERRITORIAL_KINDS, NameKind, UnitKind
from grid.models import Area, Building, Unit
from grid.querysets import NameKey
from shenzhen_gov.core.exceptions import BadInput

ROOM_DIGITS = 25
COMMUNITY_DIGITS, CELL_DIGITS = 12, 14


def find_units(name: str, on: date | None = None) -> list[Unit]:
    """Return the units that have or had this name or alias, those bearing it today first.

    With `on`, each is replaced by the unit that does its work on that day (`current_unit`), named once.
    """
    units = sorted(Unit.objects.ever_named(name), key=lambda unit: (unit.name != name, unit.path))
    if on is not None:
        units = list({unit.pk: unit for unit in (current_unit(unit, on) for unit in units)}.values())
    return units


def find_units_by_names(names: Iterable[str]) -> dict[str, list[int]]:
    """Return name → ids of the units that have or had it, for many names with one query; unknown names are left out.

    Names are compared as `find_units` does: by the database, however they are spaced and bracketed.
    """
    key = NameKey.template % {"expressions": "named.name"}
    sought = NameKey.template % {"expressions": "sought.name"}
    found: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT sought.name, named.unit_id FROM unnest(%s::text[]) AS sought (name)"  # noqa: S608 (no outside words)
            f" JOIN grid_unitname AS named ON {key} = {sought} ORDER BY 1, 2",
            [list(set(names))],
        )
        for name, unit_id in cursor.fetchall():
            found.setdefault(name, []).append(unit_id)
    return found


def current_unit(unit: Unit, on: date) -> Unit:
    """Return the unit that does the work of `unit` on the day `on`: itself, or the last successor."""
    while unit.closed_on is not None and unit.closed_on <= on and unit.successor is not None:
        unit = unit.successor
    return unit


def unit_name_on(unit: Unit, day: date) -> str:
    """Return the official name in force on `day`; before the first one, the first one."""
    names = sorted((row.valid_from, row.name) for row in unit.names.all() if row.kind == NameKind.OFFICIAL)
    in_force = [name for valid_from, name in names if valid_from <= day]
    return in_force[-1] if in_force else names[0][1]


def answering_unit(area: Area, kinds: Iterable[str] = TERRITORIAL_KINDS, on: date | None = None) -> Unit | None:
    """Return the unit of these kinds that answers for `area`: at home there, or nearest above."""
    return _nearest(Unit.objects.filter(kind__in=list(kinds)), area, on)


def centre_for(area: Area | None, on: date | None = None) -> Unit | None:
    """Return the civic request centre of the district, else of the city; of the city without an area."""
    centres = Unit.objects.filter(kind=UnitKind.CENTRE)
    if area is None:
        return _open(centres, on).order_by("level", "path").first()
    return _nearest(centres, area, on)


def unit_for(function: str, area: Area, on: date | None = None) -> Unit | None:
    """Return the unit with this function (e.g. "water") working for `area`: the nearest above, if any."""
    return _nearest(Unit.objects.filter(function=function), area, on)


def area_by_house_code(code: str) -> Area:
    """Return the grid cell, else the community, a house code (19 characters: building, 25: room) lies in.

    The parts (domain §5): province 2, city 2, district 2, subdistrict 3, community 3, cell 2, building 5,
    room 6; letters occur in the five of the building only. Raises
    BadInput(field="house_code") naming what is wrong.
    """
    code = unicodedata.normalize("NFKC", code).strip().upper()
    _check_house_code(code)
    prefixes = [code[:CELL_DIGITS], code[:COMMUNITY_DIGITS]]
    areas = {area.code: area for area in Area.objects.filter(code__in=prefixes)}
    for prefix in prefixes:
        area = areas.get(prefix)
        if area is not None and area.is_active:
            return area
        if area is not None and area.successor_id:
            return _after_recut(area, code)
    text = _("No community has the code %(code)s (the first 12 characters of the house code).")
    raise BadInput(text % {"code": code[:COMMUNITY_DIGITS]}, field="house_code")


def _after_recut(area: Area, code: str) -> Area:
    """Return where a house of an area that ended in a re-cut lies now: with its building, else with the successor."""
    building = Building.objects.filter(code=code[:BUILDING_DIGITS], area__is_active=True).select_related("area").first()
    if building is not None:
        return building.area
    while not area.is_active and area.successor is not None:
        area = area.successor
    return area


def _check_house_code(code: str) -> None:
    if len(code) not in {BUILDING_DIGITS, ROOM_DIGITS}:
        text = _("The house code has %(count)s characters; a house code has 19 or 25.")
        raise BadInput(text % {"count": len(code)}, field="house_code")
    for place, character in enumerate(code):
        in_building = CELL_DIGITS <= place < BUILDING_DIGITS
        if character in "0123456789" or (in_building and "A" <= character <= "Z"):
            continue
        text = _("Character %(place)s of the house code is “%(character)s”; letters may stand at 15 to 19 only.")
        raise BadInput(text % {"place": place + 1, "character": character}, field="house_code")


def _nearest(units, area: Area, on: date | None) -> Unit | None:
    ids = [int(part) for part in area.path.strip("/").split("/")]
    return _open(units, on).filter(home_area__in=ids).order_by("-home_area__level", "level", "path").first()


def _open(units, on: date | None):
    return units.open_on(on) if on is not None else units.filter(closed_on=None)
