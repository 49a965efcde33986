"""What the Excel page of a batch shows and hands out."""

from __future__ import annotations

from django.db.models import QuerySet

from dutylist.models import Batch, BatchPreview, ItemVersion, Responsibility
from grid.access import visible_to


def list_to_change(batch: Batch) -> QuerySet[ItemVersion]:
    """Return the newest versions of the list that a batch changes, overlays included, without items that ended."""
    newest = ItemVersion.objects.newest().filter(is_retired=False, item__owner_area=batch.owner_area_id)
    return newest.select_related("item__narrows").order_by("item__code")


def rows_in_sight(user) -> QuerySet[Responsibility]:
    """Return the responsibility rows that `user` may see."""
    return visible_to(Responsibility.objects.all(), user)


def get_last_import(batch: Batch) -> BatchPreview | None:
    """Return what the last import into a batch did; its figures hold the faults when nothing was taken over."""
    return BatchPreview.objects.filter(batch=batch, kind="import").first()
