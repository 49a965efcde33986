"""Clocks that go on with another deadline: extended, paused while a case is on hold, resumed.

No clock is edited: the old row ends (replaced, or paused until it goes on) and a new one runs from the same start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from dispatch.choices import ClockKind, ClockOutcome, WorkRole
from dispatch.clocks import ClockBook, point_to_next
from dispatch.models import CaseRequest, Clock, WorkOrder
from dispatch.workflow import HANDED_DOWN, HANDLING, PENDING_SIGN, UNDER_REVIEW
from dutylist.choices import LimitUnit
from intake.models import Case
from shenzhen_gov.core.exceptions import Refused

from .steps import save

# What stands still while a case is on hold: what its units owe, and the case as a whole.
PAUSED_KINDS = (
    ClockKind.SIGN, ClockKind.FIRST_CONTACT, ClockKind.HANDLING, ClockKind.REVIEW, ClockKind.OVERALL,
)  # fmt: skip
NATURAL = (LimitUnit.DAY, LimitUnit.HOUR, LimitUnit.MINUTE)
STATES_OF = {
    ClockKind.SIGN: (PENDING_SIGN,),
    ClockKind.FIRST_CONTACT: (PENDING_SIGN, HANDLING),
    ClockKind.HANDLING: (PENDING_SIGN, HANDLING, HANDED_DOWN),
    ClockKind.REVIEW: (UNDER_REVIEW,),
}


def handling_clock(order: WorkOrder) -> Clock | None:
    """Return the running clock of what a work order has to do."""
    return Clock.objects.of([order]).filter(kind=ClockKind.HANDLING, outcome=ClockOutcome.RUNNING).first()


def extend(order: WorkOrder, until: datetime, *, rule: str, now: datetime) -> datetime:
    """Let the handling of a work order and of those above it go on until `until`; returns the case's new deadline.

    The deadline of the whole case follows: the review keeps its allowance after the handling.
    """
    book, case = ClockBook(now), order.case
    running = _running(case)
    chain = {one.pk: one for one in _chain(order)}
    due_at = max(case.due_at or until, book.due(until, book.limit(ClockKind.OVERALL, case)))
    changed = []
    for clock in running:
        if clock.kind == ClockKind.HANDLING and clock.work_order_id in chain and clock.due_at < until:
            changed.append(_replaced(clock, until, rule, book))
        elif clock.kind == ClockKind.OVERALL and clock.due_at < due_at:
            changed.append(_replaced(clock, due_at, rule, book))
    _write(changed)
    _point(chain.values(), [*running, *(new for _old, new in changed)])
    return due_at


def pause(order: WorkOrder, request: CaseRequest, until: datetime, now: datetime) -> datetime | None:
    """Stop the clocks of a case until `until`, when a clock of its own wakes it; returns when it is due by then."""
    book, case = ClockBook(now), order.case
    clocks = [clock for clock in _running(case) if clock.kind in PAUSED_KINDS and not _is_on_the_spot(clock)]
    for clock in clocks:
        clock.outcome, clock.stopped_at, clock.next_step_at = ClockOutcome.PAUSED, now, None
    Clock.objects.bulk_update(clocks, ["outcome", "stopped_at", "next_step_at"])
    hold = book.clock(ClockKind.HOLD, case, order, now, until, str(request.get_kind_display()))
    hold.request, hold.yellow_at, hold.next_step_at = request, until, None  # nobody is warned of it
    hold.save()
    others = [clock.work_order for clock in clocks if clock.work_order is not None and clock.work_order_id != order.pk]
    _point([order, *others], [hold])
    overall = [clock for clock in clocks if clock.kind == ClockKind.OVERALL]
    return _moved(overall[0], until, book) if overall else None


def resume(case: Case, now: datetime) -> datetime | None:
    """Let the paused clocks of a case go on with the time they had left; returns the deadline of the case."""
    book = ClockBook(now)
    for hold in Clock.objects.filter(case=case, kind=ClockKind.HOLD, outcome=ClockOutcome.RUNNING):
        hold.outcome, hold.stopped_at = ClockOutcome.MET, now
        hold.save(update_fields=["outcome", "stopped_at"])
    paused = Clock.objects.filter(case=case, outcome=ClockOutcome.PAUSED).select_related("work_order__unit")
    changed, ended = [], []
    for clock in paused:
        clock.case = case
        if _is_needed(clock):
            changed.append(_replaced(clock, _moved(clock, now, book), clock.rule, book, stopped_at=clock.stopped_at))
        else:
            clock.outcome = ClockOutcome.CANCELLED
            ended.append(clock)
    Clock.objects.bulk_update(ended, ["outcome"])
    _write(changed)
    new = [clock for _old, clock in changed]
    _point([clock.work_order for clock in new if clock.work_order is not None], new)
    return next((clock.due_at for clock in new if clock.kind == ClockKind.OVERALL), None)


def _running(case: Case) -> list[Clock]:
    found = Clock.objects.filter(case=case, outcome=ClockOutcome.RUNNING).select_related("work_order")
    clocks = list(found)
    for clock in clocks:
        clock.case = case
    return clocks


def _chain(order: WorkOrder) -> Iterable[WorkOrder]:
    """Yield a work order and those it was handed down from."""
    one: WorkOrder | None = order
    while one is not None:
        yield one
        one = one.parent


def _replaced(
    old: Clock, due_at: datetime, rule: str, book: ClockBook, stopped_at: datetime | None = None
) -> tuple[Clock, Clock]:
    """End a clock and return it with the one that goes on in its place, both unsaved."""
    old.outcome, old.stopped_at, old.next_step_at = ClockOutcome.REPLACED, stopped_at or book.now, None
    new = book.clock(old.kind, old.case, old.work_order, old.started_at, due_at, rule[:200])
    new.request_id = old.request_id
    return old, new


def _write(changed: list[tuple[Clock, Clock]]) -> None:
    """Write the ends first: of a kind, one clock runs at a time."""
    Clock.objects.bulk_update([old for old, _new in changed], ["outcome", "stopped_at", "next_step_at"])
    Clock.objects.bulk_create([new for _old, new in changed])


def _point(orders: Iterable[WorkOrder], clocks: Iterable[Clock]) -> None:
    """Point each of the work orders to the next of its clocks that run now."""
    of_order: dict[int, list[Clock]] = defaultdict(list)
    for clock in clocks:
        of_order[clock.work_order_id or 0].append(clock)
    for order in {order.pk: order for order in orders}.values():
        point_to_next(order, of_order[order.pk])
        save(order)


def _moved(clock: Clock, woken_at: datetime, book: ClockBook) -> datetime:
    """Return the deadline moved by the time on hold: working time where the limit is, else as the clock goes.

    What was late already is as late as before.
    """
    since = clock.stopped_at or book.now
    if clock.due_at <= since or _is_natural(clock, book):
        return clock.due_at + (woken_at - since)
    left = book.calendar.seconds_between(since, clock.due_at)
    return book.calendar.add_working_seconds(woken_at, left)


def _is_natural(clock: Clock, book: ClockBook) -> bool:
    unit = clock.work_order.unit if clock.work_order else None
    try:
        return book.limit(clock.kind, clock.case, clock.case.item_version, unit).unit in NATURAL
    except Refused:
        return False


def _is_needed(clock: Clock) -> bool:
    """Whether what a paused clock measures is still to be done."""
    order = clock.work_order
    if order is None:
        return True
    is_contacted = clock.kind == ClockKind.FIRST_CONTACT and order.contacted_at is not None
    return order.state in STATES_OF[ClockKind(clock.kind)] and not is_contacted


def _is_on_the_spot(clock: Clock) -> bool:
    """发令 is urgent by its nature: a department ordered to the spot goes there, whatever becomes of the case."""
    return clock.work_order is not None and clock.work_order.role == WorkRole.ORDER
