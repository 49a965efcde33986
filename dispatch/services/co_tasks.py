"""协办: the lead asks other units to do a part; each reports its own, and the lead accepts it or does not.

Every verdict is a review of the part's report. The lead answers the citizen once, for all: it cannot report while a
part is open (dispatch/workflow.py).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, Verdict, WorkRole
from dispatch.models import WorkOrder
from grid.choices import UnitKind
from grid.models import Unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from .notices import notify_unit
from .parts import begin_as_caller, begin_part, refuse_double, take_back_orders
from .reviewing import end_order, put_back, write_review
from .steps import begin, stop_clocks, tell

TASK_LIMIT = 500


@transaction.atomic
def add_co_handler(
    work_order_id: int, *, unit_id: int, task: str, by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """添加协办: ask a unit for a part. Its deadline is its own, but never after the lead's; returns its work order.

    Raises BadInput at `unit` for a closed unit, a civic request centre, or one that works on the case already.
    """
    order = begin(work_order_id, "add_co", by=by, row_version=row_version)
    task = needed_task(task)
    unit = Unit.objects.open_on(timezone.localdate(now)).filter(pk=unit_id).exclude(kind=UnitKind.CENTRE).first()
    if unit is None:
        raise BadInput(_("This unit does not exist, is closed, or dispatches only."), field="unit")
    refuse_double(order, unit)
    part = begin_part(order, unit, WorkRole.CO, task=task, caller=order.unit, by=by, now=now)
    tell(order, "work_order.co_added", by=by, now=now, note=task, to=str(unit), child=part.number)
    return part


@transaction.atomic
def accept_part(
    work_order_id: int, *, opinion: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """认定协办: the lead takes the part as done."""
    order = begin_as_caller(work_order_id, "accept_part", by=by, row_version=row_version)
    write_review(order, Verdict.APPROVED, "", opinion, by, now)
    stop_clocks(order, now, ClockKind.REVIEW)
    unit = str(order.review_unit)
    end_order(order, now)
    tell(order, "work_order.part_accepted", by=by, now=now, note=opinion, unit=unit)
    return order


@transaction.atomic
def refuse_part(
    work_order_id: int, *, reason: str, opinion: str, by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """Not accepted: the part goes back under the deadline it always had."""
    order = begin_as_caller(work_order_id, "refuse_part", by=by, row_version=row_version)
    put_back(order, reason, opinion, by, now)
    caller = str(order.co_task.caller)
    notify_unit(order.unit_id, "part_refused", order.case, now=now, unit=caller, opinion=opinion)
    tell(order, "work_order.part_refused", by=by, now=now, note=opinion, reason=reason, to=str(order.unit))
    return order


@transaction.atomic
def take_part_back(
    work_order_id: int, *, reason: str, by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """撤回协办: the unit that asked needs the part no more, or the ordered department did not come."""
    order = begin_as_caller(work_order_id, "take_back", by=by, row_version=row_version)
    reason = checked_text(reason, TASK_LIMIT, field="reason")
    if not reason:
        raise BadInput(_("Say why it is taken back."), field="reason")
    take_back_orders([order], by=by, now=now, note=reason)
    return order


def needed_task(task: str) -> str:
    """Return the task. Raises BadInput when there is none, or it is too long."""
    task = checked_text(task, TASK_LIMIT, field="task")
    if not task:
        raise BadInput(_("Say what is to be done."), field="task")
    return task
