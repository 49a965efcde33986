"""申请: what a unit asks of the level above. Until it is decided nothing changes, and the clocks run on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import RequestKind, RequestState
from dispatch.models import CaseRequest
from dispatch.workflow import WORK_ORDER
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, Refused

from .handling import NOTE_LIMIT
from .steps import lock_work_order, require_at, tell

ASKED = (RequestKind.RETURN, RequestKind.EXTEND)


@transaction.atomic
def ask_above(
    work_order_id: int, *, kind: str, reason: str, value: dict | None = None, by: Actor, now: datetime
) -> CaseRequest:
    """Ask to give a work order back, or for more time. Decided one level above; one open request of a kind at a time.

    Raises IllegalMove when the work order is not worked on, BadInput naming the field, Refused when it was asked.
    """
    order = lock_work_order(work_order_id, by=by)
    require_at(by, WORK_ORDER.moves["report"].acts, order, order.unit)
    if order.state not in WORK_ORDER.moves["agree_return"].from_states:
        raise IllegalMove(_("%(number)s is not being worked on now.") % {"number": order.number})
    if kind not in ASKED:
        raise BadInput(_("This cannot be asked here."), field="kind")
    if not 0 < len(reason.strip()) <= NOTE_LIMIT:
        raise BadInput(_("Give the reason in 1 to %(limit)s characters.") % {"limit": NOTE_LIMIT}, field="reason")
    if CaseRequest.objects.filter(work_order=order, kind=kind, state=RequestState.OPEN).exists():
        raise Refused(_("This was asked already and is not decided yet."), field="kind")
    request = CaseRequest.objects.create(
        case=order.case, work_order=order, kind=kind, asked_by_unit=order.unit, asked_by=by.name, asked_at=now,
        reason=reason.strip(), asked_value=value or {},
        deciding_unit=order.parent.unit if order.parent else order.unit.parent or order.unit,
    )  # fmt: skip
    tell(order, "request.asked", by=by, now=now, note=request.reason, kind=kind, to=str(request.deciding_unit))
    return request
