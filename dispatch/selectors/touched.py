"""Which open cases the lines of a batch concern. Costs what is open, whatever has been closed in ten years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from dispatch.choices import WorkRole
from dispatch.models import WorkOrder
from dutylist.models import BatchLine
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH


@dataclass(frozen=True)
class Reach:
    """The cases one line concerns: those of its item, of an overlay only those in its own area."""

    line: BatchLine
    area_path: str = ""

    def covers(self, path: str | None) -> bool:
        """Whether a case at this place is concerned; a case without a place is one of the whole city's."""
        return (path or "").startswith(self.area_path)


def lines_of(batch_id: int) -> QuerySet[BatchLine]:
    """Return the lines of a batch with what `get_reach` asks of them."""
    return BatchLine.objects.filter(batch=batch_id).select_related(
        "batch__owner_area", "item__owner_area", "published__item"
    )


def get_reach(lines: Iterable[BatchLine]) -> dict[int, list[Reach]]:
    """Return item id → the lines that concern its cases. An item that is only being added has none."""
    found: dict[int, list[Reach]] = defaultdict(list)
    for line in lines:
        item = line.item or (line.published.item if line.published else None)
        narrowed = line.narrows_id or (item.narrows_id if item else None)
        if narrowed:
            area = item.owner_area if item else line.batch.owner_area
            found[narrowed].append(Reach(line, area.path))
        if item:
            found[item.pk].append(Reach(line))
    return found


def leads_of(item_ids: Iterable[int]) -> QuerySet[WorkOrder]:
    """Return the open work orders by which cases of these items were dispatched: one a case."""
    return WorkOrder.objects.open().filter(role=WorkRole.LEAD, parent=None, case__item__in=list(item_ids))


def waiting_of(item_ids: Iterable[int]) -> QuerySet[Case]:
    """Return the cases of these items that await dispatch."""
    return Case.objects.filter(state=AWAITING_DISPATCH, item__in=list(item_ids))
