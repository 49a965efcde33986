"""What is open, due, overdue, closed and rated: each figure said once, for those who count and for the list behind it.

An open case has one active lead work order, which repeats area and next deadline; what has none yet (to be accepted,
to be dispatched) are the few that the queues of the desks hold. So nothing here looks at what is over and done with,
but for the cases closed since a given moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from dispatch.choices import ClockOutcome, WorkRole
from dispatch.models import CaseRequest, Clock, Round, WorkOrder
from dispatch.workflow import ACTIVE_STATES
from grid.models import Area
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, REGISTERED, VOID

OPEN, DUE_TODAY, OVERDUE = "open", "due_today", "overdue"
CLOSED, LATE, RATED, SATISFIED = "closed", "late", "rated", "satisfied"
FIGURES = (OPEN, DUE_TODAY, OVERDUE, CLOSED, LATE, RATED, SATISFIED)
WAITING = (REGISTERED, AWAITING_DISPATCH)
LATE_CLOSING = Q(closed_at__gt=F("due_at"))
# 执法办案, 行政调解 stay out of satisfaction (W16); a case without an item is counted.
MEASURED = Q(item_version=None) | Q(item_version__counts_satisfaction=True)


def leads_of_open_cases() -> QuerySet[WorkOrder]:
    """Return the work order that has the ball, one for each case in handling."""
    return WorkOrder.objects.filter(role=WorkRole.LEAD, state__in=ACTIVE_STATES)


def cases_without_work_order() -> QuerySet[Case]:
    """Return the open cases that nobody has been given yet."""
    return Case.objects.filter(state__in=WAITING)


def clocks_before_dispatch() -> QuerySet[Clock]:
    """Return the running deadlines of the cases that nobody has been given yet."""
    running = Clock.objects.filter(outcome=ClockOutcome.RUNNING, work_order=None, request=None)
    return running.filter(case__state__in=WAITING)


def open_cases_at(area: Area) -> QuerySet:
    """Return the ids of the open cases that lie in this very area."""
    leads = leads_of_open_cases().filter(area=area).values("case")
    return leads.union(Case.objects.filter(area=area, state__in=WAITING).values("pk"))


def closed_since(moment: datetime) -> QuerySet[Case]:
    """Return what was handled and closed since `moment`; what was answered on the spot never had a deadline."""
    return Case.objects.filter(closed_at__gte=moment, due_at__isnull=False).exclude(state=VOID)


def verdicts() -> QuerySet[Round]:
    """Return the verdicts on rounds that are measured by satisfaction; one appealed against successfully is none."""
    measured = Q(case__item_version=None) | Q(case__item_version__counts_satisfaction=True)
    appealed = CaseRequest.objects.agreed_appeals().filter(case=OuterRef("case"), evaluation__round=OuterRef("number"))
    rounds = Round.objects.filter(measured, satisfied__isnull=False)
    return rounds.exclude(case__state=VOID).exclude(Exists(appealed))


def verdicts_since(moment: datetime) -> QuerySet[Round]:
    """Return the verdicts, on their last round, on the cases closed since `moment`."""
    return verdicts().filter(case__closed_at__gte=moment, case__due_at__isnull=False, number=F("case__round"))


def due_by(now: datetime) -> dict[str, Q]:
    """Return figure → the condition on a deadline's field `next_due_at` of work orders."""
    return {
        OVERDUE: Q(next_due_at__lte=now),
        DUE_TODAY: Q(next_due_at__gt=now, next_due_at__lt=day_end(now)),
    }


def clocks_due_by(now: datetime) -> dict[str, Q]:
    """Return figure → the same condition on clocks; a case is overdue by one clock even when another is not."""
    return {OVERDUE: Q(due_at__lte=now), DUE_TODAY: Q(due_at__gt=now, due_at__lt=day_end(now))}


def cases_behind(figure: str, cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Narrow `cases` to those that a figure counts; an unknown figure narrows to none."""
    week = week_start(now)
    if figure == OPEN:
        return cases.filter(Q(state__in=WAITING) | Q(pk__in=leads_of_open_cases().values("case")))
    if figure in due_by(now):
        orders = leads_of_open_cases().filter(due_by(now)[figure]).values("case")
        waiting = clocks_before_dispatch().filter(clocks_due_by(now)[figure]).values("case")
        return cases.filter(pk__in=orders.union(waiting, all=True))
    if figure in (CLOSED, LATE):
        rows = closed_since(week)
        return cases.filter(pk__in=(rows.filter(LATE_CLOSING) if figure == LATE else rows).values("pk"))
    if figure in (RATED, SATISFIED):
        rounds = verdicts_since(week)
        return cases.filter(pk__in=(rounds.filter(satisfied=True) if figure == SATISFIED else rounds).values("case"))
    return cases.none()


def week_start(now: datetime) -> datetime:
    """Return the moment the running week began: Monday, midnight, of the portal's time zone."""
    day = timezone.localtime(now)
    return (day - timedelta(days=day.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def day_end(now: datetime) -> datetime:
    """Return the midnight that ends the running day."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
