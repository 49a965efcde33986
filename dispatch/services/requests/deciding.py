"""同意/不同意: the level above decides a request, with an opinion. A refused request has bought no time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import ClockOutcome, RequestKind, RequestState
from dispatch.clocks import stop
from dispatch.models import CaseRequest, Clock
from dispatch.selectors.requests import why_not_decide
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.texts import checked_text

from ..disputes.opening import after_return
from ..exchange.telling import tell_decision
from ..notices import notify_unit
from ..overtaking import close_overtaken
from .asked import Asked
from .asking import lock_request, require_open
from .kinds import KINDS

OPINION_LIMIT = 500


@transaction.atomic
def decide_request(
    request_id: int,
    *,
    agreed: bool,
    opinion: str,
    by: Actor,
    now: datetime,
    value: Mapping[str, Any] | None = None,
) -> CaseRequest:
    """Decide a request and do what was agreed to. `value` may grant less than was asked for: `until` or `days`.

    Raises NotAllowed with the reason, IllegalMove when somebody decided it first or the case has moved on, BadInput
    naming the field.
    """
    asked, request = lock_request(request_id, by=by, now=now)
    require_decider(request, by)
    require_open(request)
    text = checked_text(opinion, OPINION_LIMIT, field="opinion")
    if not text:
        raise BadInput(_("Give your opinion."), field="opinion")
    asked.value = {name: given for name, given in (value or {}).items() if given not in (None, "")}
    _write(request, agreed, text, by, now)
    row = KINDS[request.kind]
    if agreed:
        row.agree(request, asked)
        request.save(update_fields=["agreed_until"])
    row.conclude(request, asked)
    close_overtaken([asked.case], now=now)
    _tell(request, agreed, asked)
    if request.kind == RequestKind.RETURN:
        after_return(asked.case, asked.lead, now=now)
    return request


def require_decider(request: CaseRequest, by: Actor) -> None:
    """Raise NotAllowed unless `by` decides at the level that was asked, or above, and did not ask it."""
    if why := why_not_decide(request, by):
        raise NotAllowed(why)


def _write(request: CaseRequest, agreed: bool, opinion: str, by: Actor, now: datetime) -> None:
    request.state = RequestState.AGREED if agreed else RequestState.REFUSED
    request.opinion, request.decided_by, request.decided_at = opinion, by.name[:120], now
    request.save(update_fields=["state", "opinion", "decided_by", "decided_at"])
    clocks = list(Clock.objects.filter(case=request.case, request=request, outcome=ClockOutcome.RUNNING))
    for clock in clocks:
        stop(clock, now)
    Clock.objects.bulk_update(clocks, ["stopped_at", "outcome"])
    action = "request.agreed" if agreed else "request.refused"
    facts = {"kind": request.kind, "request": request.pk, "unit": str(request.deciding_unit)}
    audit.record(action, request.case, by=by, now=now, changes=facts, note=opinion)


def _tell(request: CaseRequest, agreed: bool, asked: Asked) -> None:
    """Tell the unit that asked, or the platform that works for it."""
    tell_decision(request, agreed=agreed, opinion=request.opinion, now=asked.now)
    notify_unit(
        request.asked_by_unit_id, "request_decided", asked.case, now=asked.now,
        kind=RequestKind(request.kind).label, outcome=RequestState(request.state).label, opinion=request.opinion,
    )  # fmt: skip
