"""作废: a case that must not go on ends, with the reason, by the level above."""

from __future__ import annotations

from typing import Any

from dispatch.choices import ClockOutcome
from dispatch.models import CaseRequest, Clock, Round, WorkOrder
from intake import services as intake

from ..exchange.telling import tell_recalled
from ..facts import note_orders
from ..parts import end_parts
from ..recalling import end_orders
from .asked import Asked


def prepare(asked: Asked) -> dict[str, Any]:
    """Nothing more than the reason is asked for."""
    return {}


def agree(request: CaseRequest, asked: Asked) -> None:
    """End the case and everything that is open about it."""
    case = asked.case
    end_parts([case], by=asked.by, now=asked.now, note=request.opinion)
    orders = list(WorkOrder.objects.open().filter(case=case).select_related("unit").select_for_update(of=("self",)))
    for order in orders:
        order.case = case
    end_orders(orders, asked.now)
    note_orders(orders, asked.now, "taken_back")
    clocks = Clock.objects.filter(case=case, outcome__in=(ClockOutcome.RUNNING, ClockOutcome.PAUSED))
    clocks.update(outcome=ClockOutcome.CANCELLED, stopped_at=asked.now)
    Round.objects.filter(case=case, number=case.round, closed_at=None).update(closed_at=asked.now)
    tell_recalled(orders, notes={case.pk: request.reason}, now=asked.now)
    intake.move_case(
        case, "void", action="case.voided", by=asked.by, now=asked.now,
        changes={"request": request.pk}, note=request.opinion,
    )  # fmt: skip
