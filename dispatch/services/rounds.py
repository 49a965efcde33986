"""重办: the verdict on a round, and the next round when it was not good.

Whoever says that a round was not good (the citizen, a call-back, a check of the closing) judges it here, once: the case
is taken up again at once. What stands in the way of it (a year without its holidays) keeps the round in the queue
`awaits_redo`, and a sweep tries again.
"""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dispatch.choices import (
    CircularReason,
    ClockKind,
    ClockOutcome,
    DecisionMode,
    NeedsPerson,
    RoundJudge,
    SupervisionReason,
    WorkRole,
)
from dispatch.clocks import ClockBook
from dispatch.deciding import Draft
from dispatch.models import Clock, Round, Supervision, WorkOrder
from dispatch.reasons import reason
from dispatch.workflow import DONE
from dutylist.selectors import duty_for
from grid import access
from grid.choices import Act
from intake import services as intake
from intake.models import Case, Evaluation
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.parameters import get_parameter

from .assigning import assign, send_to_desk
from .circulars import circulate
from .handling import NOTE_LIMIT
from .notices import notify_citizen, notify_unit
from .recalling import centres_of
from .supervision import supervise

BATCH = 50


@transaction.atomic
def redo_case(
    case_id: int, *, reason: str, by: Actor, now: datetime, row_version: int | None = None, judge: str = ""
) -> Case:
    """Open the next round of an ended case: back to the unit that closed it, else to the dispatch desk.

    The overall clock goes on from the first acceptance with a later deadline. Raises IllegalMove when the case has not
    ended or is archived, BadInput without a reason, NotAllowed for people who do not supervise.
    """
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["redo"].acts, case)
    CASE.check("redo", case)
    why = reason.strip()
    if not 0 < len(why) <= NOTE_LIMIT:
        raise BadInput(_("Give the reason in 1 to %(limit)s characters.") % {"limit": NOTE_LIMIT}, field="reason")
    _judge(case, False, judge or RoundJudge.SUPERVISOR, now)
    return _redo(case, why, by, now)


def judge_round(case: Case, *, satisfied: bool, judge: str, why: str = "", now: datetime) -> None:
    """Write the verdict on the present round of a locked, ended case; not good and to be redone: it is, at once.

    A round that was judged not good stays so, whoever says it again; a good verdict gives way to a worse one.
    """
    found = _judge(case, satisfied, judge, now)
    if found is None or satisfied:
        return
    is_measured = case.item_version is None or case.item_version.counts_satisfaction
    if is_measured:
        _name_in_circular(case, found, now)
    with override(settings.LANGUAGE_CODE):  # what is kept is in the language of the house
        refusal = _why_not_redone(case, is_measured, now)
    if refusal:
        audit.record("case.not_redone", case, by=Actor.system("redo"), now=now, note=refusal)
        return
    found.awaits_redo = True
    found.save(update_fields=["awaits_redo"])
    _try_to_redo(found, why or str(RoundJudge(judge).label), now)


def judge_by_evaluation(evaluation: Evaluation, *, now: datetime) -> None:
    """Take an evaluation as the verdict on its round: up to `redo.most_score` it was not good."""
    satisfied = evaluation.overall > get_parameter("redo.most_score", timezone.localdate(now))
    if evaluation.round == evaluation.case.round:
        with override(settings.LANGUAGE_CODE):
            why = _("Evaluated %(score)s of 5") % {"score": evaluation.overall}
        judge_round(evaluation.case, satisfied=satisfied, judge=RoundJudge.EVALUATION, why=why, now=now)


def redo_some(*, now: datetime, limit: int = BATCH) -> int:
    """Take up again what could not be at once; returns how many were. Safe to run twice, at any moment."""
    waiting = list(Round.objects.filter(awaits_redo=True).order_by("id")[:limit])
    return sum(_try_to_redo(found, str(RoundJudge(found.judged_by).label), now) for found in waiting)


def _try_to_redo(found: Round, why: str, now: datetime) -> bool:
    """Redo the case of a round that waits for it; what is refused now waits on."""
    by = Actor.system("redo")
    try:
        with transaction.atomic():
            case = intake.lock_case(found.case_id, by=by)
            if case.round == found.number and case.state in CASE.moves["redo"].from_states:
                _supervise(_redo(case, why, by, now), found, now)
    except Refused:
        return False
    Round.objects.filter(pk=found.pk).update(awaits_redo=False)
    return True


def _judge(case: Case, satisfied: bool, judge: str, now: datetime) -> Round | None:
    """Return the round with its verdict, or None when what was said before stands."""
    # A case that was answered on the spot has no round until somebody judges it.
    given = {"opened_at": case.accepted_at or case.registered_at, "closed_at": case.closed_at, "is_compared": True}
    found, _new = Round.objects.select_for_update().get_or_create(
        case=case, number=case.round, defaults=given | {"is_scanned": True}
    )
    if found.satisfied is False or (found.satisfied and satisfied):
        return None
    found.satisfied, found.judged_by, found.judged_at = satisfied, judge, now
    found.save(update_fields=["satisfied", "judged_by", "judged_at"])
    return found


def _why_not_redone(case: Case, is_measured: bool, now: datetime) -> str | None:
    """Return why a case that was not good is not taken up again by itself, or None."""
    if not is_measured:
        return _("Law enforcement and mediation are not measured by satisfaction; nothing is redone by itself.")
    if case.state not in CASE.moves["redo"].from_states:
        return str(CASE.why_not("redo", case))
    most = get_parameter("redo.most_times", timezone.localdate(now))
    if case.round > most:
        return _("It was done again %(count)s times already; a supervisor decides.") % {"count": case.round - 1}
    return None


def _redo(case: Case, why: str, by: Actor, now: datetime) -> Case:
    """Move a locked case into its next round and give it to the unit that closed it."""
    last = _last_lead(case)
    draft = _drafted(case, last, now) if last else None
    holders = {} if draft and draft.unit else centres_of([case])
    due = _next_due(case, draft, now)
    facts = {"round": case.round + 1}
    intake.move_case(
        case, "redo", action="case.redone", by=by, now=now, note=why, changes=facts,
        holder_id=holders.get(case.pk), due_at=due.due_at if due else None,
    )  # fmt: skip
    if due:
        due.save(force_insert=True)
    if draft and draft.unit:
        (order,) = assign([draft], DecisionMode.AUTOMATIC, by=Actor.system("redo"), now=now, note=why)
        until = Clock.objects.of([order]).get(kind=ClockKind.HANDLING).due_at
        notify_unit(order.unit_id, "redo", case, now=now, round=case.round, due=until)
    elif draft:
        send_to_desk([draft], by=Actor.system("redo"), now=now)
        notify_unit(case.holder_id, "redo", case, act=Act.DISPATCH_CASE, now=now, round=case.round, due=case.due_at)
    notify_citizen(case, "citizen_redo", now=now)
    return case


def _last_lead(case: Case) -> WorkOrder | None:
    """Return the work order that ended with the present round: the one at the top of its chain."""
    orders = WorkOrder.objects.filter(case=case, role=WorkRole.LEAD, parent=None, state=DONE, round=case.round)
    return orders.select_related("unit", "decision__responsibility__lead_unit").order_by("-seq").first()


def _drafted(case: Case, last: WorkOrder, now: datetime) -> Draft:
    """Return the decision: the unit that closed it, unless it is closed itself or the list names another one now."""
    duty = duty_for(case.item_id, case.area, timezone.localdate(now)) if case.item_id and case.area else None
    draft = Draft(case).follow(duty)
    before = last.decision.responsibility.lead_unit_id if last.decision and last.decision.responsibility else None
    now_named = draft.row.lead_unit if draft.row else None
    if last.unit.closed_on is not None:
        return draft.stop(NeedsPerson.UNIT_CLOSED, "unit_closed", unit=last.unit, day=last.unit.closed_on)
    if before and (now_named is None or now_named.pk not in (before, last.unit_id)):
        return draft.stop(NeedsPerson.REDO, "redo_elsewhere", old=last.unit, unit=now_named or "—")
    draft.unit = last.unit
    draft.reasons.append(reason("redo_same_unit", unit=last.unit, round=case.round + 1))
    return draft


def _next_due(case: Case, draft: Draft | None, now: datetime) -> Clock | None:
    """Return the overall clock of the next round: begun at the first acceptance, due after the redo and its review.

    A case that was answered on the spot gets its first one when it is dispatched.
    """
    if case.due_at is None:
        return None
    later, book = copy(case), ClockBook(now)
    later.round += 1
    handling = book.limit(ClockKind.HANDLING, later, draft.terms if draft else None, draft.unit if draft else None)
    allowance = book.limit(ClockKind.OVERALL, later)
    due_at = book.due(book.due(now, handling), allowance)
    first = Clock.objects.filter(case=case, kind=ClockKind.OVERALL).order_by("id").first()
    started_at = first.started_at if first else case.accepted_at or now
    Clock.objects.filter(case=case, work_order=None, outcome=ClockOutcome.RUNNING).update(
        outcome=ClockOutcome.CANCELLED, stopped_at=now
    )
    rule = f"{handling.rule} + {allowance.rule}"[:200]
    return book.clock(ClockKind.OVERALL, case, None, started_at, due_at, rule)


def _name_in_circular(case: Case, judged: Round, now: datetime) -> None:
    """Name a case and its unit in the circular when its second round was not good either (F W5)."""
    if _is_second(judged, now):
        with suppress(Refused), transaction.atomic():  # a city without a centre publishes nothing; the redo goes on
            by, note = Actor.system("redo"), _second_text(judged)
            circulate(case.pk, reason=CircularReason.DISSATISFIED, note=note, by=by, now=now)


def _supervise(case: Case, judged: Round, now: datetime) -> None:
    """Put a case under supervision that is taken up again after its second round was not good either."""
    if _is_second(judged, now) and not Supervision.objects.filter(case=case, ended_at=None).exists():
        by, text = Actor.system("redo"), _second_text(judged)
        supervise(case.pk, text=text, reason=SupervisionReason.DISSATISFIED, by=by, now=now)


def _is_second(judged: Round, now: datetime) -> bool:
    return judged.number >= get_parameter("redo.supervise_from", timezone.localdate(now))


def _second_text(judged: Round) -> str:
    with override(settings.LANGUAGE_CODE):
        return _("Not satisfied in round %(round)s") % {"round": judged.number}
