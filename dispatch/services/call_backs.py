"""回访: whom to call after a case has ended, who calls, and what follows from what was said (F W22).

Who wants a call, and a sample, are called at once; the others when they have not evaluated by the next working day.
A claim keeps two agents from calling the same citizen; it runs out by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import CallBackReason, CallResult, ClockKind, ClockOutcome, DoubtKind, RoundJudge
from dispatch.clocks import ClockBook, stop
from dispatch.models import CallBack, CallBackTry, Clock
from dispatch.workflow import CALL_BACK_FLOW, CB_LAPSED, CB_WAITING
from grid import access
from grid.models import Staff
from intake import services as intake
from intake.choices import Via
from intake.models import Case, Citizen
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, Refused
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text
from shenzhen_gov.core.worktime import LimitUnit, add_limit, get_calendar

from .false_closures import open_check
from .rounds import judge_round

CALL_TEXT_LIMIT = 500
SPREAD = 2654435761  # Knuth's multiplicative hash: neighbouring cases fall far apart
MOVES = {CallResult.REACHED: "reach", CallResult.REFUSED: "decline"}
ACTIONS = {
    "reach": "call_back.reached",
    "decline": "call_back.declined",
    "try": "call_back.tried",
    "give_up": "call_back.given_up",
}


def plan_call_back(case: Case, now: datetime) -> CallBack | None:
    """Put a case that has just ended on the list of those to be called, with its clock; None without a number.

    A confidential caller is called only if that was asked for. A year without its holidays stops no closing: the call
    is then due within a day, without a clock.
    """
    if case.citizen_id is None:
        return None
    citizen = Citizen.objects.filter(pk=case.citizen_id).exclude(phone_tail_index="").only("wants_secrecy").first()
    if citizen is None or ((case.is_secret or citizen.wants_secrecy) and not case.needs_callback):
        return None
    why = _why(case, now)
    try:
        clock = ClockBook(now).start(ClockKind.CALL_BACK, case)
        ready_at = now if why != CallBackReason.UNRATED else _next_working_day(now)
        due_at = clock.due_at
        clock.save(force_insert=True)
    except Refused:
        ready_at, due_at = now, now + timedelta(days=1)
    return CallBack.objects.create(
        case=case, round=case.round, area=case.area, unit_id=case.holder_id, why=why, ready_at=ready_at, due_at=due_at
    )


def lapse_call_backs(case: Case, now: datetime, *, but_wanted: bool = False) -> None:
    """End the calls of a locked case that nobody needs to make any more, e.g. because the citizen has evaluated."""
    waiting = CallBack.objects.filter(case=case, state=CB_WAITING)
    if but_wanted:
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)  # not while somebody has the citizen on the phone
        waiting = waiting.filter(free, why=CallBackReason.UNRATED)
    if waiting.update(state=CB_LAPSED, ended_at=now, ended_by="system:lapse", claimed_by=None, claimed_until=None):
        clocks = Clock.objects.filter(case=case, kind=ClockKind.CALL_BACK, outcome=ClockOutcome.RUNNING)
        clocks.update(outcome=ClockOutcome.CANCELLED, stopped_at=now)


@transaction.atomic
def claim_call_back(call_back_id: int | None = None, *, by: Actor, now: datetime) -> CallBack | None:
    """Take a call so that nobody else makes it: the given one, else the own one, else the most urgent free one.

    Returns None when nothing is left. Raises Refused naming who is on the phone, OutOfSight for what is not the
    caller's to make.
    """
    rows = CallBack.objects.of_agent(by.user).filter(state=CB_WAITING).select_for_update(of=("self",))
    if call_back_id is not None:
        found = rows.filter(pk=call_back_id).first()
        if found is None:
            raise OutOfSight(_("This call has been made, or is not yours to make."))
        _refuse_claimed(found, by, now)
    else:
        own = rows.filter(claimed_by=by.user, claimed_until__gt=now).first()
        found = own or _first_free(rows, now)
    if found is None:
        return None
    _release_others(found, by)
    found.claimed_by = by.user
    found.claimed_until = now + timedelta(minutes=get_parameter("call_back.claim_minutes", timezone.localdate(now)))
    found.save(update_fields=["claimed_by", "claimed_until"])
    return found


@transaction.atomic
def release_call_back(call_back_id: int, *, by: Actor, now: datetime) -> None:
    """Give a call back to the list, for somebody else to make."""
    CallBack.objects.filter(pk=call_back_id, state=CB_WAITING, claimed_by=by.user).update(
        claimed_by=None, claimed_until=None
    )


@transaction.atomic
def record_call_back(
    call_back_id: int,
    *,
    result: str,
    is_solved: bool | None = None,
    is_told: bool | None = None,
    scores: intake.Scores | None = None,
    text: str = "",
    by: Actor,
    now: datetime,
) -> CallBack:
    """Write what came of a call. Solved: the citizen's scores are the evaluation; not solved: the case is done again.

    Raises BadInput naming the field, IllegalMove when the call was not taken, is over, or the case went on meanwhile.
    """
    found = _lock(call_back_id, by)
    text = checked_text(text, CALL_TEXT_LIMIT, field="text")
    _check_answers(result, is_solved, is_told)
    move = MOVES.get(CallResult(result)) or _next_after_silence(found, now)
    CALL_BACK_FLOW.check(move, found)
    CallBackTry.objects.create(call_back=found, at=now, by=by.name[:120], result=result, note=text)
    _write(found, move, is_solved, is_told, text, by, now)
    facts = {"solved": is_solved, "told": is_told} if move == "reach" else {"tries": found.tries}
    audit.record(ACTIONS[move], found.case, by=by, now=now, changes=facts, note=text)
    if move == "reach":
        _follow(found, scores, by, now)
    return found


def _follow(found: CallBack, scores: intake.Scores | None, by: Actor, now: datetime) -> None:
    """Let the evaluation, the verdict and the doubt follow from what the citizen said."""
    case = found.case
    if scores and not case.evaluations.filter(round=found.round).exists():
        intake.evaluate_case(case.pk, scores, via=Via.CALL_BACK, by=by, now=now)
        case = intake.lock_case(case.pk, by=by)
    if not found.is_solved:
        open_check(case.pk, found.round, DoubtKind.NOT_SOLVED, {"call_back": found.pk}, now=now)
    if case.round == found.round:
        satisfied = bool(found.is_solved)
        judge_round(case, satisfied=satisfied, judge=RoundJudge.CALL_BACK, why=found.text, now=now)


def _lock(call_back_id: int, by: Actor) -> CallBack:
    """Return the call with its case, both locked, if it is this person's to make."""
    case_id = CallBack.objects.filter(pk=call_back_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise OutOfSight(_("Not found."))
    case = intake.lock_case(case_id, by=by)
    access.require(by, CASE.moves["call_back"].acts, case)
    found = CallBack.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=call_back_id)
    found.case = case
    if found.state != CB_WAITING or found.round != case.round:
        raise IllegalMove(_("This call is over: %(state)s.") % {"state": found.get_state_display()})
    CASE.check("call_back", case)
    if found.claimed_by_id != by.id:
        who = found.claimed_by.get_full_name() if isinstance(found.claimed_by, Staff) else ""
        raise IllegalMove(_("%(who)s makes this call.") % {"who": who} if who else _("Take the call first."))
    return found


def _check_answers(result: str, is_solved: bool | None, is_told: bool | None) -> None:
    if result not in CallResult.values:
        raise BadInput(_("Choose what came of the call."), field="result")
    if result != CallResult.REACHED:
        return
    if not isinstance(is_solved, bool):
        raise BadInput(_("Ask whether the matter is solved."), field="is_solved")
    if not isinstance(is_told, bool):
        raise BadInput(_("Ask whether the unit told the result."), field="is_told")


def _write(found: CallBack, move: str, is_solved, is_told, text: str, by: Actor, now: datetime) -> None:
    """Save the outcome; the first call, whatever comes of it, stops the clock."""
    found.tries += 1
    found.claimed_by = found.claimed_until = None
    found.state = CALL_BACK_FLOW.moves[move].to_state or found.state
    if move == "try":
        found.ready_at = _again_at(now)
    else:
        found.text, found.ended_at, found.ended_by = text, now, by.name[:120]
    if move == "reach":
        found.is_solved, found.is_told = is_solved, is_told
    found.save()
    for clock in Clock.objects.filter(case=found.case, kind=ClockKind.CALL_BACK, outcome=ClockOutcome.RUNNING):
        stop(clock, now)
        clock.save(update_fields=["stopped_at", "outcome"])


def _next_after_silence(found: CallBack, now: datetime) -> str:
    most = get_parameter("call_back.most_tries", timezone.localdate(now))
    return "give_up" if found.tries + 1 >= most else "try"


def _again_at(now: datetime) -> datetime:
    hours = get_parameter("call_back.again_hours", timezone.localdate(now))
    try:
        return add_limit(now, hours, LimitUnit.WORKHOUR, get_calendar())
    except Refused:
        return now + timedelta(hours=hours)


def _first_free(rows, now: datetime) -> CallBack | None:
    free = rows.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), ready_at__lte=now)
    return free.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",)).first()


def _refuse_claimed(found: CallBack, by: Actor, now: datetime) -> None:
    is_taken = found.claimed_until is not None and found.claimed_until > now
    if is_taken and found.claimed_by and found.claimed_by_id != by.id:
        raise Refused(_("%(who)s makes this call.") % {"who": found.claimed_by.get_full_name()})


def _release_others(found: CallBack, by: Actor) -> None:
    """Let go of what the same person had taken before: one call at a time."""
    others = CallBack.objects.filter(claimed_by=by.user, state=CB_WAITING).exclude(pk=found.pk)
    others.update(claimed_by=None, claimed_until=None)


def _why(case: Case, now: datetime) -> str:
    if case.needs_callback:
        return CallBackReason.WANTED
    share = get_parameter("call_back.sample_share", timezone.localdate(now))
    drawn = case.pk * SPREAD % 2**32 / 2**32 < share
    return CallBackReason.SAMPLE if drawn else CallBackReason.UNRATED


def _next_working_day(now: datetime) -> datetime:
    """Return when work begins on the working day after this one."""
    calendar = get_calendar()
    return calendar.next_working_moment(add_limit(now, 0, LimitUnit.WORKDAY, calendar))
