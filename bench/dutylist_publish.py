"""A batch of 935 lines on ten years of history: entered, published, rolled back, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dutylist import services
from dutylist.models import Batch, ItemVersion
from grid.models import Staff
from shenzhen_gov.core.actor import Actor

from .context import Context, seconds
from .dutylist_world import BATCHES, ITEMS, World, build, draft_lines, open_empty
from .report import LOWER, Result, median_of

RUNS = 3
QUICK_MIX = {"add": 20, "change": 60, "merge": 4, "split": 4, "transfer": 4, "retire": 2}
AIMS = {"entered (set_lines)": 3, "published (publish_batch)": 2, "rollback made (roll_back)": None,
        "rollback published": 2}  # fmt: skip
OVERRIDE = "measured without a replay of past cases"


class Watch:
    """Seconds and statements of each step, run after run."""

    def __init__(self):
        self.runs: dict[str, list[float]] = {name: [] for name in AIMS}
        self.statements: dict[str, int] = {}

    def __call__(self, name: str, job: Callable):
        """Do one step and note what it cost."""
        kept = []
        with CaptureQueriesContext(connection) as queries:
            self.runs[name].append(seconds(lambda: kept.append(job())))
        self.statements[name] = len(queries)
        return kept[0]


def run(ctx: Context) -> list[Result]:
    """Measure the four steps, each time on a fresh list."""
    watch, lines = Watch(), 0
    for number in range(ctx.size(RUNS, 1)):
        ctx.say(f"run {number + 1}")
        world = build(items=ctx.size(ITEMS, 1_700), batches=ctx.size(BATCHES, 4))
        lines = _one_run(watch, world, QUICK_MIX if ctx.quick else None)
    results = [median_of(f"{name}, {lines} lines", watch.runs[name], "s", aim, LOWER) for name, aim in AIMS.items()]
    return results + [
        Result(f"{name}: statements", count, "SQL", None, LOWER) for name, count in watch.statements.items()
    ]


def _one_run(watch: Watch, world: World, mix: dict[str, int] | None) -> int:
    """Enter, approve, publish and roll back one batch; return how many lines it had. Fails when the list differs."""
    tomorrow = timezone.now() + timedelta(days=1)
    before = _in_force(tomorrow)
    batch, lines = open_empty(world), draft_lines(mix)
    watch("entered (set_lines)", lambda: services.set_lines(batch.pk, lines, source="excel", **_as(world.editor)))
    services.submit(batch.pk, **_as(world.editor))
    services.pre_approve(batch.pk, "同意", **_as(world.reviewer))
    services.approve(batch.pk, "同意", OVERRIDE, **_as(world.manager))
    watch("published (publish_batch)", lambda: services.publish_batch(batch.pk, **_as(world.manager, tomorrow)))
    if ItemVersion.objects.filter(batch=batch).count() != len(lines):
        raise RuntimeError("not every line became a version")
    inverse = watch(
        "rollback made (roll_back)",
        lambda: services.roll_back(batch.pk, reason="试运行", **_as(world.manager, tomorrow)),
    )
    Batch.objects.filter(pk=inverse.pk).update(effective_on=(tomorrow + timedelta(days=1)).date())
    services.approve(inverse.pk, "同意", OVERRIDE, **_as(world.second, tomorrow))
    after = tomorrow + timedelta(days=1)
    watch("rollback published", lambda: services.publish_batch(inverse.pk, **_as(world.second, after)))
    if _in_force(after) != before:
        raise RuntimeError("the list after the rollback is not what it was before the batch")
    return len(lines)


def _as(person: Staff, now: datetime | None = None) -> dict:
    return {"by": Actor.staff(person), "now": now or timezone.now()}


def _in_force(now: datetime) -> set[tuple]:
    """Return what the list says on a day, as far as this batch touches it."""
    versions = ItemVersion.objects.in_force(timezone.localdate(now))
    return set(versions.values_list("item__code", "name", "criteria", "limit_normal", "limit_urgent"))
