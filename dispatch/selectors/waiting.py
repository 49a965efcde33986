"""The cases that wait at a dispatch desk, shortest deadline first: who comes next, and how many for which reason.

The order is that of the running dispatch clocks, which have an index of their own, so that the first ones are found
without sorting all that wait. A case that reached the desk while no deadline could be computed has no clock; it comes
after those that have, and is looked for among the oldest only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields import DateTimeField
from django.db.models.functions import Coalesce

from dispatch.choices import ClockKind, ClockOutcome, NeedsPerson, RequestKind, RequestState
from dispatch.models import CaseClaim, CaseRequest, CaseSkip, Clock, Decision
from grid.access import holds_everywhere, units_with
from grid.choices import Act
from intake.choices import Urgency
from intake.models import Attachment, Case
from intake.workflow import AWAITING_DISPATCH

COUNTED = 1000  # of more it is said that there are more, so that the desk costs the same however many wait
OLDEST = 2000
WAITING_SHOWN = 100
REASONS = [choice for choice in NeedsPerson.choices if choice[0]]
# What of a citizen no desk shows; of an imported case its old columns.
UNSEEN = ("legacy", "citizen__name", "citizen__phone", "citizen__identity_number", "citizen__address")


@dataclass(frozen=True)
class WaitingList:
    """What waits, in the order in which it will come: how many for which reason and urgency, and the first ones."""

    cases: list[Case]
    by_why: list[tuple[str, str, int]]  # code, words, count
    by_urgency: list[tuple[str, str, int]]
    total: int

    @property
    def is_capped(self) -> bool:
        """Whether more wait than were counted."""
        return self.total >= COUNTED


def get_waiting(user) -> QuerySet[Case]:
    """Return the cases that wait for a person at the dispatch desks this person works at, shortest deadline first."""
    clock = Clock.objects.filter(case=OuterRef("pk"), kind=ClockKind.DISPATCH, outcome=ClockOutcome.RUNNING)
    returns = CaseRequest.objects.filter(case=OuterRef("pk"), kind=RequestKind.RETURN, state=RequestState.AGREED)
    returned = returns.order_by().values("case").annotate(times=Count("pk")).values("times")
    return (
        _at_own_desks(user, Case.objects.awaiting_person(), "holder")
        .annotate(
            why=Subquery(_latest_why(OuterRef("pk"))),
            dispatch_due=Subquery(clock.values("due_at")[:1]),
            dispatch_yellow=Subquery(clock.values("yellow_at")[:1]),
            has_files=Exists(Attachment.objects.filter(case=OuterRef("pk"))),
            times_returned=Coalesce(Subquery(returned), 0),
        )
        .select_related("area", "channel", "item_version", "citizen", "claim__staff")
        .defer(*UNSEEN)
        .order_by(F("dispatch_due").asc(nulls_last=True), "id")
    )


def get_waiting_list(user, now: datetime, why: str = "") -> WaitingList:
    """Return what waits for this person; of one reason only when `why` is given, the counts are of all."""
    rows = sorted(_rows(user), key=lambda row: (row[3] is not None, row[3] or now, row[2] is None, row[2] or now))
    chosen = [row for row in rows if not why or row[1] == why]
    ids = [row[0] for row in chosen[:WAITING_SHOWN]]
    found = {case.pk: case for case in get_waiting(user).filter(pk__in=ids)}
    whys, urgencies = Counter(row[1] or "" for row in rows), Counter(row[4] for row in rows)
    return WaitingList(
        cases=[found[pk] for pk in ids if pk in found],
        by_why=[(code, why_label(code), count) for code, count in whys.most_common()],
        by_urgency=[
            (code, str(label), urgencies[code]) for code, label in reversed(Urgency.choices) if urgencies[code]
        ],
        total=len(rows),
    )


def find_next(user, now: datetime, why: str = "") -> Iterator[QuerySet]:
    """Yield querysets of what may come next, the better one first; each row has `case_id`.

    Without those that lie before somebody else; what this person put off comes last.
    """
    rows = _of_why(waiting_clocks(user), why)
    theirs = CaseClaim.objects.filter(case=OuterRef("case_id"), expires_at__gt=now).exclude(staff=user)
    put_off = CaseSkip.objects.filter(case=OuterRef("case_id"), staff=user)
    free = rows.filter(~Exists(theirs))
    yield free.filter(~Exists(put_off)).order_by("due_at", "case_id")
    unclocked = _of_why(_without_clock(user).annotate(case_id=F("pk")), why).filter(~Exists(theirs))
    yield unclocked.filter(~Exists(put_off)).order_by("accepted_at", "pk")
    yield free.annotate(at=Subquery(put_off.values("skipped_at")[:1])).order_by("at", "case_id")
    yield unclocked.order_by("accepted_at", "pk")


def find_waiting_ids(user, now: datetime, why: str, limit: int) -> list[int]:
    """Return the ids of waiting cases of one reason that lie before nobody else, those due first."""
    found: dict[int, None] = {}
    for rows in find_next(user, now, why):
        found |= dict.fromkeys(rows.values_list("case_id", flat=True)[: limit - len(found)])
        if len(found) >= limit:
            break
    return list(found)


def waiting_clocks(user) -> QuerySet[Clock]:
    """Return the dispatch clocks that run for the cases at this person's desks."""
    rows = Clock.objects.filter(
        kind=ClockKind.DISPATCH,
        outcome=ClockOutcome.RUNNING,
        case__state=AWAITING_DISPATCH,
        case__awaits_person=True,
    )
    return _at_own_desks(user, rows, "case__holder")


def find_alike_waiting(user, case: Case, ids: Sequence[int], limit: int) -> QuerySet[Case]:
    """Return waiting cases with these ids, and those of the same item in the same area, the oldest first."""
    alike = Q(pk__in=ids)
    if case.item_id and case.area_id:
        alike |= Q(item=case.item_id, area=case.area_id)
    return get_waiting(user).filter(alike).exclude(pk=case.pk).order_by("accepted_at", "pk")[:limit]


def why_label(code: str | None) -> str:
    """Return why the machine did not dispatch, in words."""
    return str(NeedsPerson(code or "").label)


def _rows(user) -> list[tuple]:
    """Return (case id, why, due, put off, urgency) of what waits, at most COUNTED and in one statement."""
    put_off = CaseSkip.objects.filter(case=OuterRef("case_id"), staff=user).values("skipped_at")[:1]
    clocked = waiting_clocks(user).annotate(
        why=Subquery(_latest_why(OuterRef("case_id"))), put_off=Subquery(put_off), urgency=F("case__urgency")
    )
    others = _without_clock(user).annotate(
        case_id=F("pk"),
        none=Value(None, output_field=DateTimeField()),
        why=Subquery(_latest_why(OuterRef("pk"))),
        put_off=Subquery(CaseSkip.objects.filter(case=OuterRef("pk"), staff=user).values("skipped_at")[:1]),
    )
    first = clocked.order_by("due_at", "case_id").values_list("case_id", "why", "due_at", "put_off", "urgency")
    rest = others.order_by("accepted_at", "pk").values_list("case_id", "why", "none", "put_off", "urgency")
    return list(first[:COUNTED].union(rest[:COUNTED], all=True))[:COUNTED]


def _without_clock(user) -> QuerySet[Case]:
    clock = Clock.objects.filter(case=OuterRef("pk"), kind=ClockKind.DISPATCH, outcome=ClockOutcome.RUNNING)
    oldest = Case.objects.awaiting_person().values("pk")[:OLDEST]
    rows = Case.objects.awaiting_person().filter(pk__in=Subquery(oldest))
    return _at_own_desks(user, rows.filter(~Exists(clock)).order_by(), "holder")


def _at_own_desks(user, rows: QuerySet, name: str) -> QuerySet:
    """Narrow rows to those whose accountable unit `name` is one at which this person dispatches."""
    if holds_everywhere(user, Act.DISPATCH_CASE):
        return rows.filter(**{f"{name}__isnull": False})
    return rows.filter(**{f"{name}__in": units_with(user, Act.DISPATCH_CASE)})


def _of_why(rows: QuerySet, why: str) -> QuerySet:
    if not why:
        return rows
    return rows.annotate(why=Subquery(_latest_why(OuterRef("case_id")))).filter(why=why)


def _latest_why(case: OuterRef) -> QuerySet:
    return Decision.objects.filter(case=case).order_by("-id").values("needs_person")[:1]
