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

    A company can always be chosen; it is proposed only where its contract names the building, for elsewhere the grid
    team of the place is nearer.
    """
    looked_after = estate_units(work_order.area, work_order.case.house_code, on)
    places = {pk: place for place, pk in enumerate(looked_after)}
    ordered = sorted(units, key=lambda unit: places.get(unit.pk, len(places)))
    return ordered, [unit for unit in ordered if unit.kind != UnitKind.COMPANY or looked_after.get(unit.pk)]
