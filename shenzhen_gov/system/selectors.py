"""What the system page shows. Every figure is capped or a newest-first page, so that it costs the same in ten years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.selectors.rules import open_rule_alarms
from intake.models import Case
from shenzhen_gov.core.lists import Count, capped_count
from shenzhen_gov.core.models import AuditEntry, AuditSeal, CalendarYear, JobRun
from shenzhen_gov.core.worktime import calendar_alarms

NEWEST = 10
LATE_SECONDS = 60  # a message this old means that no worker takes any


@dataclass(frozen=True)
class Queue:
    """One message queue: how many wait, and how long the oldest has."""

    name: str
    waiting: int
    oldest_seconds: int

    @property
    def is_late(self) -> bool:
        """Whether nobody seems to be taking messages."""
        return self.waiting > 0 and self.oldest_seconds > LATE_SECONDS


@dataclass(frozen=True)
class Waiting:
    """Work found by state: what the queue only wakes somebody up for."""

    label: str | Promise
    count: Count
    since: datetime | None


def job_runs() -> list[JobRun]:
    """Return the newest runs of background jobs."""
    return list(JobRun.objects.all()[:NEWEST])


def failed_runs() -> Count:
    """Count the runs that failed, among all that are kept."""
    return capped_count(JobRun.objects.filter(state=JobRun.State.FAILED))


def queues() -> list[Queue] | None:
    """Return the queues on this database; None when the broker is another server, which is watched there."""
    if not settings.CELERY_BROKER_URL.startswith("pgmq"):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('pgmq') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(
            "SELECT queue_name, queue_length, coalesce(oldest_msg_age_sec, 0) FROM pgmq.metrics_all() ORDER BY 1"
        )
        return [Queue(*row) for row in cursor.fetchall()]


def waiting_cases(user) -> list[Waiting]:
    """Return what waits to be dispatched, by the system and by a person, as far as `user` sees."""
    cases = Case.objects.visible_to(user)
    return [
        _waiting(_("Cases the dispatcher has not looked at yet"), cases.awaiting_dispatch()),
        _waiting(_("Cases waiting for a person at the dispatch desk"), cases.awaiting_person()),
        Waiting(_("Dispatch rules that fail"), *open_rule_alarms()),
    ]


def newest_entries() -> list[AuditEntry]:
    """Return the newest entries of the audit log."""
    return list(AuditEntry.objects.all()[:NEWEST])


def newest_seal() -> AuditSeal | None:
    """Return the newest seal of the audit log."""
    return AuditSeal.objects.first()


def unsealed(seal: AuditSeal | None) -> Count:
    """Count the entries that no seal covers yet."""
    return capped_count(AuditEntry.objects.filter(transaction__gte=seal.to_transaction if seal else 0))


def calendar_years() -> list[CalendarYear]:
    """Return the loaded years of the holiday table, newest first."""
    return list(CalendarYear.objects.order_by("-year")[:4])


def alarms(today: date) -> Sequence[Promise]:
    """Return what an administrator must mend."""
    return calendar_alarms(today)


def _waiting(label, cases) -> Waiting:
    return Waiting(label, capped_count(cases), cases.values_list("accepted_at", flat=True).first())
