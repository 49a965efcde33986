"""Who answers by function: every open unit with a function in its home area, helped by the nearest of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from grid.models import Unit

Holders = dict[str, dict[str, Unit]]


def units_by_function(on: date) -> Holders:
    """Return function → {home area path: unit}; the first unit of a function in an area answers."""
    holders: Holders = defaultdict(dict)
    for unit in Unit.objects.open_on(on).select_related("home_area").order_by("level", "code"):
        holders[unit.function].setdefault(unit.home_area.path, unit)
    return holders


def nearest_units(functions: Iterable[str], lead: Unit, holders: Holders) -> tuple[int, ...]:
    """Return the ids of the co-handlers nearest to the lead's home area."""
    parts = lead.home_area.path.strip("/").split("/")
    around = ["/" + "/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1)]
    found = []
    for function in functions:
        unit = next((holders[function][path] for path in around if path in holders.get(function, {})), None)
        if unit is not None and unit.pk != lead.pk:
            found.append(unit.pk)
    return tuple(dict.fromkeys(found))
