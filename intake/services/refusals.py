"""不予受理: an agent proposes it with a reason; the shift leader confirms it or sends the case on its way."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from intake.choices import ReplyWay
from intake.limits import NOTE_LIMIT
from intake.models import Case, Refusal, RefusalReason
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.texts import checked_text

from .life_cycle import lock_case, refuse_while_proposed, take_in
from .moves import move_case


@transaction.atomic
def propose_refusal(
    case_id: int, *, reason: str, told_way: str = "", note: str = "", by: Actor, now: datetime
) -> Refusal:
    """Propose not to accept a case; it waits until a shift leader decides.

    `reason` is the code of a reason in use, `told_way` how the citizen is told (empty: as the case says). Raises
    BadInput naming the field, and IllegalMove when the case is past acceptance or a proposal is open already.
    """
    case = lock_case(case_id, by=by)
    access.require(by, CASE.moves["answer"].acts, case)
    CASE.check("refuse", case)
    refuse_while_proposed(case)
    found = _reason(reason)
    refusal = Refusal(
        case=case,
        reason=found,
        note=checked_text(note, NOTE_LIMIT, field="note"),
        told_way=_told_way(told_way or case.reply_way),
        proposed_at=now,
        proposed_by=by.name,
        proposer_id=by.id,
    )
    refusal.save(force_insert=True)
    audit.record("case.refusal_proposed", case, by=by, now=now, changes={"reason": found.code}, note=refusal.note)
    return refusal


@transaction.atomic
def confirm_refusal(refusal_id: int, *, by: Actor, now: datetime) -> Case:
    """Confirm a proposal: the case is not accepted, and the citizen is told the text of the reason.

    Nobody confirms a proposal of their own.
    """
    refusal, case = _lock(refusal_id, by)
    access.require(by, CASE.moves["refuse"].acts, case)
    if reason := why_not_confirm(refusal, by):
        raise NotAllowed(reason)
    case.refusal_reason = refusal.reason.told
    _decide(refusal, True, "", by, now)
    facts = {"reason": refusal.reason.code, "told_way": refusal.told_way}
    move_case(case, "refuse", action="case.refused", by=by, now=now, changes=facts, note=refusal.reason.told)
    case.save(update_fields=["refusal_reason"])
    return case


@transaction.atomic
def decline_refusal(refusal_id: int, *, opinion: str = "", by: Actor, now: datetime) -> Case:
    """Decline a proposal: the case is accepted and goes on to dispatch. One's own may be taken back this way."""
    refusal, case = _lock(refusal_id, by)
    if refusal.proposer_id != by.id or by.id is None:
        access.require(by, CASE.moves["refuse"].acts, case)
    access.require(by, CASE.moves["accept"].acts, case)
    _decide(refusal, False, checked_text(opinion, NOTE_LIMIT, field="opinion"), by, now)
    audit.record("case.refusal_declined", case, by=by, now=now, note=refusal.opinion)
    return take_in(case, by=by, now=now)


def why_not_confirm(refusal: Refusal, by: Actor) -> str | None:
    """Return why `by` may not confirm this proposal; None when the four eyes are there."""
    if by.id is not None and refusal.proposer_id == by.id:
        return _("You proposed this yourself; another shift leader confirms it.")
    return None


def _lock(refusal_id: int, by: Actor) -> tuple[Refusal, Case]:
    """Return an open proposal and its case, both locked, the case first as everywhere."""
    case_id = Refusal.objects.filter(pk=refusal_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise OutOfSight(_("Not found."))
    case = lock_case(case_id, by=by)
    if by.user is not None and not access.can_see(by.user, case):
        raise OutOfSight(_("Not found."))
    refusal = Refusal.objects.select_for_update(of=("self",)).select_related("reason").get(pk=refusal_id)
    if refusal.is_confirmed is not None:
        text = _("%(who)s decided this proposal in the meantime.")
        raise IllegalMove(text % {"who": refusal.decided_by})
    return refusal, case


def _decide(refusal: Refusal, verdict: bool, opinion: str, by: Actor, now: datetime) -> None:
    refusal.is_confirmed, refusal.opinion = verdict, opinion
    refusal.decided_at, refusal.decided_by = now, by.name
    refusal.save(update_fields=["is_confirmed", "opinion", "decided_at", "decided_by"])


def _reason(code: str) -> RefusalReason:
    found = RefusalReason.objects.filter(code=code, is_active=True).first() if "\x00" not in code else None
    if found is None:
        raise BadInput(_("Choose the reason; the citizen is told it."), field="reason")
    return found


def _told_way(way: str) -> str:
    if way not in ReplyWay.values:
        raise BadInput(_("Choose how the citizen is told."), field="told_way")
    return way
