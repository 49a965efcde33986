"""How a case went, as whoever asked may know it: the states it was in and since when, no names and no notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from intake.models import Case
from intake.workflow import DRAFT, STATES, state_told
from shenzhen_gov.core.models import AuditEntry

CASE_TYPE = Case._meta.label_lower
TEXTS = dict(STATES)


@dataclass(frozen=True)
class Stage:
    """One step of the way: the state it led to, its word, and when."""

    state: str
    text: str
    at: datetime


def case_stages(case: Case) -> list[Stage]:
    """Return the stages of a case, oldest first."""
    return stages_of([case]).get(case.pk, [])


def stages_of(cases: Iterable[Case]) -> dict[int, list[Stage]]:
    """Return case id → stages, oldest first, with one query; a repeated state counts once."""
    ids = [case.pk for case in cases]
    rows = AuditEntry.objects.filter(object_type=CASE_TYPE, object_id__in=ids, changes__has_key="state")
    found: dict[int, list[Stage]] = {}
    for object_id, changes, at in rows.order_by("object_id", "seq").values_list("object_id", "changes", "at"):
        stages = found.setdefault(object_id, [])
        state = state_told(state_after(changes))
        if state and not (stages and stages[-1].state == state):
            stages.append(Stage(state, str(TEXTS.get(state, state)), at))
    return found


def state_after(changes: dict) -> str:
    """Return the state an audit entry's `changes` led to; DRAFT, which nobody is shown, when it tells none."""
    states = changes.get("state")
    return str(states[1]) if isinstance(states, list) and len(states) == 2 else DRAFT
