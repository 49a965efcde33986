"""Escalation: 100,000 clocks due at once among half a million that are not; two workers, and one that is killed.

Every due clock is overdue for four days and was never looked at, so each takes four steps at once: the
warning, two red messages, and an urge notice with its entry in the case's audit chain.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from dispatch.models import Clock, Escalation, Urge
from dispatch.services import escalate, tell_escalations
from grid.models import Message
from shenzhen_gov.core.actor import Actor

from .context import Context, seconds
from .generate import generate
from .report import LOWER, Result

DUE, CASES = 100_000, 500_000
WORKER = "import django; django.setup(); from dispatch.tasks import escalate; escalate()"


def run(ctx: Context) -> list[Result]:
    """Measure one worker, two workers of which one is killed half-way, and the scan that finds nothing."""
    cases, due = ctx.size(CASES, 4_000), ctx.size(DUE, 1_000)
    ctx.say(f"generating {cases:,} cases")
    generate(cases)
    by, now = Actor.system("bench"), timezone.now()
    with connection.cursor() as cursor:  # all others are looked at tomorrow
        cursor.execute("UPDATE dispatch_clock SET next_step_at = now() + interval '1 day' WHERE outcome = 'running'")
    made = _make_due(due, 0)
    ctx.say(f"{made:,} clocks are due")
    taken = seconds(lambda: _all(by, now))
    told = seconds(lambda: tell_escalations(now=now))
    _check(made)
    idle = min(seconds(lambda: _all(by, now)) for _ in range(5))
    again = _make_due(due, made)
    ctx.say(f"{again:,} more; two workers, one is killed")
    both = _two_workers(ctx)
    _check(made + again)
    running = Clock.objects.filter(outcome="running").count()
    note = f"{made:,} due of {running:,} running, {Escalation.objects.count():,} steps in all"
    return [
        Result("escalated, one worker", round(taken, 1), "s", 60, LOWER, note=note),
        Result("units told", round(told, 1), "s", 60, LOWER, note=f"{Message.objects.count():,} messages"),
        Result("two workers, one killed, until all is told", round(both, 1), "s", 60, LOWER, note=f"{again:,} due"),
        Result("a scan that finds nothing due", round(idle * 1000, 2), "ms", 50, LOWER),
        Result("clocks skipped or doubled", 0, "clocks", 0, LOWER),
    ]


def _make_due(count: int, offset: int) -> int:
    """Let `count` running handling clocks be overdue for four days; returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE dispatch_clock SET due_at = now() - interval '4 days', yellow_at = now() - interval '5 days',
                      started_at = now() - interval '9 days', next_step_at = now() - interval '5 days'
                WHERE id IN (SELECT id FROM dispatch_clock WHERE kind = 'handling' AND outcome = 'running'
                             ORDER BY id LIMIT %s OFFSET %s)""",
            [count, offset],
        )
        made = cursor.rowcount
        cursor.execute("VACUUM ANALYZE dispatch_clock")
    return made


def _all(by: Actor, now) -> None:
    after = None
    while (page := escalate(by=by, now=now, after=after)).after is not None:
        after = page.after


def _two_workers(ctx: Context) -> float:
    started = time.perf_counter()
    first, second = (subprocess.Popen([sys.executable, "-c", WORKER], env={**os.environ, **ctx.env}) for _ in range(2))
    time.sleep(ctx.size(8, 3))
    first.send_signal(signal.SIGKILL)
    first.wait()
    if second.wait():
        raise RuntimeError("the second worker failed")
    subprocess.run([sys.executable, "-c", WORKER], env={**os.environ, **ctx.env}, check=True)  # the next minute's sweep
    return time.perf_counter() - started


def _check(due: int) -> None:
    """Raise unless every due clock has each of its steps once, and each case its one notice."""
    steps = Escalation.objects.values("clock").annotate(n=Count("pk"), notices=Count("urge"))
    counted = list(steps.values_list("n", "notices"))
    if len(counted) != due or len(set(counted)) != 1:
        raise RuntimeError(f"{len(counted)} of {due} clocks, steps and notices {sorted(set(counted))}")
    if (
        Urge.objects.count() != due
        or Clock.objects.filter(outcome="running", next_step_at__lte=timezone.now()).exists()
    ):
        raise RuntimeError("a notice is missing or doubled, or a clock was skipped")
