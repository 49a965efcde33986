"""Keeping the weekly figures of dispatch, so that the page reads rows and never counts cases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from dispatch.gate.weekly import WEEK, monday_of, week_figures
from dispatch.models import DispatchWeek
from grid.choices import Level
from grid.models import Area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.jobs import run_job
from shenzhen_gov.core.parameters import get_parameter

LOCK = 0x5EED_0B47E  # of the job: one process makes the weeks


def refresh_weeks(*, by: Actor, now: datetime) -> int:
    """Make the figures of the weeks still in motion, once a day; returns how many weeks. Safe at any moment.

    Returns come in for weeks afterwards, so the last ones are made again (parameter report.weeks_again); older ones
    stay as they were published.
    """
    today = timezone.localdate(now)
    newest = DispatchWeek.objects.order_by("-made_at").values_list("made_at", flat=True).first()
    if newest is not None and timezone.localdate(newest) >= today:
        return 0
    weeks = int(get_parameter("report.weeks_again", today))
    with run_job("dispatch_weeks", by=by, now=now, quiet=True) as job:
        made = make_weeks(monday_of(today) - WEEK * (weeks - 1), today, now=now)
        job.result = {"weeks": made}
    return made


@transaction.atomic
def make_weeks(first: date, last: date, *, now: datetime) -> int:
    """Make the figures of all weeks from that of `first` to that of `last`; returns how many weeks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    city = Area.objects.filter(level=Level.CITY).first()
    districts = set(Area.objects.filter(level=Level.DISTRICT).values_list("pk", flat=True))
    monday, made = monday_of(first), 0
    while city is not None and monday <= last:
        found = {city.pk if area is None else area: figures for area, figures in week_figures(monday).items()}
        rows = [
            DispatchWeek(area_id=area, monday=monday, figures=found.get(area, {}), made_at=now)
            for area in sorted({city.pk, *(districts & found.keys())})
        ]
        DispatchWeek.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["area", "monday"], update_fields=["figures", "made_at"]
        )
        monday, made = monday + timedelta(days=7), made + 1
    return made
