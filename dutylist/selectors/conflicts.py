"""Other batches on their way that change the items of a batch."""

from __future__ import annotations

from dataclasses import dataclass

from dutylist.models import Batch, BatchLine
from dutylist.workflow import OPEN_STATES, SCHEDULED


@dataclass(frozen=True)
class Conflict:
    """One item that another batch changes too. Both are of one list: whoever sees the one batch sees the other."""

    code: str
    batch: Batch

    @property
    def owner(self) -> str:
        """Return the name of who opened the other batch."""
        return self.batch.created_by.get_full_name() if self.batch.created_by else ""

    @property
    def is_scheduled(self) -> bool:
        """Whether the other batch is approved and waits for its date."""
        return self.batch.state == SCHEDULED


def get_conflicts(batch: Batch) -> list[Conflict]:
    """Return the items of the batch that other open batches change too, with one query."""
    own = BatchLine.objects.filter(batch=batch).values("code")
    others = BatchLine.objects.filter(code__in=own, batch__state__in=OPEN_STATES).exclude(batch=batch)
    lines = others.select_related("batch__created_by").only("code", "batch").order_by("code", "batch_id")
    return [Conflict(line.code, line.batch) for line in lines]
