"""延期: more time for the handling, once, asked before the deadline (F W21, W22). The citizen is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, RequestKind, RequestState
from dispatch.models import CaseRequest
from dutylist.choices import LimitUnit
from intake import services as intake
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.worktime import add_limit

from ..clock_changes import extend, handling_clock
from ..notices import notify_citizen
from .asked import Asked, shown


def prepare(asked: Asked) -> dict[str, Any]:
    """Check what is asked: before the deadline, not too often, not too long. Kept is until when."""
    order = asked.lead
    clock = handling_clock(order)
    if clock is None:
        raise Refused(_("No deadline for the handling runs here."), field="kind")
    if asked.now > clock.due_at:
        raise Refused(_("More time had to be asked for before the deadline, %(due)s.") % {"due": shown(clock.due_at)})
    _check_times(asked)
    return {"asked_until": _until(asked, clock.due_at)}


def agree(request: CaseRequest, asked: Asked) -> None:
    """Let the handling go on until the agreed moment, and the case with it; tell the citizen."""
    clock = handling_clock(asked.lead)
    due_at = clock.due_at if clock else asked.now
    asked_again = {"until": request.asked_until, **asked.value, "ground": request.ground and request.ground.code}
    again = Asked(asked.case, asked.order, request.kind, asked.by, asked.now, asked_again)
    request.agreed_until = _until(again, due_at)
    rule = _("Extended by %(who)s") % {"who": request.deciding_unit}
    case_due_at = extend(asked.lead, request.agreed_until, rule=rule, now=asked.now)
    intake.set_due(asked.case, case_due_at)
    ground = request.ground.name if request.ground else request.get_kind_display()
    notify_citizen(asked.case, "citizen_extended", now=asked.now, due=request.agreed_until, reason=ground)


def most_days(asked: Asked) -> int:
    """Return how many working days may be asked for: what the ground says, else the usual number."""
    if asked.ground is not None and asked.ground.days:
        return asked.ground.days
    return asked.book.limit(ClockKind.EXTENSION, asked.case, unit=asked.lead.unit).amount


def _check_times(asked: Asked) -> None:
    most = int(get_parameter("request.extend_times", timezone.localdate(asked.now)))
    agreed = CaseRequest.objects.filter(
        case=asked.case, kind=RequestKind.EXTEND, state=RequestState.AGREED, work_order__round=asked.case.round
    )
    if agreed.count() >= most:
        raise Refused(_("The handling was extended already; that is possible %(most)s time(s).") % {"most": most})


def _until(asked: Asked, due_at: datetime) -> datetime:
    """Return the new deadline: so many working days after the old one, or a moment within as many."""
    most = most_days(asked)
    latest = _days_after(due_at, most, asked)
    days = asked.value.get("days")
    if days not in (None, ""):
        if isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= most:
            raise BadInput(_("From 1 to %(most)s working days are possible.") % {"most": most}, field="days")
        return _days_after(due_at, days, asked)
    until = asked.moment()
    if until is None or not due_at < until <= latest:
        text = _("The new deadline lies after %(due)s and not after %(latest)s.")
        raise BadInput(text % {"due": shown(due_at), "latest": shown(latest)}, field="until")
    return until


def _days_after(due_at: datetime, days: int, asked: Asked) -> datetime:
    """Return the end of so many working days after a deadline; one at closing time belongs to the day that ends."""
    return add_limit(due_at - timedelta(seconds=1), days, LimitUnit.WORKDAY, asked.book.calendar)
