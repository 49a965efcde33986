"""The responsibility rows of a line: of the right shape, inside the list's territory, of units that are open."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dutylist.cleaning import clean_value, reason_of
from dutylist.lines.contents import Say
from dutylist.lines.ground import Ground
from dutylist.models import Responsibility

_NOTE = Responsibility._meta.get_field("note")


def clean_rows(value: Any, say: Say) -> list[dict]:
    """Return the rows in one shape, in the order of their areas; those without area or lead unit are said and left."""
    if not isinstance(value, list | tuple):
        say("rows", _("This must be a list of rows."))
        return []
    rows = [row for given in value if (row := _row(given, say)) is not None]
    return sorted(rows, key=lambda row: row["area"])


def ids_of(value: Any) -> tuple[set[int], set[int]]:
    """Return the ids of the areas and of the units that rows name, whatever else is wrong with them."""
    rows = clean_rows(value, lambda _field, _text: None) if value else []
    return {row["area"] for row in rows}, {unit for row in rows for unit in units_of(row)}


def units_of(row: dict) -> list[int]:
    """Return the ids of the units that a row names."""
    return [row["lead"], *row["co"], *([row["fallback"]] if row["fallback"] else [])]


def check_rows(rows: list[dict], ground: Ground, say: Say) -> None:
    """Say what is wrong with rows that have the right shape."""
    seen: set[int] = set()
    for row in rows:
        path = ground.areas.get(row["area"])
        if path is None:
            say("rows", _("There is no area %(id)s.") % {"id": row["area"]})
        elif not path.startswith(ground.batch.owner_area.path):
            say("rows", _("A row lies outside the territory of this list."))
        if row["area"] in seen:
            say("rows", _("There are two rows for one area."))
        seen.add(row["area"])
        for unit_id in units_of(row):
            _check_unit(unit_id, ground, say)


def _check_unit(unit_id: int, ground: Ground, say: Say) -> None:
    unit = ground.units.get(unit_id)
    if unit is None:
        say("rows", _("There is no unit %(id)s.") % {"id": unit_id})
    elif not unit.is_open:
        say("rows", _("%(unit)s is not open on %(day)s.") % {"unit": unit.name, "day": ground.on})


def _row(given: Any, say: Say) -> dict | None:
    if not isinstance(given, dict) or not (_is_id(given.get("area")) and _is_id(given.get("lead"))):
        say("rows", _("A row needs an area and a lead unit."))
        return None
    co, fallback = given.get("co") or [], given.get("fallback")
    if not (isinstance(co, list | tuple) and all(map(_is_id, co))) or not (fallback is None or _is_id(fallback)):
        say("rows", _("Co-handling and fallback units are given by their ids."))
        return None
    try:
        note = clean_value(_NOTE, given.get("note"))
    except ValidationError as error:
        say("rows", reason_of(error))
        return None
    others = [unit for unit in dict.fromkeys(co) if unit != given["lead"]]
    return {"area": given["area"], "lead": given["lead"], "co": others, "fallback": fallback, "note": note}


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
