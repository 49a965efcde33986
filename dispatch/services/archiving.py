"""归档: when the time to evaluate is over, nothing of a case changes any more but annotations."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from dispatch.choices import ClockKind, ClockOutcome, RequestState
from dispatch.clocks import ClockBook
from dispatch.models import CaseRequest, Clock, ClosureCheck, Round
from dispatch.workflow import CHECK_OPEN
from intake import services as intake
from intake.models import Case
from intake.workflow import CASE
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.worktime import LimitUnit

BATCH = 100
SPANS = {LimitUnit.DAY: timedelta(days=1), LimitUnit.HOUR: timedelta(hours=1), LimitUnit.MINUTE: timedelta(minutes=1)}


@transaction.atomic
def archive_some(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Archive up to `limit` cases whose time to evaluate is over and that nobody is still deciding about.

    The state is the queue: safe to run twice, at any moment, in any number of processes. Returns how many were.
    """
    cases = list(_due(now).order_by("closed_at", "pk").select_for_update(skip_locked=True, of=("self",))[:limit])
    for case in cases:
        intake.move_case(case, "archive", action="case.archived", by=by, now=now)
    running = Clock.objects.filter(case__in=cases, outcome=ClockOutcome.RUNNING)
    running.update(outcome=ClockOutcome.CANCELLED, stopped_at=now)
    return len(cases)


def _due(now: datetime) -> QuerySet[Case]:
    """Return the cases to be archived: not while a round is to be redone, a closing checked, a request decided.

    The window is the time limit `evaluation` of all cases, in natural days, hours or minutes: scopes do not count.
    """
    window = ClockBook(now).limit(ClockKind.EVALUATION, Case())
    until = now - window.amount * SPANS[LimitUnit(window.unit)]
    of_case = {"case": OuterRef("pk")}
    return Case.objects.filter(
        ~Exists(Round.objects.filter(awaits_redo=True, **of_case)),
        ~Exists(ClosureCheck.objects.filter(state=CHECK_OPEN, **of_case)),
        ~Exists(CaseRequest.objects.filter(state=RequestState.OPEN, **of_case)),
        state__in=CASE.moves["archive"].from_states,
        closed_at__lte=until,
    )
