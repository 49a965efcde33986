"""What tests of requests begin with."""

from datetime import datetime, timedelta

from dispatch.choices import ClockKind
from dispatch.files import read_request_reasons
from dispatch.models import Clock
from dispatch.services import ask, decide_request, load_request_reasons
from dispatch.tests.world import NOON, SYSTEM
from shenzhen_gov.core.worktime import SHANGHAI, get_calendar, working_seconds_between

LATER = NOON + timedelta(hours=1)


def load_request_reasons_of_the_file() -> None:
    """Load the grounds as they are shipped."""
    load_request_reasons(read_request_reasons(), by=SYSTEM, now=NOON)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of 2026 in Shenzhen."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def asked(order, by, kind="return", now=LATER, **given):
    return ask(order.pk, kind=kind, reason="不属于本社区职责", by=by, now=now, **given)


def decided(request, by, agreed=True, now=LATER, **given):
    return decide_request(request.pk, agreed=agreed, opinion="情况属实", by=by, now=now, **given)


def running(case, kind):
    return Clock.objects.get(case=case, kind=kind, outcome="running")


def running_of(order):
    return Clock.objects.get(work_order=order, kind=ClockKind.HANDLING, outcome="running")


def working_seconds(a, b):
    return working_seconds_between(a, b, get_calendar())
