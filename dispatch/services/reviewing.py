"""Reviews: from the handling unit upward, level by level, to the one that closes the case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, SendBackReason, Verdict
from dispatch.clocks import ClockBook, point_to_next, stop
from dispatch.models import Clock, Report, Review, Round, WorkOrder
from dispatch.workflow import DONE, HANDLING, WORK_ORDER
from grid.models import Unit
from intake import services as intake
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.parameters import get_parameter

from .handling import NEXT, record_step, running_clocks, send_to_review, stop_kinds
from .locking import lock_work_order, require_at, save


@transaction.atomic
def approve(
    work_order_id: int, *, opinion: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """审核通过: on to the level above; the last level closes the case."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves["approve"].acts, order, order.review_unit or order.unit)
    WORK_ORDER.check("approve", order)
    _write_review(order, Verdict.APPROVED, "", opinion, by, now)
    stop_kinds(running_clocks(order), now, ClockKind.REVIEW)
    audit.record(
        "work_order.approved",
        order.case,
        by=by,
        now=now,
        changes={
            "work_order": order.number,
            "unit": str(order.review_unit),
        },
        note=opinion,
    )
    if order.parent_id:
        _end(order, now)
        _consolidate(order.parent_id, order, by, now)
    elif (above := _level_above(order.review_unit, now)) is not None:
        send_to_review(order, above, now)
        save(order, "state", "review_unit", *NEXT)
    else:
        _end(order, now)
        _close_case(order, by, now)
    return order


@transaction.atomic
def send_back(
    work_order_id: int, *, reason: str, opinion: str, by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """审核不通过: back to the handling unit under the old deadline; time spent on a bad report is not given back."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves["send_back"].acts, order, order.review_unit or order.unit)
    WORK_ORDER.check("send_back", order)
    if reason not in SendBackReason.values or not reason:
        raise BadInput(_("Choose why the report is sent back."), field="reason")
    if not opinion.strip():
        raise BadInput(_("Write what is still to be done."), field="opinion")
    _write_review(order, Verdict.SENT_BACK, reason, opinion, by, now)
    stop_kinds(running_clocks(order), now, ClockKind.REVIEW)
    order.state, order.review_unit, order.reported_at = HANDLING, None, None
    point_to_next(order, [_handling_again(order, now)])
    save(order, "state", "review_unit", "reported_at", *NEXT)
    record_step(
        order,
        "send_back",
        "work_order.sent_back",
        by=by,
        now=now,
        changes={
            "work_order": order.number,
            "reason": reason,
        },
        note=opinion,
    )
    return order


def _write_review(order: WorkOrder, verdict: str, reason: str, opinion: str, by: Actor, now: datetime) -> None:
    if len(opinion) > 500:
        raise BadInput(_("The opinion is longer than 500 characters."), field="opinion")
    report = Report.objects.filter(work_order=order).order_by("-id").first()
    Review.objects.create(
        report=report, unit=order.review_unit, at=now, verdict=verdict, reason=reason, opinion=opinion, by=by.name
    )


def _level_above(unit: Unit, now: datetime) -> Unit | None:
    """Return the next reviewing unit, or None when `unit`'s review is the last one."""
    final_level = int(get_parameter("review.final_level", timezone.localdate(now)))
    return unit.parent if unit.parent is not None and unit.level > final_level else None


def _end(order: WorkOrder, now: datetime) -> None:
    """完成: the work order is done and asks nothing more of anybody."""
    order.state, order.ended_at, order.review_unit = DONE, now, None
    point_to_next(order, [])
    save(order, "state", "ended_at", "review_unit", *NEXT)


def _consolidate(parent_id: int, child: WorkOrder, by: Actor, now: datetime) -> None:
    """Take the approved report over into the parent, which is thereby before the level above it."""
    parent = lock_work_order(parent_id, by=by)
    WORK_ORDER.check("consolidate", parent)
    last = Report.objects.filter(work_order=child).order_by("-id").first()
    copy = Report.objects.create(
        work_order=parent, at=now, text=last.text, told_way=last.told_way, told_at=last.told_at, by=last.by
    )
    copy.photos.set(last.photos.all())
    parent.reported_at = now
    stop_kinds(running_clocks(parent), now, ClockKind.HANDLING, ClockKind.SIGN, ClockKind.FIRST_CONTACT)
    send_to_review(parent, parent.parent.unit if parent.parent else parent.unit.parent or parent.unit, now)
    save(parent, "state", "reported_at", "review_unit", *NEXT)
    record_step(
        parent,
        "report",
        "work_order.reported",
        by=Actor.system("consolidate"),
        now=now,
        changes={
            "work_order": parent.number,
            "from": child.number,
            "review": str(parent.review_unit),
        },
    )


def _handling_again(order: WorkOrder, now: datetime) -> Clock:
    """Run the handling clock again towards the deadline it always had."""
    old = Clock.objects.filter(case=order.case, work_order=order, kind=ClockKind.HANDLING).order_by("-id").first()
    clock = ClockBook(now).clock(ClockKind.HANDLING, order.case, order, old.started_at, old.due_at, old.rule)
    clock.save()
    return clock


def _close_case(order: WorkOrder, by: Actor, now: datetime) -> None:
    case = order.case
    for clock in Clock.objects.filter(case=case, outcome=ClockOutcome.RUNNING):
        stop(clock, now)
        clock.save(update_fields=["stopped_at", "outcome"])
    Round.objects.filter(case=case, number=case.round).update(closed_at=now)
    intake.move_case(case, "close", by=by, now=now, action="case.closed")
