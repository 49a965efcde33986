"""Reading batches: only those whose list the reader works on."""

from __future__ import annotations

from dutylist.models import Batch


def get_batch(number: str, user) -> Batch | None:
    """Return the batch with this number if `user` may see it, or None."""
    found = Batch.objects.visible_to(user).filter(number=number)
    return found.select_related("owner_area", "proposing_unit", "created_by", "reverses").first()
