"""退回: a unit gives a work order back. The level above takes it on again, or the case goes to the dispatch desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, NeedsPerson, StageEnd, WorkRole
from dispatch.clocks import ClockBook, point_to_next
from dispatch.deciding import Draft
from dispatch.models import CaseRequest, Clock, WorkOrder
from dispatch.workflow import HANDLING, RETURNED, WORK_ORDER
from dutylist.models import Item
from dutylist.selectors import duty_for, version_in_force
from grid.choices import Act
from grid.models import Unit
from intake import services as intake
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from ..assigning import send_to_desk
from ..exchange.telling import tell_recalled
from ..facts import begin_waiting
from ..gate import note_return
from ..hop_guard import require_hop_left
from ..notices import notify_unit
from ..overtaking import close_overtaken
from ..parts import end_parts
from ..recalling import centres_of
from ..steps import lock_work_order, save, tell
from .asked import Asked, shown


def prepare(asked: Asked) -> dict[str, Any]:
    """Check what is asked: in time, with an entry that is in force and an open unit, where they are named."""
    order = asked.lead
    check_time(asked)
    if order.role == WorkRole.LEAD and order.parent_id is None:
        require_hop_left(asked.case, order.unit, asked.now, said=asked.reason)
    item, unit = cited_item(asked), _proposed_unit(asked)
    if item is not None and unit is None:
        duty = duty_for(item.pk, asked.case.area, timezone.localdate(asked.now)) if asked.case.area else None
        unit = duty.row.lead_unit if duty and duty.row else None
    return {"cited_item": item, "proposed_unit": unit}


def check_time(asked: Asked) -> None:
    """Raise Refused when it is too late to ask for a return."""
    order = asked.lead
    limit = asked.book.limit(ClockKind.ASK_RETURN, asked.case, unit=order.unit)
    last = asked.book.due(order.assigned_at, limit)
    if asked.now > last:
        text = _("A return had to be asked for by %(last)s, within %(rule)s after the assignment.")
        raise Refused(text % {"last": shown(last), "rule": limit.rule}, field="kind")


def agree(request: CaseRequest, asked: Asked) -> None:
    """Give the work order back."""
    return_order(asked.lead, by=asked.by, now=asked.now, note=request.opinion, request=request)


def return_order(order: WorkOrder, *, by: Actor, now: datetime, note: str, request: CaseRequest | None = None) -> None:
    """End a locked work order as returned; nothing of its clocks is reset.

    What was handed down is taken on again by the unit that did so, under the deadline it always had; a co-handler's
    part ends; what came from the dispatch goes back there, to a person.
    """
    WORK_ORDER.check("agree_return", order)
    clocks = _cancel_clocks(order, now)
    order.state, order.ended_at = RETURNED, now
    point_to_next(order, [])
    save(order, "state", "ended_at", now=now, how=StageEnd.RETURNED)
    if order.role != WorkRole.LEAD:
        tell(order, "work_order.returned", by=by, now=now, note=note, unit=str(order.unit))
    elif order.parent is not None:
        _resume_parent(order, clocks, by, now, note)
    else:
        _to_the_desk(order, by, now, note, request)
    tell_recalled([order], notes={order.case_id: note}, now=now)


def _cancel_clocks(order: WorkOrder, now: datetime) -> list[Clock]:
    """End the clocks neither in time nor late; what remains to be met runs on with whoever has the case next."""
    clocks = list(Clock.objects.filter(case=order.case, work_order=order, outcome=ClockOutcome.RUNNING))
    for clock in clocks:
        clock.outcome, clock.stopped_at = ClockOutcome.CANCELLED, now
    Clock.objects.bulk_update(clocks, ["outcome", "stopped_at"])
    return clocks


def _resume_parent(child: WorkOrder, clocks: list[Clock], by: Actor, now: datetime, note: str) -> None:
    """Let the unit above handle the work itself, under its own deadline; a first contact still owed goes along."""
    parent = lock_work_order(child.parent_id or 0, by=by)
    parent.case = child.case
    WORK_ORDER.check("resume", parent)
    end_parts([child.case], parent=child, by=by, now=now)
    running = list(Clock.objects.filter(case=child.case, work_order=parent, outcome=ClockOutcome.RUNNING))
    parent.contacted_at = parent.contacted_at or child.contacted_at
    owed = next((clock for clock in clocks if clock.kind == ClockKind.FIRST_CONTACT), None)
    if owed is not None and parent.contacted_at is None:
        book = ClockBook(now)
        running.append(book.clock(owed.kind, child.case, parent, owed.started_at, owed.due_at, owed.rule))
        running[-1].save()
    parent.state = HANDLING
    point_to_next(parent, running)
    save(parent, "state", "contacted_at", now=now)
    facts = {"work_order": child.number, "unit": str(child.unit), "to": str(parent.unit)}
    intake.set_holder(child.case, parent.unit, action="work_order.returned", by=by, now=now, changes=facts, note=note)


def _to_the_desk(order: WorkOrder, by: Actor, now: datetime, note: str, request: CaseRequest | None) -> None:
    """Put the case before a dispatcher, with the argument; the machine that sent it there does not send it again."""
    case, unit = order.case, order.unit
    end_parts([case], by=by, now=now)
    facts = {"work_order": order.number, "unit": str(unit)}
    intake.move_cases(
        [case], "recall", action="case.returned", by=by, now=now,
        holders=centres_of([case]), changes={case.pk: facts}, notes={case.pk: note},
    )  # fmt: skip
    close_overtaken([case], now=now)
    begin_waiting([case], now)
    draft = Draft(case)
    ground = request.ground.name if request and request.ground else "—"
    draft.stop(NeedsPerson.RETURNED, "returned", unit=unit, ground=ground)
    if request and request.proposed_unit:
        draft.say("return_proposes", unit=request.proposed_unit)
    send_to_desk([draft], by=by, now=now)
    case.refresh_from_db(fields=["row_version", "awaits_person"])
    note_return(case.pk, now)
    notify_unit(case.holder_id, "case_returned", case, act=Act.DISPATCH_CASE, now=now, unit=str(unit))


def cited_item(asked: Asked) -> Item | None:
    """Return the entry of the duty list that the unit cites. Raises BadInput when it is not in force."""
    code = str(asked.value.get("item") or "").strip()[:40]
    if not code:
        return None
    item = Item.objects.filter(code=code).first()
    if item is None or version_in_force(item.pk, timezone.localdate(asked.now)) is None:
        raise BadInput(_("No duty item “%(code)s” is in force today.") % {"code": code}, field="item")
    return item


def _proposed_unit(asked: Asked) -> Unit | None:
    """Return the unit that should have it, by its id or any name it ever had."""
    given = asked.value.get("unit")
    if not given:
        return None
    units = Unit.objects.open_on(timezone.localdate(asked.now))
    is_id = isinstance(given, int) and not isinstance(given, bool)
    found = units.filter(pk=given) if is_id else units.filter(names__name=str(given).strip()[:120]).distinct()
    unit = found.first()
    if unit is None:
        raise BadInput(_("No open unit of this name was found."), field="unit")
    if asked.order is not None and unit.pk == asked.order.unit_id:
        raise BadInput(_("Name another unit than your own."), field="unit")
    return unit
