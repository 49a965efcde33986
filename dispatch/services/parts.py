"""The parts of a case beside its lead: how a work order of a co-handler or an ordered department begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, StageEnd, WorkRole
from dispatch.clocks import ClockBook, Limit, point_to_next
from dispatch.models import Clock, CoTask, SpotOrder, WorkOrder
from dispatch.workflow import RECALLED, WORK_ORDER
from dutylist.choices import LimitUnit
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.parameters import get_parameter

from .exchange.telling import tell_assigned, tell_recalled
from .facts import note_orders
from .notices import notify_unit
from .steps import lock_work_order, require_at


def begin_as_caller(work_order_id: int, move: str, *, by: Actor, row_version: int | None = None) -> WorkOrder:
    """Return the locked work order of a part if `by` may make this move for the unit that asked for it."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    unit = order.unit if order.role == WorkRole.LEAD else order.co_task.caller
    require_at(by, WORK_ORDER.moves[move].acts, order, unit)
    WORK_ORDER.check(move, order)
    return order


def refuse_double(order: WorkOrder, unit: Unit) -> None:
    """Raise BadInput for a unit that works on the case already."""
    if WorkOrder.objects.open().filter(case=order.case, unit=unit).exists():
        raise BadInput(_("%(unit)s works on this case already.") % {"unit": unit}, field="unit")


def begin_part(
    order: WorkOrder, unit: Unit, role: str, *, task: str, caller: Unit, sheet: SpotOrder | None = None, by: Actor,
    now: datetime,
) -> WorkOrder:  # fmt: skip
    """Write the work order of a part below a locked lead order, with its task, clocks and facts."""
    last = WorkOrder.objects.filter(case=order.case).aggregate(Max("seq"))["seq__max"]
    part = WorkOrder(
        case=order.case, seq=last + 1, parent=order, role=role, round=order.round, unit=unit, area=order.area,
        decision=order.decision, assigned_at=now,
    )  # fmt: skip
    book = ClockBook(now)
    clocks = _order_clocks(part, order, book) if role == WorkRole.ORDER else _co_clocks(part, order, book)
    point_to_next(part, clocks)
    part.save()
    Clock.objects.bulk_create(clocks)
    CoTask.objects.create(
        work_order=part, sheet=sheet, unit=unit, caller=caller, task=task, asked_by=by.name[:120], asked_at=now,
        due_at=clocks[0].due_at if role == WorkRole.ORDER else clocks[-1].due_at,
    )  # fmt: skip
    note_orders([part], now)
    tell_assigned([part], now=now)
    _notify(part, task, caller, sheet, now)
    return part


def _notify(part: WorkOrder, task: str, caller: Unit, sheet: SpotOrder | None, now: datetime) -> None:
    """Tell the unit what is asked of it."""
    if sheet is None:
        notify_unit(part.unit_id, "co_task", part.case, now=now, lead=str(caller), unit=str(part.unit), task=task)
        return
    notify_unit(
        part.unit_id, "order_to_spot", part.case, now=now,
        caller=str(caller), unit=str(part.unit), due=part.next_due_at, place=sheet.place,
    )  # fmt: skip


def open_parts(cases: Sequence[Case]) -> QuerySet[WorkOrder]:
    """Return the open work orders of these cases that are not the lead's, locked."""
    rows = WorkOrder.objects.open().filter(case__in=cases).exclude(role=WorkRole.LEAD)
    return rows.select_related("case", "unit", "area").select_for_update(of=("self",)).order_by("case", "seq")


def end_parts(
    cases: Sequence[Case], *, parent: WorkOrder | None = None, by: Actor, now: datetime, note: str = ""
) -> list[WorkOrder]:
    """Take back the open parts of locked cases (of one lead order, if given): the lead is no longer at work on them."""
    rows = open_parts(cases)
    orders = list(rows.filter(parent=parent) if parent else rows)
    loaded = {case.pk: case for case in cases}
    for order in orders:
        order.case = loaded[order.case_id]
    take_back_orders(orders, by=by, now=now, note=note)
    return orders


def take_back_orders(orders: Sequence[WorkOrder], *, by: Actor, now: datetime, note: str = "") -> None:
    """End locked parts as taken back; an ordered department that never came within its limit was absent."""
    if not orders:
        return
    for order in orders:
        WORK_ORDER.check("take_back", order)
        order.state, order.ended_at, order.review_unit = RECALLED, now, None
        order.row_version += 1
        point_to_next(order, [])
    columns = ["state", "ended_at", "review_unit", "next_clock", "next_due_at", "next_yellow_at", "row_version"]
    WorkOrder.objects.bulk_update(orders, columns)
    running = Clock.objects.of(orders).filter(outcome=ClockOutcome.RUNNING)
    running.update(outcome=ClockOutcome.CANCELLED, stopped_at=now)
    tasks = CoTask.objects.filter(work_order__in=orders)
    tasks.absent(now).update(is_absent=True)
    tasks.update(ended_at=now)
    note_orders(orders, now, StageEnd.TAKEN_BACK)
    entries = [
        audit.Record(
            "work_order.part_taken_back", order.case, {"work_order": order.number, "unit": str(order.unit)}, note
        )
        for order in orders
    ]
    audit.record_many(entries, by=by, now=now)
    tell_recalled(orders, notes={order.case_id: note for order in orders}, now=now)
    for order in orders:
        notify_unit(order.unit_id, "part_taken_back", order.case, now=now, reason=note or "—")


def _co_clocks(part: WorkOrder, lead: WorkOrder, book: ClockBook) -> list[Clock]:
    """Return the clocks of a co-handler: its own, but never later than the lead's handling deadline."""
    latest, version = _latest(lead, book), lead.case.item_version
    return [
        _capped(book.start(kind, part.case, work_order=part, version=version), latest, lead, book)
        for kind in (ClockKind.SIGN, ClockKind.HANDLING)
    ]


def _order_clocks(part: WorkOrder, lead: WorkOrder, book: ClockBook) -> list[Clock]:
    """Return the clocks of an ordered department: arrival the same day, the result by the lead's deadline."""
    limit = book.limit(ClockKind.ARRIVAL, part.case, unit=part.unit)
    due_at, rule = book.due(book.now, limit), limit.rule
    hours = float(get_parameter("spot_order.same_day_hours", timezone.localdate(book.now)))
    if hours and limit.unit in (LimitUnit.WORKDAY, LimitUnit.WORKHOUR):
        due_at = min(due_at, same_day(book.now, hours))
    arrival = book.clock(ClockKind.ARRIVAL, part.case, part, book.now, due_at, rule)
    handling = book.start(ClockKind.HANDLING, part.case, work_order=part, version=lead.case.item_version)
    return [arrival, _capped(handling, max(_latest(lead, book), due_at), lead, book)]


def same_day(now: datetime, hours: float) -> datetime:
    """Return the last second of the day of `now`, or `hours` after `now` where that is later."""
    end = timezone.localtime(now).replace(hour=23, minute=59, second=59, microsecond=0)
    return max(end, now + timedelta(hours=hours))


def _latest(lead: WorkOrder, book: ClockBook) -> datetime:
    """Return the lead's handling deadline; a short one of their own when it has passed."""
    clock = Clock.objects.filter(case=lead.case, work_order=lead, kind=ClockKind.HANDLING).order_by("-id").first()
    if clock is not None and clock.due_at > book.now:
        return clock.due_at
    days = int(get_parameter("co_task.overdue_days", timezone.localdate(book.now)))
    return book.due(book.now, Limit(days, LimitUnit.WORKDAY, "co_task.overdue_days"))


def _capped(clock: Clock, latest: datetime, lead: WorkOrder, book: ClockBook) -> Clock:
    if clock.due_at <= latest:
        return clock
    rule = f"{clock.rule} (≤ {lead.number})"[:200]
    return book.clock(clock.kind, clock.case, clock.work_order, clock.started_at, latest, rule)
