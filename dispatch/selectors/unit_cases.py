"""How much is open at one unit."""

from __future__ import annotations

from django.db.models import Count

from dispatch.models import WorkOrder
from dispatch.workflow import OPEN_STATES, WORK_ORDER
from grid.models import Unit


def count_open_work(user, unit_id: int) -> list[tuple[str, int]] | None:
    """Return (state, work orders) of a unit, or None when it lies outside the user's sight."""
    if not Unit.objects.visible_to(user).filter(pk=unit_id).exists():
        return None
    rows = WorkOrder.objects.open().filter(unit=unit_id).order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    return [(str(WORK_ORDER.states[state]), counts[state]) for state in OPEN_STATES if state in counts]
