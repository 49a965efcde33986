"""A rolled-back batch and its open cases: back where they were, where nobody has worked on them since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from dispatch.choices import DecisionMode, FollowReason
from dispatch.deciding import Draft
from dispatch.reasons import reason
from dispatch.workflow import PENDING_SIGN
from dutylist.models import ItemVersion, Responsibility
from grid.models import Unit
from intake import services as intake
from intake.workflow import AWAITING_DISPATCH
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .assigning import assign
from .following import Subject, running_clocks, save_clocks, take_back, take_over, why_left


def undo_cases(subjects: Sequence[Subject], *, by: Actor, now: datetime) -> None:
    """Undo what the reversed batch did with each case; what cannot be undone stays, with the reason."""
    former = ItemVersion.objects.select_related("item").in_bulk(
        {subject.row.before["was"]["item_version"] for subject in subjects} - {None}
    )
    groups: dict[Callable, list[Subject]] = defaultdict(list)
    for subject in subjects:
        if obstacle := why_left(subject):
            subject.skip(obstacle)
        else:
            groups[STEPS[subject.row.before["reason"]]].append(subject)
    for step, group in groups.items():
        try:
            with transaction.atomic():
                step(group, former, by, now)
        except Refused:
            for subject in group:
                subject.skip(FollowReason.NO_CALENDAR)


def _send_back(subjects: list[Subject], former: dict[int, ItemVersion], by: Actor, now: datetime) -> None:
    """Dispatch cases to the unit they were taken from, under the version they had there."""
    units = Unit.objects.in_bulk({subject.row.before["was"]["unit"] for subject in subjects})
    movable = [subject for subject in subjects if _is_movable(subject, units)]
    take_back([subject for subject in movable if subject.orders], by, now)
    _restore_versions(movable, former, by, now)
    rows = Responsibility.objects.in_bulk({s.row.before["was"].get("responsibility") for s in movable} - {None})
    drafts = [_draft(subject, units, rows) for subject in movable]
    assign(drafts, DecisionMode.AUTOMATIC, by=by, now=now, note=movable[0].note if movable else "")
    for subject in movable:
        subject.end(FollowReason.PUT_BACK)


def _is_movable(subject: Subject, units: dict[int, Unit]) -> bool:
    """Whether nobody has worked on the case since: still on the desk, or its new work order still to be signed."""
    row, lead = subject.row, subject.lead
    if units[row.before["was"]["unit"]].closed_on is not None:
        subject.skip(FollowReason.UNIT_CLOSED)
        return False
    order_id = row.before["became"].get("work_order")
    untouched = lead.pk == order_id and lead.state == PENDING_SIGN if lead else order_id is None
    untouched = untouched and subject.case.item_version_id == row.before["became"]["item_version"]
    if not untouched:
        subject.skip(FollowReason.WORKED_ON)
    return untouched


def _draft(subject: Subject, units: dict[int, Unit], rows: dict[int, Responsibility]) -> Draft:
    was, case = subject.row.before["was"], subject.case
    draft = Draft(case, case.item_version, case.item_version, rows.get(was.get("responsibility")), units[was["unit"]])
    draft.reasons.append(reason("put_back", batch=subject.row.line.batch.number, unit=draft.unit))
    return draft


def _restore_version(subjects: list[Subject], former: dict[int, ItemVersion], by: Actor, now: datetime) -> None:
    """Put cases that stayed with their unit, or in the queue, under the former version; the machine looks again."""
    _restore_versions(subjects, former, by, now)
    waiting = [s.case for s in subjects if s.case.state == AWAITING_DISPATCH and s.case.awaits_person]
    intake.set_awaits_person(waiting, False, action="case.reconsidered", by=by, now=now)


def _restore_clocks(subjects: list[Subject], former: dict[int, ItemVersion], by: Actor, now: datetime) -> None:
    """Give the handling clocks that still run the deadline they had."""
    clocks = running_clocks(subjects)
    for subject in subjects:
        old = {facts["clock"]: facts for facts in subject.row.before["was"]["clocks"]}
        for clock in clocks[subject.case.pk]:
            if facts := old.get(clock.pk):
                clock.due_at = datetime.fromisoformat(facts["due_at"])
                clock.yellow_at = datetime.fromisoformat(facts["yellow_at"])
                clock.rule = facts["rule"]
    save_clocks(subjects, clocks)
    _restore_versions(subjects, former, by, now)


def _restore_versions(subjects: Sequence[Subject], former: dict[int, ItemVersion], by: Actor, now: datetime) -> None:
    """Put cases under the version they had, unless something else was chosen since."""
    same = [s for s in subjects if s.case.item_version_id == s.row.before["became"].get("item_version")]
    versions = {subject.case.pk: former[subject.row.before["was"]["item_version"]] for subject in same}
    take_over(same, "case.version_changed", by, now, versions=versions)
    for subject in subjects:
        if subject in same:
            subject.end(FollowReason.PUT_BACK)
        else:
            subject.skip(FollowReason.WORKED_ON)


STEPS: dict[str, Callable] = {
    FollowReason.NEW_UNIT: _send_back,
    FollowReason.TO_DESK: _send_back,
    FollowReason.SAME_UNIT: _restore_version,
    FollowReason.RECLASSIFIED: _restore_version,
    FollowReason.RETIMED: _restore_clocks,
}
CHANGED = tuple(STEPS)
