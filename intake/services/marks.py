"""Marks that a rule sets on a case: how urgent it is, that it is sensitive or secret, that somebody calls back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import update_objects

FIELDS = ("urgency", "is_sensitive", "is_secret", "needs_callback")


def mark_cases(cases: Sequence[Case], marks: Mapping[int, Mapping[str, Any]], *, by: Actor, now: datetime) -> None:
    """Set marks (case id → field → value) on locked cases, with two statements however many there are."""
    marked = [case for case in cases if marks.get(case.pk)]
    if not marked:
        return
    entries = []
    for case in marked:
        changes = {name: [getattr(case, name), value] for name, value in marks[case.pk].items() if name in FIELDS}
        for name, (_before, value) in changes.items():
            setattr(case, name, value)
        case.row_version += 1
        entries.append(audit.Record("case.marked", case, changes))
    update_objects(marked, [*FIELDS, "row_version"])
    audit.record_many(entries, by=by, now=now)
