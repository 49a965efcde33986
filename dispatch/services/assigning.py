"""From a case that awaits dispatch to a work order at a unit: by the machine in batches, or by a dispatcher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, ClockOutcome, DecisionMode, DecisionOutcome, NeedsPerson, WorkRole
from dispatch.clocks import ClockBook, has_waited, point_to_next, stop
from dispatch.deciding import Draft, decide_many
from dispatch.models import Clock, Decision, DutyGap, Round, WorkOrder
from dispatch.reasons import reason
from dutylist.models import ItemVersion
from dutylist.selectors import duty_for, version_in_force
from grid import access
from grid.models import Unit
from intake import services as intake
from intake.choices import ConfirmedBy, Urgency
from intake.models import Case
from intake.workflow import CASE
from shenzhen_gov.core.actor import STAFF, Actor
from shenzhen_gov.core.bulk import copy_objects
from shenzhen_gov.core.exceptions import BadInput, Refused

from .claims import end_claims, require_unclaimed
from .exchange.telling import tell_assigned
from .facts import begin_orders
from .gate import note_confirmed, note_registered
from .hop_guard import note_interim, require_dispatchable
from .notices import notify_unit
from .power_check import admit
from .recalling import Carried, get_carried
from .rule_runs import note_matches

BATCH = 100  # cases in one transaction


@dataclass(frozen=True)
class PickUp:
    """What one pick-up did."""

    dispatched: int
    needs_person: int

    @property
    def total(self) -> int:
        """Return how many cases were looked at."""
        return self.dispatched + self.needs_person


@transaction.atomic
def dispatch_awaiting(*, by: Actor, now: datetime, limit: int = BATCH) -> PickUp:
    """Take up to `limit` waiting cases that no other worker holds, decide each and write the outcome.

    Safe to run at any moment, any number of times, in any number of processes: the state is the queue.
    """
    cases = list(
        Case.objects.awaiting_dispatch()
        .select_related("area__parent", "item")
        .select_for_update(skip_locked=True, of=("self",))[:limit]
    )
    if not cases:
        return PickUp(0, 0)
    drafts = decide_many(cases, now)
    intake.mark_cases(cases, {draft.case.pk: draft.marks for draft in drafts}, by=by, now=now)
    note_matches({draft.case.pk: draft.matched for draft in drafts if draft.matched}, by=by, now=now)
    note_registered(drafts, by=by, now=now)
    assign([draft for draft in drafts if draft.unit], DecisionMode.AUTOMATIC, by=by, now=now)
    waiting = [draft for draft in drafts if draft.unit is None]
    send_to_desk(waiting, by=by, now=now)
    return PickUp(len(cases) - len(waiting), len(waiting))


@transaction.atomic
def dispatch_by_hand(
    case_id: int,
    *,
    unit_id: int,
    item_id: int | None = None,
    suggested_id: int | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
    row_version: int | None = None,
) -> WorkOrder:
    """Dispatch a waiting case to a unit chosen by a dispatcher, and keep what the list says beside it.

    `suggested_id`: the item that was proposed first; choosing another is kept with the decision. Raises BadInput naming
    the field when the unit is closed or out of the dispatcher's territory, the item is not in force, or another unit
    than the list's is chosen without saying why; ClaimedByOther when the case lies before another dispatcher.
    """
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["dispatch"].acts, case)
    CASE.check("dispatch", case)
    require_unclaimed(case, by=by, now=now)
    unit = _unit_for(unit_id, by, now)
    require_dispatchable(case, now)
    suggested = version_in_force(suggested_id, timezone.localdate(now)) if suggested_id else None
    if item_id and item_id != case.item_id:
        case = _reclassify(case, item_id, suggested, by=by, now=now)
    warning = admit(unit, case, now, field="unit")
    draft = _drafted_by_hand(case, unit, note, by, now)
    if warning:
        draft.reasons.append(reason("not_in_own_list", ok=False, entry=warning))
    if suggested is not None and suggested.item_id != case.item_id:
        draft.reasons.append(reason("another_first", ok=False, path=suggested.path_text))
    mode = _mode_by_hand(draft, unit, note, by)
    if mode == DecisionMode.RECOMMENDED and by.kind == STAFF:  # sent elsewhere, the item may be as wrong as the unit
        _confirm(case, suggested, now)
    end_claims([case])
    note_confirmed(case, unit, by=by, now=now)
    note_interim(case, unit)
    return assign([draft], mode, by=by, now=now, note=note)[0]


@transaction.atomic
def reconsider(case_ids: Sequence[int], *, by: Actor, now: datetime) -> int:
    """Let the machine look again at cases on the dispatch desk, after the list or a case was completed."""
    cases = list(Case.objects.awaiting_person().filter(pk__in=case_ids).select_for_update(of=("self",)))
    for case in cases:
        access.require(by, CASE.moves["dispatch"].acts, case)
        require_unclaimed(case, by=by, now=now)
    end_claims(cases)
    return intake.set_awaits_person(cases, False, action="case.reconsidered", by=by, now=now)


def _unit_for(unit_id: int, by: Actor, now: datetime) -> Unit:
    unit = Unit.objects.open_on(timezone.localdate(now)).filter(pk=unit_id).select_related("home_area").first()
    if unit is None:
        raise BadInput(_("This unit does not exist or is closed."), field="unit")
    if reason_why := access.why_not(by, CASE.moves["dispatch"].acts, unit):
        raise BadInput(_("%(unit)s: %(reason)s") % {"unit": unit, "reason": reason_why}, field="unit")
    return unit


def _mode_by_hand(draft: Draft, unit: Unit, note: str, by: Actor) -> str:
    """Return whether a person follows the list. Raises BadInput when they go against it and do not say why."""
    if draft.row is None:
        return DecisionMode.MANUAL
    if draft.row.lead_unit_id == unit.pk:
        return DecisionMode.RECOMMENDED
    if by.kind == STAFF and not note.strip():
        text = _("The duty list names %(unit)s. Say why the case goes elsewhere.")
        raise BadInput(text % {"unit": draft.row.lead_unit}, field="note")
    return DecisionMode.MANUAL


def _confirm(case: Case, suggested: ItemVersion | None, now: datetime) -> None:
    first = suggested.item_id if suggested else None
    intake.confirm_item(case, case.item_id, suggested_id=first, confirmed_by=ConfirmedBy.DISPATCHER, now=now)


def _reclassify(case: Case, item_id: int, suggested: ItemVersion | None, *, by: Actor, now: datetime) -> Case:
    version = version_in_force(item_id, timezone.localdate(now))
    if version is None:
        raise BadInput(_("This duty item is not in force today."), field="item")
    first = suggested.item_id if suggested else None
    return intake.reclassify_case(case.pk, item_code=version.item.code, suggested_id=first, by=by, now=now)


def _drafted_by_hand(case: Case, unit: Unit, note: str, by: Actor, now: datetime) -> Draft:
    """Return the decision with what a person chose and what the list says about it."""
    draft = Draft(case, unit=unit)
    draft.reasons.append(reason("chosen_by_person", who=by.name, unit=unit, note=note or "—"))
    draft.follow(duty_for(case.item_id, case.area, timezone.localdate(now)) if case.item_id else None)
    if draft.version and case.area:
        draft.reasons.append(
            reason(
                "item_chosen",
                path=draft.version.path_text,
                number=draft.version.number,
                since=draft.version.effective_from,
            )
        )
    if draft.row:
        agrees = draft.row.lead_unit_id == unit.pk
        draft.reasons.append(
            reason("as_the_list") if agrees else reason("against_the_list", ok=False, unit=draft.row.lead_unit)
        )
    return draft


def assign(drafts: list[Draft], mode: str, *, by: Actor, now: datetime, note: str = "") -> list[WorkOrder]:
    """Write decisions, rounds, work orders and clocks of many cases, each with one statement."""
    if not drafts:
        return []
    book = ClockBook(now)
    copy_objects(decisions := [_decision(draft, mode, by, now, note) for draft in drafts], keyed=True)
    Round.objects.bulk_create(
        [Round(case=draft.case, number=draft.case.round, opened_at=now) for draft in drafts], ignore_conflicts=True
    )
    numbers = _last_numbers([draft.case for draft in drafts])
    carried = get_carried([draft.case for draft in drafts])
    orders, clocks = [], []
    for draft, decision in zip(drafts, decisions, strict=True):
        order = _work_order(draft, decision, numbers.get(draft.case.pk, 0) + 1, now)
        own = _own_clocks(order, draft, carried.get(draft.case.pk), book)
        point_to_next(order, own)
        orders.append(order)
        clocks += own
        if draft.case.due_at is None:
            clocks.append(book.overall(draft.case, draft.terms))
    copy_objects(orders, keyed=True)
    copy_objects(clocks)
    begin_orders(orders, now)
    _stop_dispatch_clocks([draft.case for draft in drafts if has_waited(draft.case, now)], now)
    _move_cases(drafts, orders, clocks, by, now)
    _tell_units(orders, now)
    return orders


def _tell_units(orders: list[WorkOrder], now: datetime) -> None:
    """Tell other platforms of their work orders; an emergency does not wait until somebody looks at the queue."""
    tell_assigned(orders, now=now)
    for order in orders:
        if order.case.urgency == Urgency.EMERGENCY:
            notify_unit(
                order.unit_id, "emergency_assigned", order.case, now=now, unit=order.unit, due=order.next_due_at
            )


def _own_clocks(order: WorkOrder, draft: Draft, carried: Carried | None, book: ClockBook) -> list[Clock]:
    """Return the clocks of a new work order; what a unit had begun before the case was taken back runs on."""
    own, former = [book.start(ClockKind.SIGN, draft.case, work_order=order)], carried.clocks if carried else {}
    order.contacted_at = carried.contacted_at if carried else None
    for kind in (ClockKind.FIRST_CONTACT, ClockKind.HANDLING):
        if old := former.get(kind):
            own.append(book.clock(kind, draft.case, order, old.started_at, old.due_at, old.rule))
        elif kind == ClockKind.HANDLING or not order.contacted_at:
            own.append(book.start(kind, draft.case, work_order=order, version=draft.terms))
    return own


def _decision(draft: Draft, mode: str, by: Actor, now: datetime, note: str = "") -> Decision:
    return Decision(
        case=draft.case,
        round=draft.case.round,
        made_at=now,
        mode=mode,
        outcome=DecisionOutcome.DISPATCHED if draft.unit else DecisionOutcome.NEEDS_PERSON,
        needs_person=draft.needs_person,
        item_version=draft.version,
        responsibility=draft.row,
        area=draft.case.area,
        unit=draft.unit,
        decided_by=by.name[:120],
        note=note[:300],
        reasons=draft.reasons,
        candidates=draft.candidates,
        model_version=draft.model_version,
        gate=draft.gate,
        rule_version=draft.matched.rule if draft.matched else None,
    )


def _work_order(draft: Draft, decision: Decision, seq: int, now: datetime) -> WorkOrder:
    return WorkOrder(
        case=draft.case,
        seq=seq,
        role=WorkRole.LEAD,
        round=draft.case.round,
        unit=draft.unit,
        area=draft.case.area,
        decision=decision,
        assigned_at=now,
    )


def _last_numbers(cases: list[Case]) -> dict[int, int]:
    """Return case id → last work order number, asking only about cases that were dispatched before."""
    earlier = [case.pk for case in cases if case.due_at is not None]
    if not earlier:
        return {}
    return dict(
        WorkOrder.objects.filter(case__in=earlier)
        .values_list("case")
        .annotate(Max("seq"))
        .values_list("case", "seq__max")
    )


def _move_cases(drafts: list[Draft], orders: list[WorkOrder], clocks: list[Clock], by: Actor, now: datetime) -> None:
    intake.move_cases(
        [draft.case for draft in drafts],
        "dispatch",
        by=by,
        now=now,
        action="case.dispatched",
        holders={draft.case.pk: draft.unit.pk for draft in drafts if draft.unit},
        dues={clock.case_id: clock.due_at for clock in clocks if clock.kind == ClockKind.OVERALL},
        versions={draft.case.pk: draft.version.pk for draft in drafts if draft.version},
        items={draft.case.pk: draft.item_id for draft in drafts if draft.item_id and draft.case.item_id is None},
        changes={
            order.case_id: {"work_order": order.number, "unit": str(order.unit), "reasons": draft.reasons}
            for draft, order in zip(drafts, orders, strict=True)
        },
    )


def send_to_desk(drafts: list[Draft], *, by: Actor, now: datetime) -> None:
    """Put cases on the dispatch desk: the decision says why, a clock runs, a hole in the list is noted."""
    if not drafts:
        return
    copy_objects([_decision(draft, DecisionMode.AUTOMATIC, by, now) for draft in drafts])
    Clock.objects.bulk_create(_dispatch_clocks(drafts, now), ignore_conflicts=True)
    for draft in drafts:
        if draft.needs_person == NeedsPerson.NO_ROW:
            _note_gap(draft.case, now)
    intake.set_awaits_person(
        [draft.case for draft in drafts],
        True,
        by=by,
        now=now,
        action="case.needs_person",
        changes={draft.case.pk: {"why": draft.needs_person, "reasons": draft.reasons} for draft in drafts},
    )


def _dispatch_clocks(drafts: list[Draft], now: datetime) -> list[Clock]:
    """Return the clocks of the desk; without a calendar the case still reaches the desk."""
    try:
        book = ClockBook(now)
        return [
            book.start(ClockKind.DISPATCH, draft.case, started_at=_came_to_the_desk(draft.case, now))
            for draft in drafts
        ]
    except Refused as refusal:
        for draft in drafts:
            draft.reasons.append(reason("no_calendar", ok=False, problem=refusal))
        return []


def _came_to_the_desk(case: Case, now: datetime) -> datetime:
    """Return from when on dispatch is due: acceptance, or being taken back from a unit."""
    return now if case.due_at else case.accepted_at or now


def _stop_dispatch_clocks(cases: list[Case], now: datetime) -> None:
    running = Clock.objects.filter(case__in=cases, kind=ClockKind.DISPATCH, outcome=ClockOutcome.RUNNING)
    clocks = list(running) if cases else []
    for clock in clocks:
        stop(clock, now)
    Clock.objects.bulk_update(clocks, ["stopped_at", "outcome"])


def _note_gap(case: Case, now: datetime) -> None:
    """Count a case that fell into a hole of the duty list."""
    gap, created = DutyGap.objects.get_or_create(
        item=case.item, area=case.area, defaults={"first_case": case, "first_seen_at": now, "last_seen_at": now}
    )
    if not created:
        DutyGap.objects.filter(pk=gap.pk).update(cases=F("cases") + 1, last_seen_at=now)
