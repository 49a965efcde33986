"""The tasks of the day: made from plans each morning, ended when their time is over. Both are sweeps.

What a machine missed is made up for: each plan remembers the last day that was looked at. The state is the queue, a
task is unique per plan and day, so that two sweeps at once, or one that ran before, make nothing twice.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from grid import access
from grid.models import RoundPlan, RoundPoint, RoundTask
from grid.selectors.rounds import team_of
from grid.workflow import MISSED, ROUND, TO_WALK
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text
from shenzhen_gov.core.worktime import MissingCalendarYear, get_calendar

from .notices import tell_missed

log = logging.getLogger(__name__)
BATCH = 200
REASON_LENGTH = 300
LONGEST_HOLIDAY = 16  # days that the search for a day of the rhythm goes back


@transaction.atomic
def make_rounds(*, now: datetime, limit: int = BATCH) -> int:
    """Make the tasks of up to `limit` plans that were not looked at today yet; returns how many plans were.

    A plan for working days waits, and is said in the log, while the calendar of the year is missing.
    """
    today = timezone.localdate(now)
    is_valid = Q(valid_until=None) | Q(valid_until__gt=F("made_until"))
    waiting = RoundPlan.objects.filter(is_valid, made_until__lt=today).select_related("area")
    plans = list(waiting.order_by("made_until", "id").select_for_update(skip_locked=True, of=("self",))[:limit])
    points: dict[int, list[int]] = defaultdict(list)
    rows = RoundPoint.objects.filter(plan__in=plans, is_active=True).order_by("order", "id")
    for plan_id, point_id in rows.values_list("plan", "pk"):
        points[plan_id].append(point_id)
    team, made, tasks = cache(team_of), [], []
    for plan in plans:
        try:
            days = list(_due_days(plan, today))
        except MissingCalendarYear as refusal:
            log.error("no rounds of plan %s: %s", plan.pk, refusal)
            continue
        tasks += [task for day in days if (task := _task(plan, day, points[plan.pk], team, now))]
        plan.made_until = today
        made.append(plan)
    RoundTask.objects.bulk_create(tasks, ignore_conflicts=True)
    RoundPlan.objects.bulk_update(made, ["made_until"])
    return len(made)


@transaction.atomic
def end_rounds(*, now: datetime, limit: int = BATCH) -> int:
    """End up to `limit` tasks whose time is over, missed or partly done; returns how many. Safe to run twice."""
    due = RoundTask.objects.to_end(now).select_for_update(skip_locked=True, of=("self",))
    tasks = list(due.select_related("plan", "area", "unit")[:limit])
    for task in tasks:
        move = ROUND.check("miss" if task.state == TO_WALK else "run_out", task)
        task.state, task.ended_at = move.to_state or task.state, task.closes_at
        if task.state == MISSED and task.made_at >= task.closes_at:
            with override(settings.LANGUAGE_CODE):  # what is kept is in the language of the house
                task.reason = _("Made when its time was over: the portal was not running.")
            task.reason_by = Actor.system("rounds").name
    RoundTask.objects.bulk_update(tasks, ["state", "ended_at", "reason", "reason_by"])
    records = [
        audit.Record("round.ended", task, {"state": task.state, "passed": f"{task.passed}/{task.points}"})
        for task in tasks
    ]
    audit.record_many(records, by=Actor.system("rounds"), now=now)
    tell_missed(tasks, now=now)
    return len(tasks)


@transaction.atomic
def explain_round(task_id: int, *, reason: str, by: Actor, now: datetime) -> RoundTask:
    """Say afterwards why a round was missed, or not done wholly. Raises BadInput, IllegalMove, OutOfSight."""
    task = lock_task(task_id)
    access.require(by, ROUND.moves["explain"].acts, task)
    ROUND.check("explain", task)
    reason = checked_text(reason, REASON_LENGTH, field="reason")
    if not reason:
        raise BadInput(_("Say why."), field="reason")
    task.reason, task.reason_by = reason, by.name[:120]
    task.save(update_fields=["reason", "reason_by"])
    audit.record("round.explained", task, by=by, now=now, note=reason)
    return task


def lock_task(task_id: int) -> RoundTask:
    """Return the locked task with its plan, area and team."""
    found = RoundTask.objects.select_related("plan", "area", "unit__home_area").select_for_update(of=("self",))
    task = found.filter(pk=task_id).first()
    if task is None:
        raise OutOfSight(_("Not found."))
    return task


def _task(plan: RoundPlan, day: date, points: list[int], team: Callable, now: datetime) -> RoundTask | None:
    """Return the unsaved task of a plan on a day; None, and said in the log, where nobody answers for the area."""
    unit = team(plan.area, day)
    if unit is None:
        log.error("no round of plan %s on %s: no unit answers for its area", plan.pk, day)
        return None
    zone = timezone.get_default_timezone()
    return RoundTask(
        plan=plan, day=day, area=plan.area, unit=unit, points=len(points), point_ids=points, made_at=now,
        opens_at=datetime.combine(day, plan.opens_at, zone), closes_at=datetime.combine(day, plan.closes_at, zone),
    )  # fmt: skip


def _due_days(plan: RoundPlan, today: date) -> Iterator[date]:
    """Yield the days up to today on which the plan asks for a round and that were not looked at yet."""
    back = int(get_parameter("round.catch_up_days", today))
    day = max(plan.made_until + timedelta(days=1), plan.valid_from, today - timedelta(days=back))
    last = min(today, plan.valid_until) if plan.valid_until else today
    while day <= last:
        if is_due(plan, day):
            yield day
        day += timedelta(days=1)


def is_due(plan: RoundPlan, day: date) -> bool:
    """Whether the plan asks for a round on a day in its time.

    For working days only: what falls on a day off is walked on the next working day, once.
    Raises MissingCalendarYear.
    """
    if not plan.workdays_only:
        return plan.is_raw_due(day)
    calendar = get_calendar()
    if not calendar.is_working_day(day):
        return False
    for _back in range(LONGEST_HOLIDAY):
        if plan.is_raw_due(day):
            return True
        day -= timedelta(days=1)
        if day < plan.valid_from or calendar.is_working_day(day):
            return False
    return False
