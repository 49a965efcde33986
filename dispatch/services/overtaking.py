"""Requests whose case or work order has moved on: they are closed with the reason, so that none stays open for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from dispatch.choices import ClockOutcome, RequestKind, RequestState
from dispatch.models import CaseRequest, Clock
from dispatch.workflow import HANDLING, PENDING_SIGN
from intake.models import Case
from intake.workflow import CASE, IN_HANDLING, UNDER_APPEAL
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor

from .exchange.telling import tell_decision
from .notices import notify_unit

ASKED_IN = (PENDING_SIGN, HANDLING)  # the states of a work order in which something can be asked about it


def close_overtaken(cases: Sequence[Case], *, now: datetime) -> None:
    """Close the open requests of locked cases that nobody can carry out any more."""
    found = {case.pk: case for case in cases}
    for request in CaseRequest.objects.open().filter(case__in=found).select_related("work_order", "evaluation"):
        request.case = found[request.case_id]
        if reason := _why_overtaken(request):
            _close(request, reason, now)


def end_request(request: CaseRequest, state: str, *, by: Actor, now: datetime, opinion: str) -> None:
    """Write how a request ended; its clock, where it still runs, was in vain."""
    request.state, request.opinion = state, opinion
    request.decided_by, request.decided_at = by.name[:120], now
    request.save(update_fields=["state", "opinion", "decided_by", "decided_at"])
    Clock.objects.filter(request=request, case=request.case, outcome=ClockOutcome.RUNNING).update(
        outcome=ClockOutcome.CANCELLED, stopped_at=now
    )


def _close(request: CaseRequest, reason: str, now: datetime) -> None:
    by = Actor.system("requests")
    end_request(request, RequestState.OVERTAKEN, by=by, now=now, opinion=reason)
    facts = {"kind": request.kind, "request": request.pk}
    audit.record("request.overtaken", request.case, by=by, now=now, changes=facts, note=reason)
    tell_decision(request, agreed=False, opinion=reason, now=now)
    kind = RequestKind(request.kind).label
    notify_unit(request.asked_by_unit_id, "request_overtaken", request.case, now=now, kind=kind, reason=reason)


def _why_overtaken(request: CaseRequest) -> str:
    """Return why a request cannot be carried out any more; empty while it can."""
    order, case = request.work_order, request.case
    with override(settings.LANGUAGE_CODE):
        moved = _("The case is now “%(state)s”.") % {"state": case.get_state_display()}
        if request.kind == RequestKind.SCORE_APPEAL:
            is_redone = request.evaluation is not None and request.evaluation.round < case.round
            return "" if is_redone or case.state == UNDER_APPEAL else moved
        if request.kind == RequestKind.VOID and case.state not in CASE.moves["void"].from_states:
            return moved
        if order is None:
            return ""
        if order.state not in ASKED_IN:
            return _("The work order is now “%(state)s”.") % {"state": order.get_state_display()}
        return "" if request.kind == RequestKind.VOID or case.state == IN_HANDLING else moved
