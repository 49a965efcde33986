"""What a line's policy does with locked open cases. No clock is reset: the case keeps its deadlines, whoever has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dispatch.choices import ClockKind, ClockOutcome, DecisionMode, FollowReason, FollowState, WorkRole
from dispatch.clocks import ClockBook, point_to_next, retime
from dispatch.deciding import decide_many
from dispatch.models import Clock, FollowUp, WorkOrder
from dispatch.reasons import reason
from dispatch.workflow import UNDER_REVIEW
from dutylist.choices import ENDING, OpenCasePolicy
from dutylist.models import Item
from dutylist.selectors import Duty, duties_for
from grid.models import Area, Unit
from intake import services as intake
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, IN_HANDLING, OPEN_STATES, STAGE_CLOSED, SUSPENDED
from intake.workflow import UNDER_REVIEW as CASE_UNDER_REVIEW
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import update_objects
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.worktime import add_limit, get_calendar

from .assigning import assign, send_to_desk
from .recalling import recall


@dataclass
class Subject:
    """One case whose turn it is: its row, its open work orders, and what the list now says about it."""

    row: FollowUp
    orders: list[WorkOrder] = field(default_factory=list)
    successors: list[str] = field(default_factory=list)
    duty: Duty | None = None

    @property
    def case(self) -> Case:
        """Return the locked case."""
        return self.row.case

    @property
    def has_ended(self) -> bool:
        """Whether the case's own item is no longer in force."""
        return self.row.line.kind in ENDING and self.row.line.item_id == self.case.item_id

    @property
    def lead(self) -> WorkOrder | None:
        """Return the work order by which the case was dispatched."""
        return next((one for one in self.orders if one.role == WorkRole.LEAD and one.parent_id is None), None)

    @property
    def note(self) -> str:
        """Return what the timeline says besides: the batch."""
        return f"{self.row.line.batch.number} {self.row.line.batch.title}"

    @property
    def said(self) -> Duty:
        """Return what the list says; only for cases about which it says something."""
        if self.duty is None:
            raise ValueError(f"the list says nothing about {self.case}")
        return self.duty

    @property
    def unit(self) -> Unit | None:
        """Return the unit the list now names."""
        return self.duty.row.lead_unit if self.duty and self.duty.row else None

    def end(self, reason_code: str, state: str = FollowState.DONE, **after) -> None:
        """Note what came of it (unsaved)."""
        self.row.state, self.row.reason = state, reason_code
        if after:
            self.row.after = after

    def skip(self, reason_code: str) -> None:
        """Note that the case stays as it is, and why."""
        self.end(reason_code, FollowState.SKIPPED)


def load_subjects(rows: Sequence[FollowUp], now: datetime) -> list[Subject]:
    """Return the rows with everything the steps ask about their cases; as many queries for one as for a hundred."""
    orders: dict[int, list[WorkOrder]] = defaultdict(list)
    found = WorkOrder.objects.open().filter(case__in=[row.case_id for row in rows], role=WorkRole.LEAD)
    found = found.select_related("unit", "decision__responsibility").order_by("case", "seq")
    cases = {row.case_id: row.case for row in rows}
    for order in found.select_for_update(of=("self",)):
        order.case = cases[order.case_id]
        orders[order.case_id].append(order)
    subjects = [Subject(row, orders[row.case_id], _successors(row)) for row in rows]
    _find_duties(subjects, now)
    for subject in subjects:
        subject.row.before = subject.row.before or standing(subject)
    return subjects


def standing(subject: Subject) -> dict:
    """Return where a case stands, as it is kept for a rollback."""
    case, lead = subject.case, subject.lead
    return {
        "unit": lead.unit_id if lead else None,
        "unit_name": str(lead.unit) if lead else "",
        "work_order": lead.pk if lead else None,
        "item_version": case.item_version_id,
        "responsibility": lead.decision.responsibility_id if lead and lead.decision else None,
    }


def follow_cases(subjects: Sequence[Subject], policy: str = "", *, by: Actor, now: datetime) -> None:
    """Do with each case what its policy (or the one given) says, unless its state forbids."""
    groups: dict[Callable, list[Subject]] = defaultdict(list)
    for subject in subjects:
        if obstacle := why_left(subject):
            subject.skip(obstacle)
        elif subject.case.state == AWAITING_DISPATCH:
            groups[_reclassify].append(subject)
        else:
            groups[STEPS[policy or subject.row.policy]].append(subject)
    for step, group in groups.items():
        try:
            with transaction.atomic():
                step(group, by, now)
        except Refused:  # a year without a calendar: nothing is moved whose deadline cannot be computed
            for subject in group:
                subject.skip(FollowReason.NO_CALENDAR)


def why_left(subject: Subject) -> str:
    """Return why a case is left alone: ended, on hold, or already reported."""
    state = subject.case.state
    if state not in OPEN_STATES:
        return FollowReason.ENDED
    if state in (STAGE_CLOSED, SUSPENDED):
        return FollowReason.ON_HOLD
    if state == CASE_UNDER_REVIEW or any(order.state == UNDER_REVIEW for order in subject.orders):
        return FollowReason.REPORTED
    if state == IN_HANDLING and subject.lead is None:
        return FollowReason.ON_HOLD
    return ""


def _keep(subjects: list[Subject], by: Actor, now: datetime) -> None:
    """按旧版办完: nothing changes; a decision by hand is told."""
    for subject in subjects:
        subject.end(FollowReason.KEPT)
    _tell([subject for subject in subjects if subject.row.due_at], "case.list_kept", by, now)


def _ask(subjects: list[Subject], by: Actor, now: datetime) -> None:
    """逐件人工定: a dispatcher decides within the days the parameter allows."""
    days = int(get_parameter("list_change.ask_days", timezone.localdate(now)))
    due = add_limit(now, days, "workday", get_calendar())
    for subject in subjects:
        subject.end(FollowReason.ASKED, FollowState.ASKED)
        subject.row.due_at = due
    _tell(subjects, "case.list_asked", by, now)


def _reclassify(subjects: list[Subject], by: Actor, now: datetime) -> None:
    """Put cases that await dispatch under the single successor of their item, and let the machine look again."""
    moved = [subject for subject in subjects if subject.successors and subject.duty]
    for subject in subjects:
        if subject in moved:
            subject.end(FollowReason.RECLASSIFIED, item_version=subject.said.version.pk)
        elif subject.has_ended:
            subject.skip(FollowReason.NO_SUCCESSOR)
        else:
            subject.end(FollowReason.IN_QUEUE)
    take_over(moved, "case.version_changed", by, now)
    waiting = [subject.case for subject in moved if subject.case.awaits_person]
    intake.set_awaits_person(waiting, False, action="case.reconsidered", by=by, now=now)


def _redispatch(subjects: list[Subject], by: Actor, now: datetime) -> None:
    """移交新单位: to the unit of the new list with the time that is left; to the desk where it names none."""
    staying = [subject for subject in subjects if _stays(subject)]
    for subject in staying:
        subject.end(FollowReason.SAME_UNIT, item_version=subject.said.version.pk)
    take_over(staying, "case.version_changed", by, now)
    moving = [subject for subject in subjects if subject not in staying]
    take_back(moving, by, now)
    take_over([subject for subject in moving if subject.duty], "case.version_changed", by, now)
    drafts = decide_many([subject.case for subject in moving], now)
    for subject, draft in zip(moving, drafts, strict=True):
        if draft.version is None and subject.successors:
            draft.reasons.append(reason("item_superseded", items=", ".join(subject.successors)))
    orders = assign([draft for draft in drafts if draft.unit], DecisionMode.AUTOMATIC, by=by, now=now)
    send_to_desk([draft for draft in drafts if draft.unit is None], by=by, now=now)
    new = {order.case_id: order for order in orders}
    for subject in moving:
        order = new.get(subject.case.pk)
        subject.end(FollowReason.NEW_UNIT if order else FollowReason.TO_DESK, **_became(subject.case, order))


def _retime(subjects: list[Subject], by: Actor, now: datetime) -> None:
    """Let the new limit hold, counted from when the handling clock was started; the overall deadline stays."""
    _ask([subject for subject in subjects if subject.duty is None], by, now)
    clear = [subject for subject in subjects if subject.duty]
    book, clocks = ClockBook(now), running_clocks(clear)
    for subject in clear:
        _apply_limit(subject, [one for one in clocks[subject.case.pk] if one.kind == ClockKind.HANDLING], book)
    changed = [subject for subject in clear if subject.row.reason == FollowReason.RETIMED]
    save_clocks(changed, clocks)
    take_over(changed, "case.retimed", by, now)


def _apply_limit(subject: Subject, handling: list[Clock], book: ClockBook) -> None:
    if not handling:
        subject.skip(FollowReason.NO_CLOCK)
        return
    subject.row.before |= {"clocks": [_clock_facts(clock) for clock in handling]}
    limit = book.limit(ClockKind.HANDLING, subject.case, subject.said.terms)
    for clock in handling:
        retime(clock, limit, book)
    facts = [_clock_facts(clock) for clock in handling]
    subject.end(FollowReason.RETIMED, clocks=facts, item_version=subject.said.version.pk)


def running_clocks(subjects: Sequence[Subject]) -> dict[int, list[Clock]]:
    """Return case id → the clocks of its work orders that run."""
    found: dict[int, list[Clock]] = defaultdict(list)
    running = Clock.objects.filter(case__in=[subject.case for subject in subjects], outcome=ClockOutcome.RUNNING)
    for clock in running.filter(work_order__role=WorkRole.LEAD):
        found[clock.case_id].append(clock)
    return found


STEPS: dict[str, Callable] = {
    OpenCasePolicy.KEEP: _keep,
    OpenCasePolicy.REDISPATCH: _redispatch,
    OpenCasePolicy.RETIME: _retime,
    OpenCasePolicy.ASK: _ask,
}


def take_back(subjects: Sequence[Subject], by: Actor, now: datetime) -> None:
    """Recall every open work order of cases that are at a unit."""
    if subjects:
        recall(
            [subject.case for subject in subjects],
            [order for subject in subjects for order in subject.orders],
            by=by,
            now=now,
            notes={subject.case.pk: subject.note for subject in subjects},
        )


def _tell(subjects: Sequence[Subject], action: str, by: Actor, now: datetime) -> None:
    """Write the audit entry of a step that changes nothing on the case."""
    facts = [(subject, {"batch": subject.row.line.batch.number}) for subject in subjects]
    audit.record_many(
        [audit.Record(action, subject.case, given, subject.note) for subject, given in facts], by=by, now=now
    )


def take_over(subjects: Sequence[Subject], action: str, by: Actor, now: datetime, versions: dict | None = None) -> None:
    """Put cases under the version now in force (or those given), telling what was done."""
    if not subjects:
        return
    versions = versions or {subject.case.pk: subject.said.version for subject in subjects}
    changes = {
        subject.case.pk: {
            "version": [str(subject.case.item_version), str(versions[subject.case.pk])],
            "batch": subject.row.line.batch.number,
        }
        for subject in subjects
    }
    intake.follow_version(
        [subject.case for subject in subjects], versions, action=action, by=by, now=now, changes=changes,
        notes={subject.case.pk: subject.note for subject in subjects},
    )  # fmt: skip


def save_clocks(subjects: Sequence[Subject], clocks: dict[int, list[Clock]]) -> None:
    """Write changed clocks and point their work orders to what comes next."""
    changed = [clock for subject in subjects for clock in clocks[subject.case.pk]]
    update_objects(changed, ["due_at", "yellow_at", "rule"])
    orders = [order for subject in subjects for order in subject.orders]
    for order in orders:
        point_to_next(order, [clock for clock in clocks[order.case_id] if clock.work_order_id == order.pk])
        order.row_version += 1
    update_objects(orders, ["next_clock", "next_due_at", "next_yellow_at", "row_version"])


def _stays(subject: Subject) -> bool:
    """Whether the new list names the same unit, or a dispatcher's choice stands on what the list says as before."""
    if subject.unit is None or subject.lead is None:
        return False
    rested = subject.lead.decision.responsibility if subject.lead.decision else None
    return subject.unit.pk in (subject.lead.unit_id, rested.lead_unit_id if rested else None)


def _became(case: Case, order: WorkOrder | None) -> dict:
    return {
        "unit": order.unit_id if order else None,
        "unit_name": str(order.unit) if order else "",
        "work_order": order.pk if order else None,
        "item_version": case.item_version_id,
    }


def _clock_facts(clock: Clock) -> dict:
    return {"clock": clock.pk, "due_at": clock.due_at, "yellow_at": clock.yellow_at, "rule": clock.rule}


def _successors(row: FollowUp) -> list[str]:
    return list(row.line.after.get("successors") or []) if row.line.kind in ENDING else []


def _find_duties(subjects: Sequence[Subject], now: datetime) -> None:
    """Look up what the list in force says: about the case's own item, or the one that alone succeeds it."""
    codes = {code for subject in subjects if len(subject.successors) == 1 for code in subject.successors}
    items = dict(Item.objects.filter(code__in=codes).values_list("code", "pk"))
    wanted: dict[int, tuple[int, Area | None]] = {}
    for subject in subjects:
        item_id = subject.case.item_id
        if subject.has_ended:
            item_id = items.get(subject.successors[0]) if len(subject.successors) == 1 else None
        if item_id:
            wanted[subject.case.pk] = (item_id, subject.case.area)
    duties = duties_for(wanted.values(), timezone.localdate(now))
    for subject in subjects:
        item_id, area = wanted.get(subject.case.pk, (0, None))
        subject.duty = duties.get((item_id, area.pk if area else None))
