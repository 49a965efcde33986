"""撤销: what was pressed by mistake is taken back by who pressed it, within a minute, while nothing followed.

The proof is the audit log: the step must be the last entry of its case, by the same person, not older than
`undo.seconds`. A clock that the step stopped runs on as the row it was, so it is never reset; the stage the step began
ends as taken back, so the facts still add up. The taking back is an entry of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import ClockOutcome, StageEnd
from dispatch.clocks import point_to_next
from dispatch.models import Clock, ExchangeCase, Report, WorkOrder
from dispatch.selectors.undo import last_entry, undo_until
from dispatch.workflow import HANDLING, PENDING_SIGN, WORK_ORDER
from intake import services as intake
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.models import AuditEntry

from .exchange.telling import peers
from .facts import note_orders
from .recalling import end_orders
from .steps import lock_work_order, require_at, save, tell


@dataclass(frozen=True)
class Undoing:
    """How a step is taken back: the move of the table, and what puts the order back (order, by, step's time, now)."""

    move: str
    put_back: Callable[[WorkOrder, Actor, datetime, datetime], None]


@transaction.atomic
def take_step_back(work_order_id: int, *, by: Actor, now: datetime) -> WorkOrder:
    """Take back the signing, handing down or report just made on a work order.

    Raises Refused when it is too late, when somebody else did it, or when anything happened since.
    """
    order = lock_work_order(work_order_id, by=by)
    entry = last_entry(order.case)
    undoing = UNDOINGS.get(entry.action) if entry else None
    if entry is None or undoing is None or entry.changes.get("work_order") != order.number:
        require_at(by, WORK_ORDER.moves["undo_sign"].acts, order, order.unit)
        raise Refused(_("Something happened to %(number)s since; it stays as it is.") % {"number": order.number})
    require_at(by, WORK_ORDER.moves[undoing.move].acts, order, order.unit)
    WORK_ORDER.check(undoing.move, order)
    _require_own_and_recent(entry, by, now)
    if peers() and ExchangeCase.objects.filter(case=order.case).exists():
        raise Refused(_("Another platform was told already; it cannot be taken back."))
    undoing.put_back(order, by, entry.at, now)
    return order


@transaction.atomic
def take_steps_back(work_order_ids: Sequence[int], *, by: Actor, now: datetime) -> list[WorkOrder]:
    """Take back what was done to several work orders together, all or none."""
    return [take_step_back(work_order_id, by=by, now=now) for work_order_id in sorted(set(work_order_ids))]


def _require_own_and_recent(entry: AuditEntry, by: Actor, now: datetime) -> None:
    if (entry.actor_kind, entry.actor_id) != (by.kind, by.id):
        raise Refused(_("Only %(name)s can take this back.") % {"name": entry.actor_name})
    if now > undo_until(entry):
        raise Refused(_("It is too late to take this back; the line above can send it back."))


def _unsign(order: WorkOrder, by: Actor, at: datetime, now: datetime) -> None:
    order.state, order.signed_at, order.handler = PENDING_SIGN, None, None
    _run_on(order, at)
    save(order, "state", "signed_at", "handler", now=now, how=StageEnd.TAKEN_BACK)
    tell(order, "work_order.unsigned", by=by, now=now)


def _unhand(order: WorkOrder, by: Actor, at: datetime, now: datetime) -> None:
    """Take the work order below back, and let the unit go on where it was."""
    child = (
        WorkOrder.objects.select_related("unit")
        .select_for_update(of=("self",))
        .filter(case=order.case_id, parent=order)
        .latest("seq")
    )
    child.case = order.case
    if child.state != PENDING_SIGN:
        raise Refused(_("%(unit)s has signed already.") % {"unit": child.unit})
    end_orders([child], now)
    note_orders([child], now, StageEnd.TAKEN_BACK)
    order.state = HANDLING
    _run_on(order, at)
    save(order, "state", now=now)
    facts = {"work_order": order.number, "child": child.number, "unit": str(child.unit)}
    intake.set_holder(order.case, order.unit, action="work_order.unhanded", by=by, now=now, changes=facts)


def _unreport(order: WorkOrder, by: Actor, at: datetime, now: datetime) -> None:
    """Take the report back: it stays on record, unread by everything that asks for reports."""
    last = Report.objects.filter(work_order=order).latest("pk")
    last.taken_back_at = now
    last.save(update_fields=["taken_back_at"])
    before = Report.objects.filter(work_order=order).order_by("-pk").first()
    running = Clock.objects.of([order]).filter(outcome=ClockOutcome.RUNNING)
    running.update(outcome=ClockOutcome.CANCELLED, stopped_at=now)
    order.state, order.review_unit, order.reported_at = HANDLING, None, before.at if before else None
    _run_on(order, at)
    save(order, "state", "review_unit", "reported_at", now=now, how=StageEnd.TAKEN_BACK)
    if order.parent_id is not None:
        tell(order, "work_order.unreported", by=by, now=now)
        return
    facts = {"work_order": order.number}
    intake.move_case(order.case, "undo_report", action="work_order.unreported", by=by, now=now, changes=facts)


def _run_on(order: WorkOrder, stopped_at: datetime) -> None:
    """Let the clocks that the step stopped run on as if it had never been made (the caller saves the order)."""
    stopped = Clock.objects.of([order]).filter(stopped_at=stopped_at)
    stopped.filter(outcome__in=(ClockOutcome.MET, ClockOutcome.LATE)).update(
        outcome=ClockOutcome.RUNNING, stopped_at=None
    )
    point_to_next(order, Clock.objects.of([order]))


UNDOINGS = {
    "work_order.signed": Undoing("undo_sign", _unsign),
    "work_order.handed_down": Undoing("undo_hand_down", _unhand),
    "work_order.reported": Undoing("undo_report", _unreport),
}
