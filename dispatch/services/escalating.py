"""逐级上报: what is said up the line when a clock is nearly or quite over.

The scan reads an index of moments (`Clock.next_step_at`) and meets only clocks that are due. A page of them is one
transaction: what was said is written together with when the clock is looked at next, so a worker that is killed
neither skips nor doubles, and the row of a clock and a rule is unique besides. Cases are locked before their clocks,
as in every other step; a case that somebody works on at this moment is left to the next sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from dispatch.choices import CircularReason, ClockKind, ClockOutcome, EscalateWhat, UrgeKind
from dispatch.escalation import Ladder, Reached
from dispatch.models import CircularLine, Clock, Escalation, ExchangeCase, Urge
from dispatch.workflow import HANDED_DOWN
from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in, reserve_keys

from .circulars import get_draft
from .exchange.telling import peers, tell_case

PAGE = 2_000
Cursor = tuple[datetime, int]
OF_CASE = ("number", "state", "holder")  # all that is needed of a page of thousands
OF_CLOCK = (
    "kind", "yellow_at", "due_at", "next_step_at", "outcome", "case", "work_order__unit", "work_order__review_unit",
    "work_order__state", "request__deciding_unit",
)  # fmt: skip
LATER = """
UPDATE dispatch_clock AS c SET next_step_at = v.at
  FROM unnest(%s::bigint[], %s::timestamptz[]) AS v(id, at) WHERE c.id = v.id
"""


@dataclass(frozen=True)
class Escalated:
    """What one page of the scan did, and where the next one begins; `after` is None at the end."""

    clocks: int = 0
    steps: int = 0
    after: Cursor | None = None


@transaction.atomic
def escalate(*, by: Actor, now: datetime, limit: int = PAGE, after: Cursor | None = None) -> Escalated:
    """Follow the escalation rules for the next `limit` clocks that are due, the longest due first.

    Safe to run at any moment, any number of times, in any number of processes.
    """
    due = _due(now).order_by("next_step_at", "id")
    if after is not None:
        due = due.filter(Q(next_step_at__gte=after[0]) & (Q(next_step_at__gt=after[0]) | Q(pk__gt=after[1])))
    page = list(due.values_list("next_step_at", "pk", "case")[:limit])
    if not page:
        return Escalated()
    cases = Case.objects.filter(pk__in={case_id for _at, _pk, case_id in page}).only(*OF_CASE)
    locked = {case.pk: case for case in cases.order_by("pk").select_for_update(skip_locked=True)}
    steps = _follow([pk for _at, pk, _case in page], locked, by, now)
    return Escalated(len(page), steps, page[-1][:2])


def _due(now: datetime):
    return Clock.objects.filter(outcome=ClockOutcome.RUNNING, next_step_at__lte=now)


def _follow(clock_ids: Sequence[int], cases: dict[int, Case], by: Actor, now: datetime) -> int:
    """Write what these clocks have reached; returns how many steps. The clocks are read again, under the lock."""
    rows = _due(now).filter(pk__in=clock_ids, case__in=list(cases)).select_related("work_order", "request")
    clocks = list(rows.only(*OF_CLOCK))
    ladder, taken, later = Ladder(now), [], []
    for clock in clocks:
        clock.case = cases[clock.case_id]
        reached, following = ladder.steps(clock)
        taken += [(clock, step) for step in reached if _is_meant(clock, step)]
        later.append((clock.pk, following))
    done = set(Escalation.objects.filter(clock__in=clocks).values_list("clock", "rule"))
    taken = [(clock, step) for clock, step in taken if (clock.pk, step.rule.pk) not in done]
    urges = _write_notices(_of(taken, EscalateWhat.NOTICE), by, now)
    _write_circular(_of(taken, EscalateWhat.CIRCULAR), by, now)
    _write_steps(taken, urges, now)
    with connection.cursor() as cursor:
        cursor.execute(LATER, [[pk for pk, _at in later], [at for _pk, at in later]])
    return len(taken)


Taken = list[tuple[Clock, Reached]]


def _is_meant(clock: Clock, step: Reached) -> bool:
    """Whether a step is taken: what was handed down is late below; its unit hears of it, but is not named for it."""
    order = clock.work_order
    if order is None or order.state != HANDED_DOWN:
        return True
    return step.rule.what not in (EscalateWhat.NOTICE, EscalateWhat.CIRCULAR)


def _of(taken: Taken, what: str) -> Taken:
    return [(clock, step) for clock, step in taken if step.rule.what == what]


def _write_steps(taken: Taken, urges: dict[tuple[int, int], int], now: datetime) -> None:
    """Write the steps; of messages to one unit that are due at once about a clock, only the last one is told."""
    if not taken:
        return
    last = {(clock.pk, step.unit_id): step.rule.pk for clock, step in _of(taken, EscalateWhat.MESSAGE)}
    copy_in(
        Escalation,
        [
            {
                "clock_id": clock.pk,
                "rule_id": step.rule.pk,
                "case_id": clock.case_id,
                "at": now,
                "unit_id": step.unit_id,
                "act": step.act,
                "urge_id": urges.get((clock.case_id, step.rule.pk)),
                "told_at": None if _is_told(clock, step, last) else now,
            }
            for clock, step in taken
        ],
    )


def _is_told(clock: Clock, step: Reached, last: dict[tuple[int, int | None], int]) -> bool:
    """Whether a unit reads of a step: a circular is read when it is published."""
    if step.rule.what == EscalateWhat.MESSAGE:
        return last[clock.pk, step.unit_id] == step.rule.pk
    return step.rule.what == EscalateWhat.NOTICE


def _write_notices(taken: Taken, by: Actor, now: datetime) -> dict[tuple[int, int], int]:
    """Write the urge notices 催办通知书; returns (case, rule) → urge. A unit that has it gets no second one."""
    if not taken:
        return {}
    wanted = {(clock.case_id, step.rule.pk): (clock, step) for clock, step in taken}
    found = _known_notices(wanted)
    new = {key: pair for key, pair in wanted.items() if key not in found}
    keys = dict(zip(new, reserve_keys(Urge, len(new)), strict=True))
    texts = {key: notice_text(clock, step) for key, (clock, step) in new.items()}
    rows = [
        {
            "id": keys[key], "case_id": clock.case_id, "kind": UrgeKind.NOTICE, "unit_id": step.unit_id,
            "rule_id": step.rule.pk, "text": texts[key], "at": now, "by": by.name[:120],
        }
        for key, (clock, step) in new.items()
    ]  # fmt: skip
    copy_in(Urge, rows)
    entries = [
        audit.Record("case.urged", clock.case, {"clock": clock.kind, "rule": step.rule.source}, texts[key])
        for key, (clock, step) in new.items()
    ]
    audit.record_many(entries, by=by, now=now)
    _tell_platforms([(clock.case, texts[key]) for key, (clock, _step) in new.items()], now)
    return found | keys


def _known_notices(wanted: dict[tuple[int, int], tuple[Clock, Reached]]) -> dict[tuple[int, int], int]:
    """Return (case, rule) → the notice that the same unit got for it before."""
    rows = Urge.objects.filter(case__in={case_id for case_id, _rule in wanted}, kind=UrgeKind.NOTICE)
    return {
        (case_id, rule_id): pk
        for pk, case_id, rule_id, unit_id in rows.values_list("pk", "case", "rule", "unit")
        if (case_id, rule_id) in wanted and wanted[case_id, rule_id][1].unit_id == unit_id
    }


def notice_text(clock: Clock, step: Reached) -> str:
    """Return the words of a notice, in Chinese like every document: which clock, since when, by which rule."""
    with override("zh-hans"):
        text = _("Urge notice: “%(clock)s” of case %(number)s was due %(due)s. Act at once and say why it is late.")
        at = f"{clock.due_at.astimezone(step.at.tzinfo):%Y-%m-%d %H:%M}"
        return text % {"clock": ClockKind(clock.kind).label, "number": clock.case.number, "due": at}


def _tell_platforms(told: Sequence[tuple[Case, str]], now: datetime) -> None:
    """Tell the platforms that work on one of these cases."""
    if not peers():
        return
    elsewhere = set(
        ExchangeCase.objects.filter(case__in=[case.pk for case, _text in told]).values_list("case", flat=True)
    )
    for case, text in told:
        if case.pk in elsewhere:
            tell_case(case, "urge", {"text": text}, now=now)


def _write_circular(taken: Taken, by: Actor, now: datetime) -> None:
    """Put the cases into the draft of the period's circular."""
    if not taken:
        return
    draft = get_draft(now, by=by)
    there = CircularLine.objects.filter(
        circular=draft, reason=CircularReason.OVERDUE, case__in=[c.case for c, _s in taken]
    )
    known = set(there.values_list("case", flat=True))
    new = {clock.case_id: (clock, step) for clock, step in taken if clock.case_id not in known}
    CircularLine.objects.bulk_create(
        CircularLine(
            circular=draft, case_id=case_id, unit_id=step.unit_id or draft.unit_id, reason=CircularReason.OVERDUE,
            at=now, by=by.name[:120],
        )
        for case_id, (_clock, step) in new.items()
    )  # fmt: skip
    facts = {"circular": str(draft), "reason": str(CircularReason.OVERDUE)}
    entries = [audit.Record("case.circulated", clock.case, facts) for clock, _step in new.values()]
    audit.record_many(entries, by=by, now=now)
