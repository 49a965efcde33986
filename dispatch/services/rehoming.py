"""机构变更: the open work orders of a closed unit go on at its successor. No clock is touched, no step is lost.

The old work order ends as taken back; a new one at the successor takes over its state, clocks, place in the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from dispatch.choices import ClockOutcome, DecisionMode, DecisionOutcome, StageEnd
from dispatch.clocks import point_to_next
from dispatch.models import CaseRequest, Clock, CoTask, Decision, WorkOrder
from dispatch.reasons import reason
from dispatch.workflow import RECALLED, UNDER_REVIEW, WORK_ORDER
from grid.choices import COVERING_KINDS
from grid.models import Unit
from intake import services as intake
from intake.models import Case
from shenzhen_gov.core.actor import Actor

from .facts import note_orders

BATCH, MOST_REQUESTS = 200, 1000
MOVABLE = WORK_ORDER.moves["recall"].from_states
CARRIED = ("case", "role", "state", "round", "area_id", "signed_at", "contacted_at", "handler_id")
NEXT_CLOCK = ("next_clock", "next_due_at", "next_yellow_at")


@transaction.atomic
def rehome_some(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Move up to `limit` cases' work from closed units to their successors; returns how many cases.

    Safe to run at any moment, in any number of processes: what is at a closed unit is the queue.
    """
    successors = find_successors(timezone.localdate(now))
    cases = _lock_cases(successors, limit)
    orders = WorkOrder.objects.open().filter(case__in=cases).select_related("decision", "unit__home_area", "area")
    orders = list(orders.select_for_update(of=("self",)).order_by("case", "seq"))
    for order in orders:
        order.case = cases[order.case_id]
    moving = [order for order in orders if order.unit_id in successors and order.state in MOVABLE]
    heirs = _heirs(moving, successors)
    reviewed = [order for order in orders if order.state == UNDER_REVIEW and order.review_unit_id in successors]
    taken = _take_over(moving, heirs, successors, now, by)
    _adopt(orders, taken)
    _carry_requests(taken, successors)
    _move_reviews(reviewed, successors, now)
    _tell(cases, moving, taken, reviewed, successors, by, now)
    return len(cases)


def find_successors(day: date) -> dict[int, Unit]:
    """Return id of a closed unit → the open unit that does its work on `day`; units nobody follows are left out."""
    closed = {unit.pk: unit for unit in Unit.objects.filter(closed_on__lte=day).select_related("successor")}
    found = {}
    for unit in closed.values():
        heir = unit.successor
        while heir is not None and heir.pk in closed:
            heir = closed[heir.pk].successor
        if heir is not None:
            found[unit.pk] = heir
    return found


def _lock_cases(successors: Mapping[int, Unit], limit: int) -> dict[int, Case]:
    """Return the next cases with work at closed units, locked; those another process works on are left to it.

    A case in an area that was cut anew waits until it lies where it belongs (services/recut_following.py).
    """
    if not successors:
        return {}
    at_closed = WorkOrder.objects.filter(unit__in=list(successors), state__in=MOVABLE).values_list("case", flat=True)
    reviewed = WorkOrder.objects.filter(review_unit__in=list(successors), state=UNDER_REVIEW)
    ids = {*at_closed.order_by("id")[:limit], *reviewed.values_list("case", flat=True).order_by("id")[:limit]}
    settled = Case.objects.filter(pk__in=ids).exclude(area__successor__isnull=False)
    cases = settled.order_by("id").select_for_update(skip_locked=True, of=("self",))
    return {case.pk: case for case in cases[:limit]}


def _heirs(orders: Sequence[WorkOrder], successors: Mapping[int, Unit]) -> dict[int, Unit]:
    """Return id of a work order → the unit that takes it over: the successor of its unit.

    Where the unit was at home in an area that was cut into several, the one at home where the case lies now.
    """
    recut = [
        (order, [int(one) for one in order.area.path.strip("/").split("/")])
        for order in orders
        if order.area is not None and order.unit.home_area.successor_id
    ]
    around = {area for _order, chain in recut for area in chain}
    homes = Unit.objects.filter(home_area__in=around, kind__in=COVERING_KINDS, closed_on=None) if recut else ()
    at_home = {(unit.kind, unit.home_area_id): unit for unit in homes}
    heirs = {order.pk: successors[order.unit_id] for order in orders}
    for order, chain in recut:
        near = (at_home.get((order.unit.kind, area)) for area in reversed(chain))
        heirs[order.pk] = next((unit for unit in near if unit is not None), heirs[order.pk])
    return heirs


def _take_over(
    orders: Sequence[WorkOrder], heirs: Mapping[int, Unit], successors: Mapping[int, Unit], now: datetime, by: Actor
) -> dict[int, WorkOrder]:
    """End the work orders and write those that follow them; returns old id → new work order."""
    if not orders:
        return {}
    fresh = _successors_of(orders, heirs, now, by)
    for order in orders:
        order.state, order.ended_at = RECALLED, now
        order.row_version += 1
        point_to_next(order, [])
    WorkOrder.objects.bulk_update(orders, ["state", "ended_at", *NEXT_CLOCK, "row_version"])
    WorkOrder.objects.bulk_create(fresh)
    note_orders([*orders, *fresh], now, StageEnd.TAKEN_BACK)
    taken = {old.pk: new for old, new in zip(orders, fresh, strict=True)}
    clocks = list(Clock.objects.of(orders).filter(outcome__in=(ClockOutcome.RUNNING, ClockOutcome.PAUSED)))
    for clock in clocks:
        clock.work_order = taken[clock.work_order_id or 0]
    Clock.objects.bulk_update(clocks, ["work_order"])
    _hand_tasks_on(orders, taken, successors)
    return taken


def _hand_tasks_on(orders: Sequence[WorkOrder], taken: Mapping[int, WorkOrder], successors: Mapping[int, Unit]) -> None:
    """Let co-tasks follow their work orders, and the unit that asked for one its successor."""
    cases = {order.case_id for order in orders}
    called = Q(caller__in=list(successors), ended_at=None, work_order__case__in=cases)
    tasks = list(CoTask.objects.filter(Q(work_order__in=orders) | called))
    for task in tasks:
        if new := taken.get(task.work_order_id):
            task.work_order, task.unit = new, new.unit
        task.caller_id = successors[task.caller_id].pk if task.caller_id in successors else task.caller_id
    CoTask.objects.bulk_update(tasks, ["work_order", "unit", "caller"])


def _successors_of(orders: Sequence[WorkOrder], heirs: Mapping[int, Unit], now: datetime, by: Actor) -> list[WorkOrder]:
    """Return the work orders that follow, unsaved, with their decisions, in the state of those they replace."""
    decisions = Decision.objects.bulk_create([_decision(order, heirs[order.pk], now, by) for order in orders])
    cases = {order.case_id for order in orders}
    numbers = dict(WorkOrder.objects.filter(case__in=cases).values_list("case").annotate(Max("seq")))
    fresh = []
    for order, decision in zip(orders, decisions, strict=True):
        numbers[order.case_id] += 1
        given = {name: getattr(order, name) for name in (*CARRIED, *NEXT_CLOCK)}
        given |= {"seq": numbers[order.case_id], "parent_id": order.parent_id, "unit": heirs[order.pk]}
        fresh.append(WorkOrder(**given, decision=decision, assigned_at=now))
    return fresh


def _decision(order: WorkOrder, unit: Unit, now: datetime, by: Actor) -> Decision:
    """Return why the work goes there: the list row stays the one of the decision before."""
    before = order.decision
    return Decision(
        case=order.case, round=order.round, made_at=now, mode=DecisionMode.AUTOMATIC,
        outcome=DecisionOutcome.DISPATCHED, item_version_id=before.item_version_id if before else None,
        responsibility_id=before.responsibility_id if before else None, area_id=order.area_id, unit=unit,
        decided_by=by.name[:120],
        reasons=[
            reason("unit_closed", unit=order.unit, day=order.unit.closed_on),
            reason("unit_succeeded", old=order.unit, unit=unit),
        ],
    )  # fmt: skip


def _adopt(orders: Sequence[WorkOrder], taken: Mapping[int, WorkOrder]) -> None:
    """Hang the open work orders below those that were taken over under the ones that follow."""
    orphans = [order for order in (*orders, *taken.values()) if order.parent_id in taken and order.state != RECALLED]
    for order in orphans:
        order.parent = taken[order.parent_id or 0]
    WorkOrder.objects.bulk_update(orphans, ["parent"])


def _carry_requests(taken: Mapping[int, WorkOrder], successors: Mapping[int, Unit]) -> None:
    """Let open requests follow the work they are about; what a closed unit had to decide, its successor decides."""
    rows = CaseRequest.objects.open().filter(Q(work_order__in=list(taken)) | Q(deciding_unit__in=list(successors)))
    found = list(rows.order_by("id")[:MOST_REQUESTS]) if successors else []
    heirs = {pk: unit.pk for pk, unit in successors.items()}
    for request in found:
        if (order := taken.get(request.work_order_id or 0)) is not None:
            request.work_order = order
        request.asked_by_unit_id = heirs.get(request.asked_by_unit_id, request.asked_by_unit_id)
        request.deciding_unit_id = heirs.get(request.deciding_unit_id, request.deciding_unit_id)
    CaseRequest.objects.bulk_update(found, ["work_order", "asked_by_unit", "deciding_unit"])


def _move_reviews(orders: Sequence[WorkOrder], successors: Mapping[int, Unit], now: datetime) -> None:
    for order in orders:
        order.review_unit = successors[order.review_unit_id or 0]
        order.row_version += 1
    WorkOrder.objects.bulk_update(orders, ["review_unit", "row_version"])
    note_orders(orders, now, StageEnd.TAKEN_BACK)


def _tell(
    cases: Mapping[int, Case],
    moving: Sequence[WorkOrder],
    taken: Mapping[int, WorkOrder],
    reviewed: Sequence[WorkOrder],
    successors: Mapping[int, Unit],
    by: Actor,
    now: datetime,
) -> None:
    """Make the successors accountable where the closed units were, with one audit entry a case."""
    facts: dict[int, dict] = {order.case_id: {"review": str(order.review_unit)} for order in reviewed}
    for order in moving:
        new = taken[order.pk]
        told = {"work_order": new.number, "before": order.number, "unit": [str(order.unit), str(new.unit)]}
        facts[order.case_id] = facts.get(order.case_id, {}) | told
    told_cases = [cases[pk] for pk in facts]
    heirs: dict[tuple[int, int | None], int] = {
        (order.case_id, order.unit_id): taken[order.pk].unit_id for order in moving
    }
    holders = {
        case.pk: heirs.get((case.pk, case.holder_id), successors[case.holder_id or 0].pk)
        for case in told_cases
        if case.holder_id in successors
    }
    intake.set_holders(told_cases, holders, action="work_order.rehomed", by=by, now=now, changes=facts)
