"""催办, 督办, 批示: words of the line above to whoever has a case. The state stays; a platform that has it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, SupervisionReason
from dispatch.clocks import ClockBook, stop
from dispatch.models import Clock, Instruction, Supervision, Urge
from grid import access
from grid.choices import Act
from grid.models import Unit
from intake import services as intake
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import STAFF, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.texts import checked_text

from .exchange.telling import tell_case
from .handling import NOTE_LIMIT
from .notices import notify_unit, notify_user

MOST_AT_ONCE = 200


@transaction.atomic
def urge_case(case_id: int, *, text: str, by: Actor, now: datetime, row_version: int | None = None) -> Urge:
    """催办: ask whoever has the case to be quick.

    Raises IllegalMove for a case that has ended, BadInput(field="text") without words.
    """
    case = _begin(case_id, "urge", by, row_version)
    return write_urge(case, _words(text), by=by, now=now)


@transaction.atomic
def urge_many(case_ids: Sequence[int], *, text: str, by: Actor, now: datetime) -> list[Urge]:
    """Urge several cases with one text: all or none; a refusal names the case it is about."""
    ids = sorted(set(case_ids))
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise BadInput(_("Tick 1 to %(most)s cases.") % {"most": MOST_AT_ONCE}, field="ids")
    written = []
    for case_id in ids:
        try:
            written.append(urge_case(case_id, text=text, by=by, now=now))
        except (BadInput, OutOfSight):
            raise
        except Refused as refusal:
            number = Case.objects.filter(pk=case_id).values_list("number", flat=True).first()
            refusal.text = _("%(number)s: %(reason)s Nobody was urged.") % {"number": number, "reason": refusal}
            raise
    return written


def write_urge(
    case: Case, text: str, *, unit: Unit | None = None, by: Actor, now: datetime, action: str = "case.urged", **facts
) -> Urge:
    """Keep an urge of a locked case: the row, the timeline, and the platform that works on it.

    It goes to `unit`, else to whoever has the case.
    """
    to = unit or case.holder
    urge = Urge.objects.create(case=case, unit=to, text=text, at=now, by=by.name[:120])
    audit.record(action, case, by=by, now=now, changes={"unit": str(to), **facts}, note=text)
    tell_case(case, "urge", {"text": text}, now=now)
    _tell_holder(case, "case_urged", now, unit, text=text)
    return urge


@transaction.atomic
def supervise(
    case_id: int, *, text: str, due_at: datetime | None = None, reason: str = SupervisionReason.CHOSEN, by: Actor,
    now: datetime, row_version: int | None = None,
) -> Supervision:  # fmt: skip
    """督办: follow a case to a date. Without `due_at` the limit of supervision orders holds, from now.

    Raises IllegalMove when it is supervised already or has ended, BadInput naming the field.
    """
    case = _begin(case_id, "supervise", by, row_version)
    if reason not in SupervisionReason.values:
        raise BadInput(_("Choose why the case is supervised."), field="reason")
    if due_at is not None and due_at <= now:
        raise BadInput(_("The date has passed already."), field="due_at")
    if Supervision.objects.filter(case=case, ended_at=None).exists():
        raise IllegalMove(_("Case %(number)s is under supervision already.") % {"number": case.number})
    return open_supervision(case, _words(text), due_at, reason, by=by, now=now)


def open_supervision(
    case: Case, text: str, due_at: datetime | None, reason: str, *, by: Actor, now: datetime,
    action: str = "case.supervised", **facts,
) -> Supervision:  # fmt: skip
    """Open the supervision order of a locked case, with its clock."""
    book = ClockBook(now)
    clock = book.start(ClockKind.SUPERVISION, case, unit=case.holder)
    if due_at is not None:
        clock = book.clock(ClockKind.SUPERVISION, case, None, now, due_at, by.name[:120])
    clock.save()
    order = Supervision.objects.create(
        case=case, unit_id=case.holder_id, reason=reason, text=text, opened_at=now, opened_by=by.name[:120],
        opened_by_id=by.id if by.kind == STAFF else None, due_at=clock.due_at,
    )  # fmt: skip
    facts = {"unit": str(case.holder), "due_at": clock.due_at.isoformat(), "ground": reason, **facts}
    audit.record(action, case, by=by, now=now, changes=facts, note=text)
    tell_case(case, "supervise", {"text": text, "due_at": facts["due_at"]}, now=now)
    _tell_holder(case, "supervised", now, text=text, due=clock.due_at)
    return order


@transaction.atomic
def confirm_supervision(
    case_id: int, *, text: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> Supervision:
    """督办确认: the unit says that it knows of the supervision and what it will do."""
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    order = _running(case)
    _require_concerned(by, "confirm_supervision", case, order.unit)
    if order.confirmed_at is not None:
        raise IllegalMove(_("The supervision was confirmed already, by %(who)s.") % {"who": order.confirmed_by})
    order.confirmed_at, order.confirmed_by, order.confirmation = now, by.name[:120], _words(text, may_lack=True)
    order.save(update_fields=["confirmed_at", "confirmed_by", "confirmation"])
    audit.record("case.supervision_confirmed", case, by=by, now=now, note=order.confirmation)
    _tell_back(order.opened_by_id, "supervision_confirmed", case, order.unit, order.confirmation, now)
    return order


@transaction.atomic
def end_supervision(
    case_id: int, *, result: str, by: Actor, now: datetime, row_version: int | None = None
) -> Supervision:
    """督办办结: the supervisor ends it with what came of it; its clock stops."""
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["end_supervision"].acts, case)
    order = _running(case)
    _stop_clock(case, now)
    return _end(order, case, _words(result, field="result"), by, now)


def end_with_case(case: Case, *, by: Actor, now: datetime) -> None:
    """End the supervision of a case that has ended; its clocks were stopped with the case."""
    order = Supervision.objects.filter(case=case, ended_at=None).first()
    if order is not None:
        _stop_clock(case, now)
        _end(order, case, str(case.get_state_display()), by, now)


@transaction.atomic
def instruct(
    case_id: int, *, text: str, asks_reply: bool = False, by: Actor, now: datetime, row_version: int | None = None
) -> Instruction:
    """批示: a leader writes what is to be done with a case; the unit that has it may be asked for an answer."""
    case = _begin(case_id, "instruct", by, row_version)
    given = Instruction.objects.create(
        case=case, unit_id=case.holder_id, text=_words(text), at=now, by=by.name[:120],
        by_id=by.id if by.kind == STAFF else None, asks_reply=asks_reply,
    )  # fmt: skip
    facts = {"unit": str(case.holder), "asks_reply": asks_reply}
    audit.record("case.instructed", case, by=by, now=now, changes=facts, note=given.text)
    _tell_holder(case, "instructed", now, text=given.text)
    return given


@transaction.atomic
def answer_instruction(
    case_id: int, *, text: str, by: Actor, now: datetime, row_version: int | None = None
) -> Instruction:
    """答复批示: the unit answers the oldest instruction of the case that asks for it."""
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    given = Instruction.objects.filter(case=case, asks_reply=True, replied_at=None).order_by("id").first()
    if given is None:
        raise IllegalMove(_("No instruction waits for an answer."))
    _require_concerned(by, "answer_instruction", case, given.unit)
    given.reply, given.replied_at, given.replied_by = _words(text), now, by.name[:120]
    given.save(update_fields=["reply", "replied_at", "replied_by"])
    audit.record("case.instruction_answered", case, by=by, now=now, changes={"to": given.by}, note=given.reply)
    _tell_back(given.by_id, "instruction_answered", case, given.unit, given.reply, now)
    return given


def _begin(case_id: int, move: str, by: Actor, row_version: int | None) -> Case:
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves[move].acts, case)
    CASE.check(move, case)
    return case


def _running(case: Case) -> Supervision:
    order = Supervision.objects.filter(case=case, ended_at=None).select_related("unit").first()
    if order is None:
        raise IllegalMove(_("Case %(number)s is not under supervision.") % {"number": case.number})
    return order


def _require_concerned(by: Actor, move: str, case: Case, unit) -> None:
    """Raise unless `by` acts for the unit that was meant, or for the one that has the case now."""
    acts, concerned = CASE.moves[move].acts, [one for one in (unit, case.holder) if one is not None]
    reasons = [access.why_not(by, acts, one) for one in concerned]
    if not all(reasons):
        return
    if by.user is not None and not access.can_see(by.user, case):
        raise OutOfSight(_("Not found."))
    raise NotAllowed(reasons[0] or "")


def _end(order: Supervision, case: Case, result: str, by: Actor, now: datetime) -> Supervision:
    order.ended_at, order.ended_by, order.result = now, by.name[:120], result
    order.save(update_fields=["ended_at", "ended_by", "result"])
    audit.record("case.supervision_ended", case, by=by, now=now, note=result)
    return order


def _tell_holder(case: Case, template: str, now: datetime, unit: Unit | None = None, **facts) -> None:
    act = Act.DISPATCH_CASE if case.state == AWAITING_DISPATCH else Act.HANDLE_CASE
    notify_unit(unit.pk if unit else case.holder_id, template, case, act=act, now=now, **facts)


def _tell_back(user_id: int | None, template: str, case: Case, unit: Unit | None, text: str, now: datetime) -> None:
    """Tell the person who asked what the unit says; a rule that opened it has nobody to be told."""
    if user_id is not None:
        notify_user(user_id, template, case, now=now, unit=str(unit or case.holder), text=text or "—")


def _stop_clock(case: Case, now: datetime) -> None:
    rows = Clock.objects.filter(case=case, kind=ClockKind.SUPERVISION, outcome=ClockOutcome.RUNNING)
    for clock in rows:
        stop(clock, now)
        clock.save(update_fields=["stopped_at", "outcome"])


def _words(text: str, *, field: str = "text", may_lack: bool = False) -> str:
    words = checked_text(text, NOTE_LIMIT, field=field)
    if not words and not may_lack:
        raise BadInput(_("Say in 1 to %(limit)s characters what is wanted.") % {"limit": NOTE_LIMIT}, field=field)
    return words
