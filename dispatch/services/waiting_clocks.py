"""The clocks of cases that no unit has been given yet: acceptance and dispatch, so that nothing is exempt.

Registering and dispatching write none of them, for most cases are through at once. A sweep starts the clock of a case
that still waits, from the event that it counts from; the step that ends the waiting stops it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, QuerySet, Value, When

from dispatch.choices import ClockKind, ClockOutcome
from dispatch.clocks import AT_ONCE, ClockBook
from dispatch.models import Clock, StageFact
from intake.models import Case
from intake.workflow import REGISTERED
from shenzhen_gov.core.actor import Actor

from .supervision import end_with_case

LEFT_REGISTERED = ("accept", "answer", "refuse")
ENDED_EARLY = ("withdraw", "void")


@transaction.atomic
def start_waiting(*, now: datetime, limit: int = 1000) -> int:
    """Start the clocks of cases that wait for acceptance or for dispatch and have none; returns how many."""
    long_enough = now - AT_ONCE
    registered = Case.objects.filter(state=REGISTERED, registered_at__lte=long_enough).order_by("registered_at", "id")
    waiting = [
        (ClockKind.ACCEPT, registered),
        (ClockKind.DISPATCH, Case.objects.awaiting_dispatch().filter(accepted_at__lte=long_enough)),
        (ClockKind.DISPATCH, Case.objects.awaiting_person().filter(accepted_at__lte=long_enough)),
    ]
    clocks = [clock for kind, rows in waiting for clock in _missing(kind, rows, now, limit)]
    Clock.objects.bulk_create(clocks)
    return len(clocks)


def _missing(kind: str, rows: QuerySet[Case], now: datetime, limit: int) -> list[Clock]:
    """Return the clocks that cases lack, unsaved; each counts from when its waiting began."""
    running = Clock.objects.filter(case=OuterRef("pk"), kind=kind, outcome=ClockOutcome.RUNNING)
    lacking = rows.filter(~Exists(running)).select_related("holder")
    cases = list(lacking.select_for_update(skip_locked=True, of=("self",))[:limit])
    again = StageFact.objects.filter(case__in=[case for case in cases if case.due_at], work_order=None, ended_at=None)
    came_back = dict(again.values_list("case_id", "started_at")) if cases else {}
    book = ClockBook(now) if cases else None
    return [
        book.start(kind, case, started_at=came_back.get(case.pk) or _since(kind, case), unit=case.holder)
        for case in cases
        if book is not None
    ]


def _since(kind: str, case: Case) -> datetime:
    return case.registered_at if kind == ClockKind.ACCEPT else case.accepted_at or case.registered_at


def follow_clocks(case: Case, move: str, *, by: Actor, now: datetime) -> None:
    """Stop what a move of the case itself ends: the waiting for acceptance, all clocks of a case that ends early."""
    if move in LEFT_REGISTERED and now > case.registered_at:
        in_time = Choose(When(due_at__gte=now, then=Value(ClockOutcome.MET)), default=Value(ClockOutcome.LATE))
        waited = Clock.objects.filter(case=case, kind=ClockKind.ACCEPT, outcome=ClockOutcome.RUNNING)
        waited.update(outcome=in_time, stopped_at=now)
    elif move in ENDED_EARLY:
        running = Clock.objects.filter(case=case, outcome=ClockOutcome.RUNNING)
        running.update(outcome=ClockOutcome.CANCELLED, stopped_at=now)
    if move in (*ENDED_EARLY, "close"):
        end_with_case(case, by=by, now=now)
