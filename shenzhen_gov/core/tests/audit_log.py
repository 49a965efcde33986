"""What the tests of the audit log share."""

from datetime import UTC, datetime

from django.db import transaction

from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import CalendarYear

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BY = Actor.system("test")
ACTION = "test.done"


def make_years():
    """Three objects of core with a number as their key."""
    return [CalendarYear.objects.create(year=2100 + n, source="test", loaded_at=NOW) for n in range(3)]


def write(*objects, note="", changes=None):
    """One entry about each object, in one statement."""
    with transaction.atomic():
        audit.record_many(
            [audit.Record(ACTION, obj, changes or {"数": [1, 2.50], "when": NOW}, note) for obj in objects],
            by=BY,
            now=NOW,
        )
