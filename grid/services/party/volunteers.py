"""双报到: who reported, when they came, and tasks that so many may take on and no more."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.choices import Audience, KindOf, ReporterKind
from grid.models import CommunityTask, Reporter, ServiceDay, TaskClaim
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, Refused
from shenzhen_gov.core.texts import checked_text

from .keeping import keep, locked, validate
from .kinds import refuse_kind_of_others

MOST_HOURS = 24  # of a day
AUDIENCES = {
    Audience.EVERYBODY: tuple(ReporterKind),
    Audience.PARTY: (ReporterKind.ORGANISATION, ReporterKind.MEMBER),
    Audience.VOLUNTEERS: (ReporterKind.VOLUNTEER,),
}


@dataclass(frozen=True, kw_only=True)
class ReporterData:
    """Who reports. An organisation has no name of a person; a member has both; a volunteer needs a name."""

    area_id: int
    kind: str
    reported_on: date
    organisation: str = ""
    name: str = ""
    staff_id: int | None = None
    is_active: bool = True
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskData:
    """A task that a community posts."""

    area_id: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    wanted: int
    details: str = ""
    audience: str = Audience.EVERYBODY
    kind_id: int | None = None
    source: str = ""


@transaction.atomic
def keep_reporter(pk: int | None, data: ReporterData, *, by: Actor, now: datetime) -> Reporter:
    """Add or change who reported. Raises BadInput(field): a name or organisation missing, a day to come."""
    if data.kind != ReporterKind.VOLUNTEER and not data.organisation.strip():
        raise BadInput(_("Name the organisation."), field="organisation")
    if data.kind != ReporterKind.ORGANISATION and not data.name.strip():
        raise BadInput(_("Write down the name."), field="name")
    if data.reported_on > timezone.localdate(now):
        raise BadInput(_("This day is still to come."), field="reported_on")
    values = asdict(data) | ({"name": ""} if data.kind == ReporterKind.ORGANISATION else {})
    return keep(Reporter, pk, values, by=by, now=now)


@transaction.atomic
def record_day(
    reporter_id: int, day: date, hours: Decimal, people: int = 1, note: str = "", *, by: Actor, now: datetime
) -> ServiceDay:
    """Record that somebody was there on a day; the same day again sets it right. Raises BadInput(field)."""
    reporter = locked(Reporter, reporter_id, by)
    if day > timezone.localdate(now):
        raise BadInput(_("This day is still to come."), field="day")
    if day < reporter.reported_on:
        raise BadInput(_("They reported on a later day."), field="day")
    if not 0 < hours <= MOST_HOURS:
        raise BadInput(_("A day of service has more than 0 and at most 24 hours."), field="hours")
    row = reporter.service_days.filter(day=day).first() or ServiceDay(reporter=reporter, day=day)
    before = str(row.hours) if row.pk else None
    row.hours, row.people, row.note = hours, people, checked_text(note, 200, field="note")
    validate(row)
    row.save()
    changes = {"day": str(day), "hours": [before, str(hours)], "people": people}
    audit.record("service_day.recorded", row, by=by, now=now, changes=changes)
    return row


@transaction.atomic
def keep_task(pk: int | None, data: TaskData, *, by: Actor, now: datetime) -> CommunityTask:
    """Post a task or change it; never to fewer people than have claimed it. Raises BadInput(field)."""
    if data.ends_at <= data.starts_at:
        raise BadInput(_("It ends before it begins."), field="ends_at")
    if pk is None and data.ends_at <= now:
        raise BadInput(_("This is over already."), field="ends_at")
    return keep(CommunityTask, pk, asdict(data), check=_fits, by=by, now=now)


@transaction.atomic
def claim_task(task_id: int, reporter_id: int, people: int = 1, *, by: Actor, now: datetime) -> TaskClaim:
    """Take a task on for somebody who reported. The task is locked: of two who want the last place one gets it.

    Raises Refused for a task that is full, over or called off, or claimed by them; BadInput(reporter) for others.
    """
    task = locked(CommunityTask, task_id, by)
    reporter = Reporter.objects.filter(pk=reporter_id, is_active=True).select_related("area").first()
    if reporter is None or not may_take(reporter, task):
        _refuse_closed(task, now)
        raise BadInput(_("This task is not for them."), field="reporter")
    return _claim(task, reporter, people, by, now)


def _claim(task: CommunityTask, reporter: Reporter, people: int, by: Actor, now: datetime) -> TaskClaim:
    """Take a locked task on."""
    _refuse_closed(task, now)
    if people < 1 or (people > 1 and reporter.kind != ReporterKind.ORGANISATION):
        raise BadInput(_("Only an organisation sends several people."), field="people")
    if task.claimed + people > task.wanted:
        left = task.wanted - task.claimed
        raise Refused(_("Only %(left)s places are left.") % {"left": left} if left else _("The task is full."))
    if task.claims.filter(reporter=reporter, withdrawn_at=None).exists():
        raise Refused(_("They have claimed this task already."))
    claim = TaskClaim.objects.create(task=task, reporter=reporter, people=people, claimed_at=now)
    _count(task, people)
    audit.record("task.claimed", claim, by=by, now=now, changes={"task": task.pk, "people": people})
    return claim


@transaction.atomic
def claim_own_task(task_id: int, people: int = 1, *, by: Actor, now: datetime) -> TaskClaim:
    """Take a task on for oneself: by the account of somebody who reported, near where they did.

    Raises OutOfSight for a task of another territory or for others, else what `claim_task` raises.
    """
    reporter = _own_reporter(by)
    task = CommunityTask.objects.select_for_update(of=("self",)).select_related("area").filter(pk=task_id).first()
    if task is None or reporter is None or not may_take(reporter, task):
        raise OutOfSight(_("Not found."))
    return _claim(task, reporter, people, by, now)


@transaction.atomic
def withdraw_own_claim(claim_id: int, *, by: Actor, now: datetime) -> TaskClaim:
    """Give the own place back before the task begins; afterwards the community says who came."""
    reporter = _own_reporter(by)
    claim = TaskClaim.objects.filter(pk=claim_id, reporter=reporter).first() if reporter else None
    if claim is None:
        raise OutOfSight(_("Not found."))
    task = CommunityTask.objects.select_for_update(of=("self",)).get(pk=claim.task_id)
    if task.starts_at <= now:
        raise IllegalMove(_("The task has begun; tell the community."))
    return _withdraw(task, claim_id, by, now)


def _own_reporter(by: Actor) -> Reporter | None:
    if by.user is None:
        return None
    return Reporter.objects.filter(staff=by.user, is_active=True).select_related("area").first()


@transaction.atomic
def withdraw_claim(claim_id: int, *, by: Actor, now: datetime) -> TaskClaim:
    """Give the place back."""
    task, _claim_of_it = _lock_claim(claim_id, by)
    return _withdraw(task, claim_id, by, now)


def _withdraw(task: CommunityTask, claim_id: int, by: Actor, now: datetime) -> TaskClaim:
    """Give back a place of a locked task."""
    claim = TaskClaim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    if claim.withdrawn_at is not None or claim.was_present is not None:
        raise IllegalMove(_("This claim is closed."))
    claim.withdrawn_at = now
    claim.save(update_fields=["withdrawn_at"])
    _count(task, -claim.people)
    audit.record("task.withdrawn", claim, by=by, now=now, changes={"task": task.pk})
    return claim


@transaction.atomic
def mark_presence(claim_id: int, was_present: bool, *, by: Actor, now: datetime) -> TaskClaim:
    """Record whether they came; from the beginning of the task on."""
    task, claim = _lock_claim(claim_id, by)
    if claim.withdrawn_at is not None or task.cancelled_at is not None:
        raise IllegalMove(_("This claim is closed."))
    if now < task.starts_at:
        raise IllegalMove(_("The task has not begun."))
    before, claim.was_present = claim.was_present, was_present
    claim.save(update_fields=["was_present"])
    audit.record("task.attendance", claim, by=by, now=now, changes={"was_present": [before, was_present]})
    return claim


@transaction.atomic
def cancel_task(task_id: int, *, by: Actor, now: datetime) -> CommunityTask:
    """Call a task off; its claims stay as they are, for the record."""
    task = locked(CommunityTask, task_id, by)
    _refuse_closed(task, now)
    task.cancelled_at = now
    task.save(update_fields=["cancelled_at"])
    audit.record("task.cancelled", task, by=by, now=now, changes={"claimed": task.claimed})
    return task


def may_take(reporter: Reporter, task: CommunityTask) -> bool:
    """Whether they belong to the audience, and reported in the task's area, around it or below it."""
    near = reporter.area.path.startswith(task.area.path) or task.area.path.startswith(reporter.area.path)
    return near and reporter.kind in AUDIENCES[Audience(task.audience)]


def _refuse_closed(task: CommunityTask, now: datetime) -> None:
    if task.cancelled_at is not None:
        raise IllegalMove(_("The task was called off."))
    if task.ends_at <= now:
        raise IllegalMove(_("The task is over."))


def _fits(task: CommunityTask) -> None:
    refuse_kind_of_others(task.kind, KindOf.TASK)
    if task.wanted < task.claimed:
        text = _("%(count)s people have claimed it already.")
        raise BadInput(text % {"count": task.claimed}, field="wanted")


def _lock_claim(claim_id: int, by: Actor) -> tuple[CommunityTask, TaskClaim]:
    """Lock the task first, then its claim: in the order in which claims are made."""
    task_id = TaskClaim.objects.filter(pk=claim_id).values_list("task", flat=True).first()
    if task_id is None:
        raise OutOfSight(_("Not found."))
    task = locked(CommunityTask, task_id, by)
    return task, TaskClaim.objects.select_for_update(of=("self",)).get(pk=claim_id)


def _count(task: CommunityTask, change: int) -> None:
    task.claimed += change
    task.save(update_fields=["claimed"])
