"""Reviews: from the handling unit upward, level by level, to the one that closes the case."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, SendBackReason, StageEnd, Verdict
from dispatch.clocks import ClockBook, point_to_next, stop
from dispatch.models import Clock, Report, Review, Round, WorkOrder
from dispatch.selectors.reviews import why_not_review
from dispatch.workflow import DONE, HANDLING, WORK_ORDER
from grid.models import Unit
from intake import services as intake
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.parameters import get_parameter

from .closing import outcome_of
from .handling import NOTE_LIMIT, send_to_review, submit
from .steps import begin, lock_work_order, save, stop_clocks, tell, tell_with_case


@transaction.atomic
def approve(
    work_order_id: int, *, opinion: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """审核通过: on to the level above; the last level closes the case."""
    order = _begin("approve", work_order_id, by, row_version)
    write_review(order, Verdict.APPROVED, "", opinion, by, now)
    stop_clocks(order, now, ClockKind.REVIEW)
    tell(order, "work_order.approved", by=by, now=now, note=opinion, unit=str(order.review_unit))
    above = None if order.parent_id else _level_above(_reviewer(order), now)
    if above is not None:
        send_to_review(order, above, now)
        save(order, "state", "review_unit", now=now)
        return order
    end_order(order, now)
    if order.parent_id:
        _consolidate(order.parent_id, order, by, now)
    else:
        _close_case(order, by, now)
    return order


@transaction.atomic
def send_back(
    work_order_id: int, *, reason: str, opinion: str, by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """审核不通过: back to the handling unit under the old deadline; time spent on a bad report is not given back."""
    order = _begin("send_back", work_order_id, by, row_version)
    put_back(order, reason, opinion, by, now)
    tell_with_case(order, "send_back", "work_order.sent_back", by=by, now=now, note=opinion, reason=reason)
    return order


def _begin(move: str, work_order_id: int, by: Actor, row_version: int | None) -> WorkOrder:
    """Return the locked work order whose report `by` may review: not the own work."""
    order = begin(work_order_id, move, by=by, row_version=row_version)
    if why := why_not_review(order, by):
        raise NotAllowed(str(why))
    return order


def put_back(order: WorkOrder, reason: str, opinion: str, by: Actor, now: datetime) -> None:
    """Write the verdict on a report that is not good enough, and let the unit go on under its old deadline."""
    if reason not in SendBackReason.values or not reason:
        raise BadInput(_("Choose why the report is sent back."), field="reason")
    if not opinion.strip():
        raise BadInput(_("Write what is still to be done."), field="opinion")
    write_review(order, Verdict.SENT_BACK, reason, opinion, by, now)
    stop_clocks(order, now, ClockKind.REVIEW)
    order.state, order.review_unit, order.reported_at = HANDLING, None, None
    point_to_next(order, [_handling_again(order, now)])
    save(order, "state", "review_unit", "reported_at", now=now, how=StageEnd.SENT_BACK)


@transaction.atomic
def close_on_spot(work_order_id: int, *, now: datetime) -> WorkOrder:
    """即采即办: the system closes what was found and solved at once; unreviewed, it gets no verdict."""
    by = Actor.system("on_spot")
    order = begin(work_order_id, "close_on_spot", by=by)
    stop_clocks(order, now, ClockKind.REVIEW)
    tell(order, "work_order.closed_on_spot", by=by, now=now)
    end_order(order, now)
    _close_case(order, by, now)
    return order


def write_review(order: WorkOrder, verdict: str, reason: str, opinion: str, by: Actor, now: datetime) -> None:
    """Write one verdict on the last report of a work order, of the unit that reviews it now."""
    if len(opinion) > NOTE_LIMIT:
        raise BadInput(_("The opinion is longer than %(limit)s characters.") % {"limit": NOTE_LIMIT}, field="opinion")
    report = Report.objects.filter(work_order=order).latest("id")
    Review.objects.create(
        report=report, unit=_reviewer(order), at=now, verdict=verdict, reason=reason, opinion=opinion, by=by.name
    )


def _reviewer(order: WorkOrder) -> Unit:
    if order.review_unit is None:
        raise ValueError(f"{order} lies before no unit")
    return order.review_unit


def _level_above(unit: Unit, now: datetime) -> Unit | None:
    """Return the next reviewing unit, or None when `unit`'s review is the last one."""
    final_level = int(get_parameter("review.final_level", timezone.localdate(now)))
    return unit.parent if unit.parent is not None and unit.level > final_level else None


def end_order(order: WorkOrder, now: datetime, *names: str) -> None:
    """完成: the work order is done and asks nothing more of anybody."""
    order.state, order.ended_at, order.review_unit = DONE, now, None
    point_to_next(order, [])
    save(order, "state", "ended_at", "review_unit", *names, now=now)


def _consolidate(parent_id: int, child: WorkOrder, by: Actor, now: datetime) -> None:
    """Take the approved report over into the parent, which is thereby before the level above it."""
    parent = lock_work_order(parent_id, by=by)
    WORK_ORDER.check("consolidate", parent)
    last = Report.objects.filter(work_order=child).latest("id")
    copy = Report.objects.create(
        work_order=parent, at=now, text=last.text, told_way=last.told_way, told_at=last.told_at, by=last.by,
        **asdict(outcome_of(last)),
    )  # fmt: skip
    copy.photos.set(last.photos.all())
    submit(parent, now)
    tell_with_case(
        parent, "report", "work_order.reported", by=Actor.system("consolidate"), now=now,
        taken_from=child.number, review=str(parent.review_unit),
    )  # fmt: skip


def _handling_again(order: WorkOrder, now: datetime) -> Clock:
    """Run the handling clock again towards the deadline it always had."""
    old = Clock.objects.filter(case=order.case, work_order=order, kind=ClockKind.HANDLING).latest("id")
    clock = ClockBook(now).clock(ClockKind.HANDLING, order.case, order, old.started_at, old.due_at, old.rule)
    clock.save()
    return clock


def _close_case(order: WorkOrder, by: Actor, now: datetime) -> None:
    running = Clock.objects.filter(case=order.case, outcome=ClockOutcome.RUNNING)
    clocks = list(running.exclude(kind=ClockKind.RULING))  # whose matter it was is still to be ruled
    for clock in clocks:
        stop(clock, now)
    Clock.objects.bulk_update(clocks, ["stopped_at", "outcome"])
    Round.objects.filter(case=order.case, number=order.case.round).update(closed_at=now)
    intake.move_case(order.case, "close", by=by, now=now, action="case.closed")
