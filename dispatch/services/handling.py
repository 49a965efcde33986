"""What the assigned unit does: sign, contact, hand down, report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ContactResult, WorkRole
from dispatch.clocks import ClockBook, point_to_next
from dispatch.models import Clock, Contact, Report, WorkOrder
from dispatch.workflow import HANDED_DOWN, HANDLING, UNDER_REVIEW, WORK_ORDER
from grid.models import Unit
from intake import services as intake
from intake.choices import ReplyWay
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.parameters import get_parameter

from . import needs
from .closing import Outcome, check_outcome, least_text
from .exchange.telling import tell_assigned
from .facts import note_orders
from .notices import notify_unit
from .power_check import admit
from .steps import begin, lock_work_order, require_at, save, stop_clocks, tell, tell_with_case

NOTE_LIMIT, TEXT_LIMIT = 500, 5000


@transaction.atomic
def sign(work_order_id: int, *, by: Actor, now: datetime, row_version: int | None = None) -> WorkOrder:
    """签收: the unit takes the work order on."""
    order = begin(work_order_id, "sign", by=by, row_version=row_version)
    order.state, order.signed_at, order.handler = HANDLING, now, by.user
    stop_clocks(order, now, ClockKind.SIGN)
    save(order, "state", "signed_at", "handler", now=now)
    tell(order, "work_order.signed", by=by, now=now)
    return order


@transaction.atomic
def sign_many(work_order_ids: Sequence[int], *, by: Actor, now: datetime) -> list[WorkOrder]:
    """批量签收: all or nothing; a refusal names the work order it is about."""
    signed = []
    for work_order_id in sorted(set(work_order_ids)):
        try:
            signed.append(sign(work_order_id, by=by, now=now))
        except Refused as refusal:
            order = WorkOrder.objects.select_related("case").filter(pk=work_order_id).first()
            refusal.text = _("%(number)s: %(reason)s Nothing was signed.") % {"number": order or "?", "reason": refusal}
            raise
    return signed


@transaction.atomic
def record_contact(
    work_order_id: int, *, way: str, result: str, note: str = "", by: Actor, now: datetime,
    row_version: int | None = None,
) -> Contact:  # fmt: skip
    """联系诉求人: one attempt; reached or declined stops the contact clock, a vain one when it was tried often enough.

    How many tries make somebody out of reach (无法联系), and how far apart they are, says `contact.tries`.
    """
    order = begin(work_order_id, "contact", by=by, row_version=row_version)
    _check_contact(way, result, note)
    contact = Contact.objects.create(work_order=order, at=now, way=way, result=result, note=note, by=by.name)
    if result != ContactResult.UNREACHABLE or is_out_of_reach(order, now):
        order.contacted_at = order.contacted_at or now
        stop_clocks(order, now, ClockKind.FIRST_CONTACT)
    save(order, "contacted_at")
    tell(order, "work_order.contacted", by=by, now=now, note=note, way=way, result=result)
    return contact


@transaction.atomic
def hand_down(
    work_order_id: int, *, unit_id: int, note: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """转派: give the work to a unit below. The deadline moves with it and is not extended."""
    order = begin(work_order_id, "hand_down", by=by, row_version=row_version)
    unit = Unit.objects.below(order.unit).filter(closed_on=None, pk=unit_id).exclude(pk=order.unit_id).first()
    if unit is None:
        raise BadInput(_("Choose an open unit below %(unit)s.") % {"unit": order.unit}, field="unit")
    warning = admit(unit, order.case, now, field="unit")
    order.state = HANDED_DOWN
    clocks = stop_clocks(order, now, ClockKind.FIRST_CONTACT)
    save(order, "state", now=now)
    child = _child(order, unit, clocks, now)
    changes = {"work_order": order.number, "to": str(unit), "child": child.number}
    changes |= {"warning": warning} if warning else {}
    intake.set_holder(
        order.case, unit, by=by, now=now, action="work_order.handed_down", changes=changes, note=note
    )  # fmt: skip
    tell_assigned([child], now=now)
    return child


@transaction.atomic
def report(
    work_order_id: int, *, text: str, told_way: str = "", photos: Sequence[tuple[str, UploadedFile]] = (), by: Actor,
    now: datetime, row_version: int | None = None, **outcome,
) -> Report:  # fmt: skip
    """处置反馈: what was done, with photos; goes to the level above for review, a part to the unit that asked for it.

    `outcome` is what closing.Outcome holds, for kinds of request whose closing criteria ask for it. The photos are
    stored before the move is checked, for they count for what a city facility needs.
    """
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves["report"].acts, order, order.unit)
    _check_report(text, told_way, now)
    if order.state in WORK_ORDER.moves["report"].from_states:
        check_outcome(order, Outcome(**outcome), now)
    saved = [intake.add_attachment(order.case_id, kind, upload, by=by, now=now) for kind, upload in photos]
    WORK_ORDER.check("report", order)
    written = Report.objects.create(
        work_order=order, at=now, text=text.strip(), told_way=told_way, told_at=now if told_way else None, by=by.name,
        **outcome,
    )  # fmt: skip
    written.photos.set(saved)
    submit(order, now)
    if order.role != WorkRole.LEAD:
        notify_unit(order.review_unit_id, "part_reported", order.case, now=now, unit=str(order.unit))
    tell_with_case(
        order, "report", "work_order.reported", by=by, now=now, note=text.strip(),
        told=told_way, photos=len(saved), review=str(order.review_unit),
    )  # fmt: skip
    return written


def submit(order: WorkOrder, now: datetime) -> None:
    """Put a reported work order before who asked for it; a lead before the parent's unit, else the one above it."""
    order.reported_at = now
    stop_clocks(order, now, ClockKind.HANDLING, ClockKind.FIRST_CONTACT, ClockKind.SIGN)
    send_to_review(order, _reviewer(order, now), now)
    save(order, "state", "reported_at", "review_unit", now=now)


def _reviewer(order: WorkOrder, now: datetime) -> Unit:
    """Return who reviews first: who asked for it, but no unit below the level at which reviews begin."""
    if order.role != WorkRole.LEAD:
        return order.co_task.caller
    unit = order.parent.unit if order.parent else order.unit.parent or order.unit
    lowest = int(get_parameter("review.lowest_level", timezone.localdate(now)))
    while unit.level > lowest and unit.parent is not None:
        unit = unit.parent
    return unit


def send_to_review(order: WorkOrder, unit: Unit, now: datetime) -> None:
    """Put a work order before a reviewing unit and start that level's clock (the caller saves the order)."""
    clock = ClockBook(now).start(ClockKind.REVIEW, order.case, work_order=order, unit=unit)
    clock.save()
    order.state, order.review_unit = UNDER_REVIEW, unit
    point_to_next(order, [clock])


def _child(order: WorkOrder, unit: Unit, parent_clocks: list[Clock], now: datetime) -> WorkOrder:
    """Create the work order below, with clocks of its own but the parent's handling deadline."""
    last = WorkOrder.objects.filter(case=order.case).aggregate(Max("seq"))["seq__max"]
    child = WorkOrder(
        case=order.case, seq=last + 1, parent=order, role=WorkRole.LEAD, round=order.round, unit=unit, area=order.area,
        decision=order.decision, assigned_at=now, contacted_at=order.contacted_at,
    )  # fmt: skip
    book = ClockBook(now)
    kinds = [ClockKind.SIGN] if order.contacted_at else [ClockKind.SIGN, ClockKind.FIRST_CONTACT]
    clocks = [book.start(kind, order.case, work_order=child) for kind in kinds]
    for clock in parent_clocks:
        if clock.kind == ClockKind.HANDLING:
            clocks.append(book.clock(clock.kind, order.case, child, clock.started_at, clock.due_at, clock.rule))
    point_to_next(child, clocks)
    child.save()
    note_orders([child], now)
    Clock.objects.bulk_create(clocks)
    return child


def is_out_of_reach(order: WorkOrder, now: datetime) -> bool:
    """Whether the citizen was tried in vain as often as it takes (无法联系)."""
    return needs.count_tries(order) >= int(get_parameter("contact.tries", timezone.localdate(now)))


def _check_contact(way: str, result: str, note: str) -> None:
    if way not in ReplyWay.values:
        raise BadInput(_("Choose how the citizen was contacted."), field="way")
    if result not in ContactResult.values:
        raise BadInput(_("Choose what came of it."), field="result")
    if len(note) > NOTE_LIMIT:
        raise BadInput(_("The note is longer than %(limit)s characters.") % {"limit": NOTE_LIMIT}, field="note")


def _check_report(text: str, told_way: str, now: datetime) -> None:
    if not text.strip():
        raise BadInput(_("Say what was done."), field="text")
    if len(text) > TEXT_LIMIT:
        raise BadInput(_("The text is longer than %(limit)s characters.") % {"limit": TEXT_LIMIT}, field="text")
    if len(text.strip()) < (least := least_text(now)):
        raise BadInput(_("Say in at least %(least)s characters what was done.") % {"least": least}, field="text")
    if told_way and told_way not in ReplyWay.values:
        raise BadInput(_("Choose how the citizen was told."), field="told_way")
