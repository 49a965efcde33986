"""A backlog of 100,000 accepted cases, e.g. after the workers were down for hours: dispatched by two worker processes.

The cases wait beside half a million others. Each worker does what the portal's worker does when it is woken: one batch
after the other until nothing waits. Both work in processes of their own, through the same services.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from django.db.models import QuerySet

from dispatch.models import Clock, Decision, StageFact, WorkOrder
from intake.models import Case
from shenzhen_gov.core.models import AuditEntry

from .context import Context
from .generate import generate, generate_waiting
from .report import LOWER, Result

BACKLOG, ALONE, BESIDE = 100_000, 10_000, 500_000
PARTS = 10  # of the backlog: whether its end is as quick as its beginning
WORKER = """
import json, time, django
django.setup()
from dispatch.tasks import pick_up
began = time.time()
print(json.dumps([pick_up(), began, time.time()]))
"""


@dataclass(frozen=True)
class Shift:
    """What some workers did together: cases of each, and seconds from the first one's start to the last one's end."""

    cases: list[int]
    seconds: float

    @property
    def rate(self) -> float:
        """Return cases a second."""
        return sum(self.cases) / self.seconds


def run(ctx: Context) -> list[Result]:
    """Measure one worker, then two."""
    beside, backlog = ctx.size(BESIDE, 4_000), ctx.size(BACKLOG, 2_000)
    ctx.say(f"generating {beside:,} cases")
    generate(beside)
    generate_waiting(ctx.size(ALONE, 500))
    ctx.say("one worker")
    alone = _work(ctx, 1)
    first = Case.objects.latest("pk").pk + 1
    generate_waiting(backlog, seed=0.1978)
    ctx.say(f"{backlog:,} cases wait; two workers")
    both = _work(ctx, 2)
    sent, wrong = _checked(first, backlog)
    shares = " and ".join(f"{count:,}" for count in both.cases)
    note = f"{shares} cases in {both.seconds:.0f} s; {backlog - sent:,} of them to a person: a rule or a veto says so"
    return [
        Result("dispatched, two workers", round(sent / both.seconds), "cases/s", 400, note=note),
        Result("the last tenth beside the first", round(_late(first), 2), "×", 0.8, note="cases/s by cases/s"),
        Result("decided, one worker", round(alone.rate), "cases/s", note=f"{sum(alone.cases):,} cases"),
        Result("cases lost or doubled", wrong, "cases", 0, LOWER),
    ]


def _work(ctx: Context, count: int) -> Shift:
    """Let `count` workers dispatch all that waits."""
    command = [sys.executable, "-c", WORKER]
    env = {**os.environ, **ctx.env}
    workers = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    said = [worker.communicate()[0] for worker in workers]
    if any(worker.returncode for worker in workers):
        raise RuntimeError(f"a worker failed: {[worker.returncode for worker in workers]}")
    cases, began, ended = zip(*(json.loads(text.splitlines()[-1]) for text in said), strict=True)
    return Shift(list(cases), max(ended) - min(began))


def _late(first: int) -> float:
    """Return how quick the last tenth of the backlog was dispatched, as a share of the first tenth."""
    moments = list(Decision.objects.filter(case__gte=first).order_by("made_at").values_list("made_at", flat=True))
    part = len(moments) // PARTS
    early, late = moments[part] - moments[0], moments[-1] - moments[-part - 1]
    return early / late


def _checked(first: int, backlog: int) -> tuple[int, int]:
    """Return how many cases of the backlog were dispatched, and how many have not exactly what that leaves behind."""
    decided = Decision.objects.filter(case__gte=first)
    sent = decided.filter(outcome="dispatched").count()
    entries = AuditEntry.objects.filter(object_type=Case._meta.label_lower, object_id__gte=first)
    expected = {
        backlog: (_times(decided, "case"),),
        sent: (
            _times(WorkOrder.objects.filter(case__gte=first, role="lead", state="pending_sign"), "case"),
            _times(StageFact.objects.filter(case__gte=first, ended_at=None, role="lead"), "case"),
            _times(Clock.objects.filter(case__gte=first, kind="overall", outcome="running"), "case"),
            _times(entries.filter(action="case.dispatched"), "object_id"),
            _times(Case.objects.filter(pk__gte=first, state="in_handling", due_at__isnull=False), "pk"),
        ),
    }
    return sent, max(abs(number - wanted) for wanted, rows in expected.items() for row in rows for number in row)


def _times(rows: QuerySet, case: str) -> tuple[int, int]:
    """Return how many rows there are, and of how many cases: both the same where each case has one."""
    return rows.count(), rows.values(case).distinct().count()
