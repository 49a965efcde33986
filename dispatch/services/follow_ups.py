"""Open cases after a change of the duty list: what each line's policy asks of them, in chunks, once and only once.

Published batches are found by their state, their cases become rows, the rows are worked off: killed at any moment, the
next sweep goes on where this one stopped.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import UNDO, FollowReason, FollowState
from dispatch.models import BatchFollowUp, FollowUp
from dispatch.selectors.touched import get_reach, leads_of, lines_of, waiting_of
from dutylist.choices import ENDING, OpenCasePolicy
from dutylist.models import Batch, BatchLine
from dutylist.workflow import PUBLISHED, ROLLED_BACK
from grid import access
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight

from .following import follow_cases, load_subjects
from .undoing import CHANGED, undo_cases

CHUNK = 100
DECIDED = (OpenCasePolicy.KEEP, OpenCasePolicy.REDISPATCH, OpenCasePolicy.RETIME)


@transaction.atomic
def begin_following(*, by: Actor, now: datetime) -> int:
    """Enter the open cases of every batch that is in force and was not followed yet; returns how many batches."""
    in_force = Q(effective_on=None) | Q(effective_on__lte=timezone.localdate(now))
    found = Batch.objects.filter(in_force, state__in=(PUBLISHED, ROLLED_BACK), follow_up=None)
    batches = list(found.select_for_update(skip_locked=True, of=("self",)).order_by("published_at", "id"))
    for batch in batches:
        rows = _rows_to_undo(batch, now) if batch.reverses_id else _rows_to_follow(batch, now)
        FollowUp.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
        BatchFollowUp.objects.create(batch=batch, total=len(rows), started_at=now)
        _count([batch.pk], by, now)
    return len(batches)


@transaction.atomic
def follow_some(*, by: Actor, now: datetime, limit: int = CHUNK) -> int:
    """Work off up to `limit` waiting cases that no other worker holds; returns how many, 0 when none is left."""
    taken = _take(FollowUp.objects.filter(state=FollowState.WAITING).order_by("id"), limit)
    if taken:
        _follow(taken, by, now)
    return len(taken)


@transaction.atomic
def decide_follow_up(follow_up_id: int, choice: str, *, by: Actor, now: datetime) -> FollowUp:
    """A dispatcher's answer about one case: keep, redispatch or retime (OpenCasePolicy)."""
    found = _take(FollowUp.objects.filter(pk=follow_up_id), 1, skip_locked=False)
    if not found:
        raise OutOfSight(_("Not found."))
    follow_up = found[0]
    access.require(by, CASE.moves["dispatch"].acts, follow_up.case)
    if follow_up.state != FollowState.ASKED:
        raise IllegalMove(_("%(number)s has been decided already.") % {"number": follow_up.case.number})
    if choice not in DECIDED:
        raise BadInput(_("Choose what is to happen with the case."), field="choice")
    _follow(found, by, now, policy=choice)
    if follow_up.state == FollowState.ASKED:
        raise BadInput(_("The item has no single successor whose limit could hold."), field="choice")
    return follow_up


def _follow(taken: list[FollowUp], by: Actor, now: datetime, policy: str = "") -> None:
    """Let every row have its turn and write down what came of it."""
    subjects = load_subjects(taken, now)
    undone = [subject for subject in subjects if subject.row.policy == UNDO]
    undo_cases(undone, by=by, now=now)
    follow_cases([subject for subject in subjects if subject.row.policy != UNDO], policy, by=by, now=now)
    for row in taken:
        row.at, row.by = now, by.name[:120]
    FollowUp.objects.bulk_update(taken, ["state", "reason", "before", "after", "due_at", "at", "by"])
    originals = {subject.row.before["follow_up"] for subject in undone if subject.row.reason == FollowReason.PUT_BACK}
    FollowUp.objects.filter(pk__in=originals).update(state=FollowState.UNDONE)
    _count({row.line.batch_id for row in taken}, by, now)


def _take(rows, limit: int, *, skip_locked: bool = True) -> list[FollowUp]:
    """Return locked rows with their locked cases, of each case the oldest only: changes follow one another."""
    found = rows.select_related(
        "case__area__parent", "case__holder", "case__item", "case__item_version__item", "line__batch"
    ).select_for_update(skip_locked=skip_locked, of=("self", "case"))[:limit]
    first: dict[int, FollowUp] = {}
    for row in found:
        first.setdefault(row.case_id, row)
    return list(first.values())


def _rows_to_follow(batch: Batch, now: datetime) -> list[FollowUp]:
    """Return a row for every open case that the lines concern. Where the old version goes on, that is all."""
    if batch.state == ROLLED_BACK:
        return []
    reach = get_reach(lines_of(batch.pk))
    dispatched = leads_of(reach).values_list("case_id", "case__item_id", "area_id", "area__path")
    rows = [
        _row(line, case_id, area_id, now)
        for case_id, item_id, area_id, path in dispatched
        for line in _concerned(reach[item_id], path)
    ]
    waiting = waiting_of(reach).values_list("pk", "item_id", "area_id", "area__path")
    return rows + [
        FollowUp(case_id=case_id, line=line, area_id=area_id, policy=line.policy)
        for case_id, item_id, area_id, path in waiting
        for line in _concerned(reach[item_id], path)
        if line.kind in ENDING and line.item_id == item_id  # the others simply follow the list in force
    ]


def _concerned(reaches, path: str | None) -> list[BatchLine]:
    return [reach.line for reach in reaches if reach.covers(path)]


def _row(line: BatchLine, case_id: int, area_id: int | None, now: datetime) -> FollowUp:
    row = FollowUp(case_id=case_id, line=line, area_id=area_id, policy=line.policy)
    if line.policy == OpenCasePolicy.KEEP:
        row.state, row.reason, row.at = FollowState.DONE, FollowReason.KEPT, now
    return row


def _rows_to_undo(inverse: Batch, now: datetime) -> list[FollowUp]:
    """Return a row for every case that the reversed batch changed; what it had not come to yet is not done any more."""
    rows = FollowUp.objects.filter(line__batch=inverse.reverses_id)
    pending = rows.filter(state__in=(FollowState.WAITING, FollowState.ASKED))
    pending.update(state=FollowState.SKIPPED, reason=FollowReason.ROLLED_BACK, at=now)
    BatchFollowUp.objects.filter(batch=inverse.reverses_id, ended_at=None).update(state=FollowState.DONE, ended_at=now)
    lines = {line.code: line for line in BatchLine.objects.filter(batch=inverse)}
    changed = rows.filter(state=FollowState.DONE, reason__in=CHANGED).select_related("line")
    return [
        FollowUp(
            case_id=row.case_id,
            line=lines[row.line.code],
            area_id=row.area_id,
            policy=UNDO,
            before={"follow_up": row.pk, "was": row.before, "became": row.after, "reason": row.reason},
        )
        for row in changed
        if row.line.code in lines
    ]


def _count(batch_ids, by: Actor, now: datetime) -> None:
    """Write how far the batches are; one without waiting cases is followed up."""
    rows = BatchFollowUp.objects.filter(batch__in=batch_ids, ended_at=None).select_related("batch")
    figures = list(rows.select_for_update(of=("self",)).order_by("batch"))
    waiting = dict(
        FollowUp.objects.filter(line__batch__in=batch_ids, state=FollowState.WAITING)
        .values_list("line__batch")
        .annotate(count=Count("pk"))
    )
    for one in figures:
        one.done = one.total - waiting.get(one.batch_id, 0)
        if one.done == one.total:
            one.state, one.ended_at = FollowState.DONE, now
            audit.record("batch.followed", one.batch, by=by, now=now, changes={"cases": one.total})
    BatchFollowUp.objects.bulk_update(figures, ["done", "state", "ended_at"])
