"""What every step of a work order shares: lock, ask, check, save, tell.

Locked reads take the case first, then the work order, so that no two services wait for each other in a circle.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from dispatch.choices import ClockOutcome, StageEnd, WorkRole
from dispatch.clocks import point_to_next, stop
from dispatch.models import Clock, ClosureCheck, CoTask, WorkOrder
from dispatch.workflow import WORK_ORDER
from grid import access
from intake import services as intake
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, StalePage

from .exchange.telling import tell_step
from .facts import note_orders
from .overtaking import close_overtaken


def lock_work_order(work_order_id: int, *, by: Actor, row_version: int | None = None) -> WorkOrder:
    """Return the work order with its case, both locked.

    Raises OutOfSight when there is none, StalePage when somebody changed it since the page with `row_version`.
    """
    case_id = WorkOrder.objects.filter(pk=work_order_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise OutOfSight(_("Not found."))
    case = intake.lock_case(case_id, by=by)
    order = (
        WorkOrder.objects.select_related(
            "unit__home_area", "unit__parent", "area", "parent__unit", "review_unit__parent"
        )
        .select_for_update(of=("self",))
        .get(pk=work_order_id)
    )
    order.case = case
    if row_version is not None and row_version != order.row_version:
        raise StalePage(_("Somebody changed %(number)s meanwhile; it is shown afresh.") % {"number": order.number})
    return order


def begin(work_order_id: int, move: str, *, by: Actor, row_version: int | None = None) -> WorkOrder:
    """Return the locked work order if `by` may make this move now; raises the refusal with its reason otherwise."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves[move].acts, order, order.review_unit or order.unit)
    WORK_ORDER.check(move, order)
    return order


def require_at(by: Actor, acts: tuple[str, ...], order: WorkOrder | ClosureCheck, unit) -> None:
    """Raise unless `by` holds one of `acts` at `unit`: lying in one's area does not make a work order one's own."""
    reason = access.why_not(by, acts, unit)
    if reason is None:
        return
    if by.user is not None and not access.can_see(by.user, order):
        raise OutOfSight(_("Not found."))
    raise NotAllowed(reason)


def save(order: WorkOrder, *names: str, now: datetime | None = None, how: str = StageEnd.PASSED) -> None:
    """Write the named columns and the next clock, and count the change, so that older pages are known to be stale.

    A step that changes `state` or `review_unit` gives `now`, and `how` the stage ended: its fact is written with it.
    """
    order.row_version += 1
    order.save(update_fields=[*names, "next_clock", "next_due_at", "next_yellow_at", "row_version"])
    if order.role != WorkRole.LEAD and "ended_at" in names:
        CoTask.objects.filter(work_order=order).update(ended_at=order.ended_at)
    if {"state", "review_unit"} & {*names}:
        if now is None:
            raise TypeError("a step that changes the state says when")
        note_orders([order], now, how)
        close_overtaken([order.case], now=now)


def stop_clocks(order: WorkOrder, now: datetime, *kinds: str) -> list[Clock]:
    """Stop the running clocks of these kinds and point the order to its next one; returns what was running."""
    clocks = list(Clock.objects.filter(case=order.case, work_order=order, outcome=ClockOutcome.RUNNING))
    stopped = [clock for clock in clocks if clock.kind in kinds]
    for clock in stopped:
        stop(clock, now)
    Clock.objects.bulk_update(stopped, ["stopped_at", "outcome"])
    point_to_next(order, clocks)
    return clocks


def tell(order: WorkOrder, action: str, *, by: Actor, now: datetime, note: str = "", **facts) -> None:
    """Write the audit entry of a step into the chain of its case, and what another platform must be told of it."""
    audit.record(action, order.case, by=by, now=now, changes={"work_order": order.number, **facts}, note=note)
    tell_step(order, action, by=by, now=now, note=note, facts=facts)


def tell_with_case(
    order: WorkOrder, move: str, action: str, *, by: Actor, now: datetime, note: str = "", **facts
) -> None:
    """Like `tell`; when the case's own first work order takes the step, the case moves with it."""
    if order.parent_id is not None:
        tell(order, action, by=by, now=now, note=note, **facts)
        return
    changes = {"work_order": order.number, **facts}
    intake.move_case(order.case, move, action=action, by=by, now=now, changes=changes, note=note)
    tell_step(order, action, by=by, now=now, note=note, facts=facts)
