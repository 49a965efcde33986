"""Working time: deadlines computed per second, as clocks are started for every case."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from shenzhen_gov.core.worktime import SHANGHAI, LimitUnit, add_limit, get_calendar, working_seconds_between

from .context import Context, rates
from .report import Result, median_of

START = datetime(2026, 1, 1, tzinfo=SHANGHAI)
CASES = {
    "add_limit, 5 working days": (5, LimitUnit.WORKDAY, 50_000),
    "add_limit, 4 working hours": (4, LimitUnit.WORKHOUR, 50_000),
    "add_limit, 24 natural hours": (24, LimitUnit.HOUR, 50_000),
    "add_limit, 60 working days": (60, LimitUnit.WORKDAY, None),
}


def run(ctx: Context) -> list[Result]:
    """Measure `add_limit` and `working_seconds_between` from random moments of a year."""
    calendar = get_calendar()
    chance = random.Random(2026)
    count = ctx.size(20_000, 1_000)
    moments = [START + timedelta(seconds=chance.randrange(300 * 86_400)) for _ in range(count)]
    results = []
    for name, (amount, unit, aim) in CASES.items():

        def job(amount=amount, unit=unit):
            for moment in moments:
                add_limit(moment, amount, unit, calendar)

        results.append(median_of(name, rates(job, count), "calls/s", aim))
    pairs = list(zip(moments, moments[1:], strict=False))

    def between():
        for one, other in pairs:
            working_seconds_between(min(one, other), max(one, other), calendar)

    results.append(median_of("working_seconds_between", rates(between, len(pairs)), "calls/s"))
    return results
