"""Units and areas as they are typed: suggested while somebody types, found again by what was chosen.

A suggestion reads "name · code", so that what is sent names one unit even where two are called the same.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from grid.models import Area, Unit
from shenzhen_gov.core.exceptions import BadInput

SUGGESTED = 12
BETWEEN = " · "


def suggest_units(text: str, on: date) -> list[str]:
    """Return the open units that have or had a name containing `text`, as they are to be sent."""
    found = Unit.objects.open_on(on).filter(Q(names__name__icontains=text) | Q(code=text)).distinct()
    return [label_of(unit) for unit in found.order_by("level", "path")[:SUGGESTED]] if text else []


def suggest_areas(text: str) -> list[str]:
    """Return the areas in use whose name contains `text`, wider ones first, as they are to be sent."""
    found = Area.objects.filter(Q(name__icontains=text) | Q(code__startswith=text), is_active=True)
    return [label_of(area) for area in found.order_by("level", "path")[:SUGGESTED]] if text else []


def find_unit(text: str, on: date) -> Unit:
    """Return the open unit that is meant. Raises BadInput when there is none, or several are called so."""
    name, code = _parts(text)
    units = Unit.objects.open_on(on)
    found = units.filter(code=code) if code else units.ever_named(name) | units.filter(code=name)
    return _only(list(found[:2]), name)


def find_area(text: str) -> Area:
    """Return the area that is meant. Raises BadInput when there is none, or several are called so."""
    name, code = _parts(text)
    areas = Area.objects.filter(is_active=True)
    found = areas.filter(code=code) if code else areas.filter(Q(name=name) | Q(short_name=name) | Q(code=name))
    return _only(list(found[:2]), name)


def label_of(row: Unit | Area | None) -> str:
    """Return how a unit or an area is suggested and sent."""
    return f"{row.name}{BETWEEN}{row.code}" if row is not None else ""


def _parts(text: str) -> tuple[str, str]:
    name, _between, code = text.strip().rpartition(BETWEEN)
    return (name.strip(), code.strip()) if name else (code.strip(), "")


def _only(found: list, name: str) -> Any:
    if not found:
        raise BadInput(_("Nothing is called “%(name)s”; choose one of the suggestions.") % {"name": name})
    if len(found) > 1:
        raise BadInput(_("Several are called “%(name)s”; choose one of the suggestions.") % {"name": name})
    return found[0]
