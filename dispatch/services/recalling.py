"""撤回: taking work orders back, and what of them goes on when the case is dispatched again. No clock starts afresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.choices import ClockKind, ClockOutcome, StageEnd, WorkRole
from dispatch.clocks import point_to_next
from dispatch.models import Clock, WorkOrder
from dispatch.workflow import RECALLED, RETURNED, WORK_ORDER
from grid.choices import UnitKind
from grid.models import Unit
from intake import services as intake
from intake.models import Case
from shenzhen_gov.core.actor import Actor

from .exchange.telling import tell_recalled
from .facts import begin_waiting, note_orders
from .overtaking import close_overtaken
from .parts import end_parts


@dataclass
class Carried:
    """What a case brings from the unit it was taken back from: the first contact, and the clocks still to be met."""

    contacted_at: datetime | None = None
    clocks: dict[str, Clock] = field(default_factory=dict)


def recall(
    cases: Sequence[Case], orders: Sequence[WorkOrder], *, by: Actor, now: datetime, notes: dict[int, str]
) -> None:
    """Take the open work orders of locked cases back; the cases await dispatch, their centre is accountable.

    Their clocks end neither in time nor late: they run on with the next work order (`get_carried`).
    """
    end_orders(orders, now)
    end_parts(cases, by=by, now=now)
    facts = {order.case_id: {"work_order": order.number, "unit": str(order.unit)} for order in orders}
    intake.move_cases(
        cases, "recall", action="work_order.recalled", by=by, now=now,
        holders=centres_of(cases), changes=facts, notes=notes,
    )  # fmt: skip
    close_overtaken(cases, now=now)
    note_orders(orders, now, StageEnd.TAKEN_BACK)
    begin_waiting(cases, now)
    tell_recalled(orders, notes=notes, now=now)


def end_orders(orders: Sequence[WorkOrder], now: datetime) -> None:
    """Take work orders of locked cases back; their clocks end neither in time nor late."""
    for order in orders:
        WORK_ORDER.check("recall", order)
        order.state, order.ended_at = RECALLED, now
        order.row_version += 1
        point_to_next(order, [])
    WorkOrder.objects.bulk_update(
        orders, ["state", "ended_at", "next_clock", "next_due_at", "next_yellow_at", "row_version"]
    )
    running = Clock.objects.of(orders).filter(outcome=ClockOutcome.RUNNING)
    running.update(outcome=ClockOutcome.CANCELLED, stopped_at=now)


def centres_of(cases: Sequence[Case]) -> dict[int, int]:
    """Return case id → the civic request centre that answers for its place: the district's, else the city's."""
    rows = Unit.objects.filter(kind=UnitKind.CENTRE, closed_on=None).order_by("level", "path")
    centres = list(rows.values_list("home_area__path", "pk"))
    found = {}
    for case in cases:
        around = [pk for path, pk in centres if case.area and case.area.path.startswith(path)]
        if around or centres:
            found[case.pk] = around[-1] if around else centres[0][1]
    return found


def get_carried(cases: Sequence[Case]) -> dict[int, Carried]:
    """Return case id → what it brings from lead work orders taken back or returned in its present round."""
    rounds = {case.pk: case.round for case in cases if case.due_at is not None}
    if not rounds:
        return {}
    found: dict[int, Carried] = {}
    ended = WorkOrder.objects.filter(case__in=rounds, state__in=(RECALLED, RETURNED), role=WorkRole.LEAD)
    taken_back = [order for order in ended.order_by("seq") if order.round == rounds[order.case_id]]
    for order in taken_back:
        one = found.setdefault(order.case_id, Carried())
        one.contacted_at = one.contacted_at or order.contacted_at
    kinds = (ClockKind.FIRST_CONTACT, ClockKind.HANDLING)
    clocks = Clock.objects.of(taken_back).filter(kind__in=kinds, outcome=ClockOutcome.CANCELLED)
    for clock in clocks.order_by("stopped_at", "id"):
        found[clock.case_id].clocks[clock.kind] = clock
    for one in found.values():
        if one.contacted_at:
            one.clocks.pop(ClockKind.FIRST_CONTACT, None)
    return found
