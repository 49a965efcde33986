"""Facts of stages: written in the transaction of every step, from the states as they are then (models/facts.py).

Nobody says which fact to write: it follows from the state of the case and of its work orders, so a new step that
saves a work order through `steps.save`, or a case through the verbs here, cannot forget it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest

from dispatch.choices import Stage, StageEnd, WorkRole
from dispatch.models import StageFact, WorkOrder
from dispatch.workflow import HANDLING, PENDING_SIGN, UNDER_REVIEW
from intake.models import Case
from intake.workflow import OPEN_STATES, STAGE_CLOSED, SUSPENDED
from shenzhen_gov.core.bulk import copy_objects

STAGE_OF_ORDER = {PENDING_SIGN: Stage.SIGN, HANDLING: Stage.HANDLING, UNDER_REVIEW: Stage.REVIEW}
ON_HOLD_STATES = (SUSPENDED, STAGE_CLOSED)
HOLDS = ("suspend", "stage_close", "wake")
AFTERWARDS = ("archive", "appeal", "rule_appeal")  # nobody has the case any more


def note_orders(orders: Iterable[WorkOrder], now: datetime, how: str = StageEnd.PASSED) -> None:
    """End the facts of work orders whose stage or unit is another now, and begin those that follow.

    `orders` have their case loaded as it is after the step; give the one that ends before the one that begins.
    """
    orders = list(orders)
    running = {row.work_order_id: row for row in StageFact.objects.filter(work_order__in=orders, ended_at=None)}
    ended, begun = [], []
    for order in orders:
        wanted, found = _wanted(order, now), running.get(order.pk)
        if wanted and found and (found.stage, found.unit_id) == (wanted.stage, wanted.unit_id):
            continue
        if wanted and found:
            wanted.started_at = max(now, found.started_at)
        ended += [found] if found else []
        begun += [wanted] if wanted else []
    _end(ended, now, how)
    StageFact.objects.bulk_create(begun)


def begin_orders(orders: Sequence[WorkOrder], now: datetime) -> None:
    """Begin the facts of work orders just made for cases that awaited dispatch; the waiting ends."""
    cases = [order.case for order in orders]
    # Only a case that was dispatched before has a fact of its waiting: the first one is written when it is over.
    end_waiting([case for case in cases if _has_waited_before(case)], now)
    waited = [
        StageFact(
            case=case, round=case.round, unit_id=case.holder_id, stage=Stage.DISPATCH,
            started_at=case.registered_at, ended_at=max(now, case.registered_at), how=StageEnd.PASSED,
        )
        for case in cases
        if not _has_waited_before(case) and case.holder_id
    ]  # fmt: skip
    # A worker may have looked at its clock before the case came in: no stage begins sooner than that.
    begun = [fact for order in orders if (fact := _wanted(order, max(now, order.case.registered_at)))]
    copy_objects([*waited, *begun])


def _has_waited_before(case: Case) -> bool:
    """Whether a case was dispatched before, or was answered on the spot and is done again."""
    return case.due_at is not None or case.round > 1


def begin_waiting(cases: Sequence[Case], now: datetime) -> None:
    """Begin the waiting of cases that were taken back or opened again: their holder answers for them."""
    StageFact.objects.bulk_create(
        [
            StageFact(case=case, round=case.round, unit_id=_holder_of(case), stage=Stage.DISPATCH, started_at=now)
            for case in cases
        ]
    )


def _holder_of(case: Case) -> int:
    if case.holder_id is None:
        raise ValueError(f"{case}: no unit answers for it")
    return case.holder_id


def end_waiting(cases: Sequence[Case], now: datetime, how: str = StageEnd.PASSED) -> None:
    """End the facts of cases that no work order stands for."""
    if cases:
        running = StageFact.objects.filter(case__in=cases, work_order=None, ended_at=None)
        running.update(ended_at=_not_before_start(now), how=how)


def note_move(case: Case, move: str, now: datetime) -> None:
    """Write what a move of the case itself means: it ended, was opened again, rests, or goes on."""
    if move in AFTERWARDS:
        return
    if case.state not in OPEN_STATES:
        end_case(case, now)
    elif move == "redo":
        begin_waiting([case], now)
    elif move in HOLDS:
        orders = WorkOrder.objects.open().filter(case=case, role=WorkRole.LEAD)
        note_orders([_with_case(order, case) for order in orders], now)


def _with_case(order: WorkOrder, case: Case) -> WorkOrder:
    order.case = case
    return order


def end_case(case: Case, now: datetime) -> None:
    """End whatever runs of a case that is over; one that was never dispatched gets the one fact of its waiting."""
    running = StageFact.objects.filter(case=case, ended_at=None)
    if (
        not running.update(ended_at=_not_before_start(now), how=StageEnd.ENDED)
        and case.due_at is None
        and case.holder_id
    ):
        StageFact.objects.create(
            case=case, round=case.round, unit_id=case.holder_id, stage=Stage.DISPATCH,
            started_at=case.registered_at, ended_at=max(now, case.registered_at), how=StageEnd.ENDED,
        )  # fmt: skip


def _wanted(order: WorkOrder, now: datetime) -> StageFact | None:
    """Return the fact that the state of a work order asks for, unsaved."""
    stage = STAGE_OF_ORDER.get(order.state)
    if stage is None:
        return None
    if order.role == WorkRole.LEAD and order.case.state in ON_HOLD_STATES:
        stage = Stage.ON_HOLD
    unit_id = order.review_unit_id if stage == Stage.REVIEW and order.review_unit_id else order.unit_id
    return StageFact(
        case_id=order.case_id, work_order=order, round=order.round, unit_id=unit_id, role=order.role, stage=stage,
        started_at=now,
    )  # fmt: skip


def _end(facts: Sequence[StageFact], now: datetime, how: str) -> None:
    if facts:
        StageFact.objects.filter(pk__in=[fact.pk for fact in facts]).update(ended_at=_not_before_start(now), how=how)


def _not_before_start(now: datetime) -> Greatest:
    """Return `now`, or the start of the row: machines whose clocks differ a little leave no fact of negative length."""
    return Greatest(Value(now), F("started_at"), output_field=DateTimeField())
