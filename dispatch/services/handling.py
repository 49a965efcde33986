"""What the assigned unit does: sign, contact, hand down, report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, ContactResult, WorkRole
from dispatch.clocks import ClockBook, point_to_next, stop
from dispatch.models import Clock, Contact, Report, WorkOrder
from dispatch.workflow import HANDED_DOWN, HANDLING, UNDER_REVIEW, WORK_ORDER
from grid.models import Unit
from intake import services as intake
from intake.choices import ReplyWay
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from . import needs  # noqa: F401  registers the needs of the moves
from .locking import lock_work_order, require_at, save

NEXT = ("next_clock", "next_due_at", "next_yellow_at")


@transaction.atomic
def sign(work_order_id: int, *, by: Actor, now: datetime, row_version: int | None = None) -> WorkOrder:
    """签收: the unit takes the work order on."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves["sign"].acts, order, order.unit)
    WORK_ORDER.check("sign", order)
    order.state, order.signed_at, order.handler = HANDLING, now, by.user
    clocks = running_clocks(order)
    stop_kinds(clocks, now, ClockKind.SIGN)
    point_to_next(order, clocks)
    save(order, "state", "signed_at", "handler", *NEXT)
    audit.record("work_order.signed", order.case, by=by, now=now, changes={"work_order": order.number})
    return order


@transaction.atomic
def sign_many(work_order_ids: Sequence[int], *, by: Actor, now: datetime) -> list[WorkOrder]:
    """批量签收: all or nothing; a refusal names the work order it is about."""
    signed = []
    for work_order_id in sorted(set(work_order_ids)):
        try:
            signed.append(sign(work_order_id, by=by, now=now))
        except Refused as refusal:
            number = WorkOrder.objects.select_related("case").get(pk=work_order_id).number if by.user else work_order_id
            refusal.text = _("%(number)s: %(reason)s Nothing was signed.") % {"number": number, "reason": refusal}
            raise
    return signed


@transaction.atomic
def record_contact(
    work_order_id: int,
    *,
    way: str,
    result: str,
    note: str = "",
    by: Actor,
    now: datetime,
    row_version: int | None = None,
) -> Contact:
    """联系诉求人: one attempt; the first that counts (reached, refused, or tried in vain) stops the contact clock."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves["contact"].acts, order, order.unit)
    WORK_ORDER.check("contact", order)
    if way not in ReplyWay.values:
        raise BadInput(_("Choose how the citizen was contacted."), field="way")
    if result not in ContactResult.values:
        raise BadInput(_("Choose what came of it."), field="result")
    if len(note) > 500:
        raise BadInput(_("The note is longer than 500 characters."), field="note")
    contact = Contact.objects.create(work_order=order, at=now, way=way, result=result, note=note, by=by.name)
    if order.contacted_at is None:
        order.contacted_at = now
        clocks = running_clocks(order)
        stop_kinds(clocks, now, ClockKind.FIRST_CONTACT)
        point_to_next(order, clocks)
    save(order, "contacted_at", *NEXT)
    audit.record(
        "work_order.contacted",
        order.case,
        by=by,
        now=now,
        changes={
            "work_order": order.number,
            "way": way,
            "result": result,
        },
        note=note,
    )
    return contact


@transaction.atomic
def hand_down(
    work_order_id: int, *, unit_id: int, note: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """转派: give the work to a unit below. The deadline moves with it and is not extended."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves["hand_down"].acts, order, order.unit)
    WORK_ORDER.check("hand_down", order)
    unit = (
        Unit.objects.below(order.unit)
        .filter(closed_on__isnull=True)
        .exclude(pk=order.unit_id)
        .filter(pk=unit_id)
        .first()
    )
    if unit is None:
        raise BadInput(_("Choose an open unit below %(unit)s.") % {"unit": order.unit}, field="unit")
    order.state = HANDED_DOWN
    clocks = running_clocks(order)
    stop_kinds(clocks, now, ClockKind.FIRST_CONTACT)
    point_to_next(order, clocks)
    save(order, "state", *NEXT)
    child = _child(order, unit, clocks, now)
    intake.set_holder(
        order.case,
        unit,
        by=by,
        now=now,
        action="work_order.handed_down",
        changes={
            "work_order": order.number,
            "to": str(unit),
            "child": child.number,
        },
        note=note,
    )
    return child


@transaction.atomic
def report(
    work_order_id: int,
    *,
    text: str,
    told_way: str = "",
    photos: Sequence[tuple[str, UploadedFile]] = (),
    by: Actor,
    now: datetime,
    row_version: int | None = None,
) -> Report:
    """处置反馈: what was done, with photos; goes to the level above for review."""
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves["report"].acts, order, order.unit)
    _check_report(text, told_way)
    saved = [intake.add_attachment(order.case_id, kind, upload, by=by, now=now) for kind, upload in photos]
    WORK_ORDER.check("report", order)
    written = Report.objects.create(
        work_order=order, at=now, text=text.strip(), told_way=told_way, told_at=now if told_way else None, by=by.name
    )
    written.photos.set(saved)
    order.reported_at = now
    clocks = running_clocks(order)
    stop_kinds(clocks, now, ClockKind.HANDLING, ClockKind.FIRST_CONTACT, ClockKind.SIGN)
    send_to_review(order, order.parent.unit if order.parent else order.unit.parent or order.unit, now)
    save(order, "state", "reported_at", "review_unit", *NEXT)
    record_step(
        order,
        "report",
        "work_order.reported",
        by=by,
        now=now,
        changes={
            "work_order": order.number,
            "told": told_way,
            "photos": len(saved),
            "review": str(order.review_unit),
        },
        note=text.strip(),
    )
    return written


def record_step(order: WorkOrder, move: str, action: str, *, by: Actor, now: datetime, **told) -> None:
    """Write the audit entry of a step; when the case's own first work order takes it, the case moves with it."""
    if order.parent_id is None:
        intake.move_case(order.case, move, action=action, by=by, now=now, **told)
    else:
        audit.record(action, order.case, by=by, now=now, **told)


def send_to_review(order: WorkOrder, unit: Unit, now: datetime) -> None:
    """Put a work order before a reviewing unit and start that level's clock (the caller saves the order)."""
    clock = ClockBook(now).start(ClockKind.REVIEW, order.case, work_order=order)
    clock.save()
    order.state, order.review_unit = UNDER_REVIEW, unit
    point_to_next(order, [clock])


def running_clocks(order: WorkOrder) -> list[Clock]:
    """Return the work order's running clocks."""
    return list(Clock.objects.filter(case=order.case, work_order=order, outcome=ClockOutcome.RUNNING))


def stop_kinds(clocks: list[Clock], now: datetime, *kinds: str) -> None:
    """Stop and save the clocks of these kinds."""
    stopped = [clock for clock in clocks if clock.kind in kinds]
    for clock in stopped:
        stop(clock, now)
    Clock.objects.bulk_update(stopped, ["stopped_at", "outcome"])


def _child(order: WorkOrder, unit: Unit, parent_clocks: list[Clock], now: datetime) -> WorkOrder:
    """Create the work order below, with clocks of its own but the parent's handling deadline."""
    last = WorkOrder.objects.filter(case=order.case).aggregate(Max("seq"))["seq__max"]
    child = WorkOrder(
        case=order.case,
        seq=last + 1,
        parent=order,
        role=WorkRole.LEAD,
        round=order.round,
        unit=unit,
        area=order.area,
        decision=order.decision,
        assigned_at=now,
        contacted_at=order.contacted_at,
    )
    book = ClockBook(now)
    clocks = [book.start(ClockKind.SIGN, order.case, work_order=child)]
    if order.contacted_at is None:
        clocks.append(book.start(ClockKind.FIRST_CONTACT, order.case, work_order=child))
    for clock in parent_clocks:
        if clock.kind == ClockKind.HANDLING:
            clocks.append(book.clock(clock.kind, order.case, child, clock.started_at, clock.due_at, clock.rule))
    point_to_next(child, clocks)
    child.save()
    Clock.objects.bulk_create(clocks)
    return child


def _check_report(text: str, told_way: str) -> None:
    if not text.strip():
        raise BadInput(_("Say what was done."), field="text")
    if len(text) > 5000:
        raise BadInput(_("The text is longer than 5,000 characters."), field="text")
    if told_way and told_way not in ReplyWay.values:
        raise BadInput(_("Choose how the citizen was told."), field="told_way")
