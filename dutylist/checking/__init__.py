"""Checking a batch before it is published: what would be wrong with the list, and what could be better."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from dutylist.findings import Finding, Severity
from dutylist.models import Batch

from .after import ListAfter
from .rules import RULES

__all__ = ["ListAfter", "find_problems"]


def find_problems(batch: Batch, *, on: date | None = None) -> list[Finding]:
    """Return what is found in the batch as it would be published on the day `on` (its own date unless given).

    In the order of the lines, what blocks first. The number of queries does not depend on the number of lines.
    """
    after = ListAfter(batch, on or batch.effective_on or timezone.localdate())
    order = {code: at for at, code in enumerate(after.draft.items)}
    found = [problem for rule in RULES for problem in rule(after)]
    return sorted(found, key=lambda one: (order[one.code], one.severity != Severity.BLOCK))
