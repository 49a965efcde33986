"""发令 吹哨: a community or subdistrict calls departments to a place: who came when, what each did, how it was closed.

What counts as arrival cannot be bent: the department's own note counts from the moment it is made; only the unit that
called may enter an earlier time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, Verdict, WorkRole
from dispatch.models import Attendance, CoTask, Report, SpotOrder, WorkOrder
from dispatch.selectors.co_tasks import find_callable
from dispatch.workflow import HANDLING, WORK_ORDER
from grid import access
from grid.choices import Act, UnitKind
from grid.models import Unit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from .co_tasks import needed_task
from .parts import begin_as_caller, begin_part, refuse_double
from .reviewing import end_order, write_review
from .steps import lock_work_order, require_at, save, stop_clocks, tell

CALLING_KINDS = (UnitKind.COMMUNITY, UnitKind.SUBDISTRICT, UnitKind.CENTRE)
MOST_UNITS, MOST_NAMES = 12, 20
PLACE_LIMIT, NAME_LIMIT, RESULT_LIMIT = 200, 40, 5000


@transaction.atomic
def order_to_spot(
    work_order_id: int, *, unit_ids: Sequence[int], task: str, place: str, by: Actor, now: datetime,
    row_version: int | None = None,
) -> SpotOrder:  # fmt: skip
    """发令: call departments to the place of a case in one's territory. One sheet, a work order for each department.

    Raises BadInput naming the field; NotAllowed for whoever holds no such act at the place or the unit of the case.
    """
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    access.require(by, WORK_ORDER.moves["order"].acts, order)
    WORK_ORDER.check("order", order)
    task, place = needed_task(task), checked_text(place, PLACE_LIMIT, field="place")
    if not place:
        raise BadInput(_("Say where they are to come."), field="place")
    units = _called(order, unit_ids, now)
    caller = calling_unit(by, order)
    sheet = SpotOrder.objects.create(
        case=order.case, caller=caller, task=task, place=place, ordered_by=by.name[:120], ordered_at=now
    )
    for unit in units:
        begin_part(order, unit, WorkRole.ORDER, task=task, caller=caller, sheet=sheet, by=by, now=now)
    names = ", ".join(str(unit) for unit in units)
    tell(order, "work_order.spot_ordered", by=by, now=now, note=f"{place}: {task}", to=names)
    return sheet


@transaction.atomic
def note_arrival(
    work_order_id: int, *, names: str, arrived_at: datetime | None = None, by: Actor, now: datetime,
    row_version: int | None = None,
) -> CoTask:  # fmt: skip
    """到场: write down who came and when; the first one stops the arrival clock at that moment."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    is_caller = _may_note(order, by)
    WORK_ORDER.check("arrive", order)
    task = order.co_task
    people = _people(names)
    at = _arrival(task, arrived_at, now, is_caller=is_caller)
    late = at > task.due_at
    Attendance.objects.bulk_create(
        Attendance(co_task=task, name=name, arrived_at=at, is_late=late, noted_by=by.name[:120], noted_at=now)
        for name in people
    )
    if task.arrived_at is None:
        task.arrived_at = at
        task.save(update_fields=["arrived_at"])
        stop_clocks(order, at, ClockKind.ARRIVAL)
        order.state, order.signed_at = HANDLING, order.signed_at or now
    save(order, "state", "signed_at", now=now)
    tell(order, "work_order.arrived", by=by, now=now, note="、".join(people), unit=str(order.unit), late=late)
    return task


@transaction.atomic
def close_spot(
    work_order_id: int, *, result: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """了结: the caller ends the order of one department, with the result where the department has written none."""
    order = begin_as_caller(work_order_id, "close_spot", by=by, row_version=row_version)
    result = checked_text(result, RESULT_LIMIT, field="result")
    if order.state == HANDLING:
        if not result:
            raise BadInput(_("Say what came of it on the spot."), field="result")
        Report.objects.create(work_order=order, at=now, text=result, by=by.name[:120])
        order.reported_at, order.review_unit = now, order.co_task.caller
    write_review(order, Verdict.APPROVED, "", result[:500] if order.state != HANDLING else "", by, now)
    stop_clocks(order, now, ClockKind.HANDLING, ClockKind.REVIEW)
    end_order(order, now, "reported_at")
    tell(order, "work_order.spot_closed", by=by, now=now, note=result, unit=str(order.unit))
    return order


def calling_unit(by: Actor, order: WorkOrder) -> Unit:
    """Return for which unit somebody calls: the own community, subdistrict or centre; else the one with the case."""
    unit = by.user.unit if by.user is not None else None
    may = unit is not None and access.why_not(by, (Act.ORDER_DEPARTMENT.value,), unit) is None
    return unit if unit is not None and may and unit.kind in CALLING_KINDS else order.unit


def _called(order: WorkOrder, unit_ids: Sequence[int], now: datetime) -> list[Unit]:
    wanted = set(unit_ids)
    if not 0 < len(wanted) <= MOST_UNITS:
        raise BadInput(_("Choose 1 to %(most)s departments.") % {"most": MOST_UNITS}, field="unit_ids")
    units = list(find_callable(order, now).filter(pk__in=wanted))
    if len(units) < len(wanted):
        raise BadInput(_("Only open departments around the place can be called."), field="unit_ids")
    for unit in units:
        try:
            refuse_double(order, unit)
        except BadInput as refusal:
            raise BadInput(refusal.text, field="unit_ids") from refusal
    return units


def _may_note(order: WorkOrder, by: Actor) -> bool:
    """Whether `by` notes an arrival for the caller (True) or the department (False); raises for anybody else."""
    if order.role == WorkRole.ORDER and access.why_not(by, (Act.ORDER_DEPARTMENT.value,), order.co_task.caller) is None:
        return True
    require_at(by, (Act.HANDLE_CASE.value,), order, order.unit)
    return False


def _people(names: str) -> list[str]:
    found = [checked_text(name, NAME_LIMIT, field="names") for name in re.split(r"[、,，;；\n]+", names)]
    people = list(dict.fromkeys(name for name in found if name))
    if not 0 < len(people) <= MOST_NAMES:
        raise BadInput(_("Give 1 to %(most)s names.") % {"most": MOST_NAMES}, field="names")
    return people


def _arrival(task: CoTask, given: datetime | None, now: datetime, *, is_caller: bool) -> datetime:
    if given is None:
        return now
    if not is_caller:
        raise BadInput(_("Only the unit that called may enter another time than now."), field="arrived_at")
    if given > now or given < task.asked_at - timedelta(minutes=1):  # a form gives whole minutes
        raise BadInput(_("The time must lie between the order and now."), field="arrived_at")
    return max(given, task.asked_at)
