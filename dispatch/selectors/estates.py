"""Property companies and estate committees among the units that a work order can be handed to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dispatch.models import WorkOrder
from grid.choices import UnitKind
from grid.models import Unit
from grid.selectors.party import estate_units


def by_estate(units: Iterable[Unit], work_order: WorkOrder, on: date) -> tuple[list[Unit], list[Unit]]:
    """Return the units, who looks after the estate of the case first; and those of them that may be proposed.

    A company that looks after another estate can be chosen, but is never proposed.
    """
    first = estate_units(work_order.area, work_order.case.house_code, on)
    places = {pk: place for place, pk in enumerate(first)}
    ordered = sorted(units, key=lambda unit: places.get(unit.pk, len(places)))
    return ordered, [unit for unit in ordered if unit.kind != UnitKind.COMPANY or unit.pk in places]
