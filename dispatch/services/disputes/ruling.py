"""裁决: who is responsible, by which principle, with the fallback unit; the case goes there, the list follows.

In its round a ruling is final. The amendment of the duty list is a draft batch of the office that keeps the list.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dispatch.choices import ClockKind, ClockOutcome, DecisionMode, RulingPrinciple, WorkRole
from dispatch.clocks import ClockBook, stop
from dispatch.drafts import Draft
from dispatch.models import Clock, Docket, WorkOrder
from dispatch.workflow import DOCKET, UNDER_REVIEW
from dutylist.models import Batch, Item
from dutylist.selectors import duty_for, version_in_force
from dutylist.services import draft_line_from_ruling
from grid import access
from grid.models import Unit
from intake import services as intake
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, IN_HANDLING, OPEN_STATES
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused, StalePage
from shenzhen_gov.core.texts import checked_text

from ..assigning import assign
from ..claims import end_claims
from ..notices import notify_units
from ..recalling import recall
from .arguing import lock_docket, save
from .opening import BY

TEXT_LIMIT, REASON_LIMIT = 2000, 500
RULED = ("state", "ruled_unit", "fallback_unit", "principle", "text", "item", "decided_at", "decided_by")


@transaction.atomic
def rule_docket(
    docket_id: int, *, unit: int | str, fallback: int | str, principle: str, text: str, item: str = "",
    amends: bool = True, by: Actor, now: datetime, row_version: int | None = None,
) -> Docket:  # fmt: skip
    """Rule: `unit` is responsible (id, or any name it ever had), `fallback` stands in; `item` is the entry it rests on.

    The case goes to the unit unless it has it, or the work was reported already. `amends`: draft the line that makes
    the list say so. Raises BadInput naming the field, NotAllowed, IllegalMove when it was ruled, StalePage.
    """
    docket = _begin(docket_id, "rule", row_version, by)
    docket.ruled_unit = _unit(unit, now, field="unit")
    docket.fallback_unit = _unit(fallback, now, field="fallback")
    if docket.ruled_unit == docket.fallback_unit:
        raise BadInput(_("Name another unit than the responsible one."), field="fallback")
    if principle not in RulingPrinciple.values:
        raise BadInput(_("Choose the principle."), field="principle")
    docket.text = _words(text, TEXT_LIMIT, "text", _("Give the reasons of the ruling."))
    docket.item = _item(item, now) or docket.case.item
    docket.principle, docket.decided_at, docket.decided_by = principle, now, by.name[:120]
    docket.state = DOCKET.moves["rule"].to_state or docket.state
    docket.batch, docket.list_note = _amend(docket, amends, now)
    save(docket, *RULED, "batch", "list_note")
    _stop_clock(docket.case, now)
    facts = {
        "docket": docket.pk, "unit": str(docket.ruled_unit), "fallback": str(docket.fallback_unit),
        "principle": principle, "batch": str(docket.batch or ""),
    }  # fmt: skip
    audit.record("docket.ruled", docket.case, by=by, now=now, changes=facts, note=docket.text)
    _send_on(docket, by, now)
    _tell(docket, now)
    return docket


@transaction.atomic
def call_conference(
    docket_id: int, *, reason: str, by: Actor, now: datetime, row_version: int | None = None
) -> Docket:  # fmt: skip
    """疑难会商: a hard case is ruled by a conference, with its own limit from the day the docket was opened."""
    docket = _begin(docket_id, "confer", row_version, by)
    note = _words(reason, REASON_LIMIT, "reason", _("Say why a conference is needed."))
    book = ClockBook(now)
    limit = book.limit(ClockKind.CONFERENCE, docket.case)
    due_at = book.due(docket.opened_at, limit)
    for old in Clock.objects.filter(case=docket.case, kind=ClockKind.RULING, outcome=ClockOutcome.RUNNING):
        old.outcome, old.stopped_at, old.next_step_at = ClockOutcome.REPLACED, now, None
        old.save(update_fields=["outcome", "stopped_at", "next_step_at"])
        book.clock(ClockKind.RULING, docket.case, None, old.started_at, due_at, limit.rule).save(force_insert=True)
    docket.is_conference, docket.due_at = True, due_at
    save(docket, "is_conference", "due_at")
    facts = {"docket": docket.pk, "due_at": due_at.isoformat()}
    audit.record("docket.conference", docket.case, by=by, now=now, changes=facts, note=note)
    return docket


@transaction.atomic
def withdraw_docket(
    docket_id: int, *, reason: str, by: Actor, now: datetime, row_version: int | None = None
) -> Docket:  # fmt: skip
    """撤回: the parties agree, or nobody disputes any more; whoever handles the case goes on with it."""
    docket = _begin(docket_id, "withdraw", row_version, by)
    _withdraw(docket, _words(reason, REASON_LIMIT, "reason", _("Give the reason.")), by, now)
    return docket


def withdraw_with_case(case: Case, *, now: datetime) -> None:
    """Withdraw the open docket of a locked case that is void: there is nothing to be handled any more."""
    for docket in Docket.objects.open().filter(case=case).select_for_update(of=("self",)):
        docket.case = case
        with override(settings.LANGUAGE_CODE):
            reason = _("The case is now “%(state)s”.") % {"state": case.get_state_display()}
        _withdraw(docket, reason, BY, now)


def _withdraw(docket: Docket, reason: str, by: Actor, now: datetime) -> None:
    docket.state = DOCKET.check("withdraw", docket).to_state or docket.state
    docket.decided_at, docket.decided_by, docket.text = now, by.name[:120], reason
    save(docket, "state", "decided_at", "decided_by", "text")
    _stop_clock(docket.case, now)
    audit.record("docket.withdrawn", docket.case, by=by, now=now, changes={"docket": docket.pk}, note=reason)


def _begin(docket_id: int, move: str, row_version: int | None, by: Actor) -> Docket:
    """Return a locked docket if `by` may make the move; who comes second reads who was first."""
    docket = lock_docket(docket_id, by=by)
    access.require(by, DOCKET.moves[move].acts, docket)
    DOCKET.check(move, docket)
    if row_version is not None and row_version != docket.row_version:
        raise StalePage(_("Somebody changed the docket meanwhile; it is shown afresh."))
    return docket


def _amend(docket: Docket, wanted: bool, now: datetime) -> tuple[Batch | None, str]:
    """Draft the line by which the list says what was ruled; returns its batch, or why there is none.

    The row that answered at the place is given to the unit; where the list has a gap, a row for the place is added.
    """
    if not wanted:
        return None, _("The adjudicator left the list as it is.")
    case = docket.case
    if docket.item is None or case.area is None:
        return None, _("Without a duty item and a place there is nothing to change in the list.")
    duty = duty_for(docket.item.pk, case.area, timezone.localdate(now))
    row = duty.row if duty else None
    if row and (row.lead_unit_id, row.fallback_unit_id) == (docket.ruled_unit_id, docket.fallback_unit_id):
        return None, _("The list says the same already.")
    area = row.area_id if row else case.area.pk
    code = row.version.item.code if row else docket.item.code
    try:
        with transaction.atomic(), override(settings.LANGUAGE_CODE):
            document = _document(docket)
            batch = draft_line_from_ruling(
                None, code, area, docket.ruled_unit_id or 0, docket.fallback_unit_id, document, by=BY, now=now
            )
    except Refused as refusal:
        return None, str(refusal)[:300]
    return batch, ""


def _document(docket: Docket) -> str:
    """Return what the draft is called by: the ruling, and the entry it takes the case from where it names another."""
    case, item = docket.case, docket.item
    if item is None or case.item is None or case.item_id == item.pk:
        return _("Ruling on case %(number)s") % {"number": case.number}
    words = _("Ruling on case %(number)s: the matter belongs to %(item)s, not to %(former)s")
    return (words % {"number": case.number, "item": item.code, "former": case.item.code})[:200]


def _send_on(docket: Docket, by: Actor, now: datetime) -> None:
    """Send the case to the unit ruled for, unless that has it, or somebody has reported the work already.

    Wherever it stays, it stands from now on under the entry that the ruling rests on.
    """
    case = docket.case
    orders = list(WorkOrder.objects.open().filter(case=case, role=WorkRole.LEAD).select_related("unit"))
    if case.state == IN_HANDLING and not _stays(docket, orders):
        for order in orders:
            order.case = case
        recall([case], orders, by=by, now=now, notes={case.pk: docket.text[:300]})
    _classify(docket, now)
    if case.state != AWAITING_DISPATCH:
        return
    end_claims([case])
    assign([_draft(docket, case, by, now)], DecisionMode.RULING, by=by, now=now, note=docket.text)


def _stays(docket: Docket, orders: list[WorkOrder]) -> bool:
    """Whether the unit ruled for has the case, or somebody has reported the work."""
    has_it = any(order.parent_id is None and order.unit_id == docket.ruled_unit_id for order in orders)
    return has_it or any(order.state == UNDER_REVIEW for order in orders)


def _classify(docket: Docket, now: datetime) -> None:
    """Put the locked case under the entry of the ruling; its clocks run on as they are."""
    case, item = docket.case, docket.item
    if item is None or case.item_id == item.pk or case.state not in OPEN_STATES:
        return
    version = version_in_force(item.pk, timezone.localdate(now))
    if version is None:
        return
    changes = {case.pk: {"item": [case.item.code if case.item else "", item.code], "docket": docket.pk}}
    intake.follow_version(
        [case], {case.pk: version}, action="case.reclassified", by=BY, now=now, changes=changes,
        notes={case.pk: docket.text[:300]},
    )  # fmt: skip


def _draft(docket: Docket, case: Case, by: Actor, now: datetime) -> Draft:
    draft = Draft(case, unit=docket.ruled_unit, item_id=docket.item_id)
    draft.follow(duty_for(docket.item_id, case.area, timezone.localdate(now)) if docket.item_id else None)
    return draft.say(
        "ruled", who=by.name, unit=docket.ruled_unit, principle=docket.principle, fallback=docket.fallback_unit
    )


def _unit(given: int | str, now: datetime, *, field: str) -> Unit:
    """Return an open unit by its id or any name it ever had."""
    units = Unit.objects.open_on(timezone.localdate(now))
    if isinstance(given, int) and not isinstance(given, bool):
        found = units.filter(pk=given).first()
    else:
        found = units.filter(names__name=checked_text(str(given), 120, field=field)).distinct().first()
    if found is None:
        raise BadInput(_("No open unit of this name was found."), field=field)
    return found


def _item(code: str, now: datetime) -> Item | None:
    code = checked_text(code, 40, field="item")
    found = Item.objects.filter(code=code).first() if code else None
    if code and (found is None or version_in_force(found.pk, timezone.localdate(now)) is None):
        raise BadInput(_("No duty item “%(code)s” is in force today.") % {"code": code}, field="item")
    return found


def _words(text: str, limit: int, field: str, lacking: str) -> str:
    words = checked_text(text, limit, field=field)
    if not words:
        raise BadInput(lacking, field=field)
    return words


def _stop_clock(case: Case, now: datetime) -> None:
    for clock in Clock.objects.filter(case=case, kind=ClockKind.RULING, outcome=ClockOutcome.RUNNING):
        stop(clock, now)
        clock.save(update_fields=["stopped_at", "outcome"])


def _tell(docket: Docket, now: datetime) -> None:
    """Tell the parties and the unit that was ruled for."""
    ids = [*docket.parties.values_list("unit", flat=True), docket.ruled_unit_id]
    notify_units(ids, "docket_ruled", docket.case, now=now, unit=str(docket.ruled_unit), text=docket.text[:200])
