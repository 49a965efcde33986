"""Counts that cost the same however long the history is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

CAP = 1000


@dataclass(frozen=True)
class Count:
    """A number of rows, or "at least so many"."""

    value: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.value - 1}+" if self.is_capped else str(self.value)

    def __bool__(self) -> bool:
        return self.value > 0


def capped(found: int, cap: int = CAP) -> Count:
    """Return a number that is known as a list shows it."""
    return Count(min(found, cap), is_capped=found >= cap)


def capped_count(queryset: QuerySet, cap: int = CAP) -> Count:
    """Count the rows of `queryset`, looking at `cap` of them at most; at the cap the text is "999+"."""
    return capped(queryset.order_by()[:cap].count(), cap)
