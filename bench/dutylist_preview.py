"""Preview of a batch of 935 lines without replay: checked, counted, the first lines side by side, and the gate."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dutylist import selectors
from dutylist.checking import find_problems
from dutylist.gate import gate_of
from dutylist.models import Batch
from dutylist.selectors.lines import LineFilter, get_line_slice
from dutylist.services import check_batch
from shenzhen_gov.core.actor import Actor

from .context import Context, seconds
from .dutylist_world import BATCHES, ITEMS, build, open_draft
from .report import LOWER, Result, median_of, percentile

RUNS = 5


def run(ctx: Context) -> list[Result]:
    """Measure each part of what an editor waits for after entering the lines, and all of it together."""
    world = build(items=ctx.size(ITEMS, 1_700), batches=ctx.size(BATCHES, 4))
    mix = None if not ctx.quick else {"add": 20, "change": 60, "merge": 4, "split": 4, "transfer": 4, "retire": 2}
    batch = Batch.objects.select_related("owner_area").get(pk=open_draft(world, mix=mix).pk)
    by, lines = Actor.staff(world.manager), batch.lines.count()

    def preview() -> None:
        check_batch(batch.pk, by=by, now=timezone.now())
        selectors.get_batch_summary(batch)
        shown = get_line_slice(batch, LineFilter()).lines
        selectors.get_line_diff(_line(batch, shown[0].code))
        gate_of(batch, world.manager)

    preview()  # warms caches
    with CaptureQueriesContext(connection) as queries:
        found = find_problems(batch)
    codes = [line.code for line in get_line_slice(batch, LineFilter()).lines]
    changed = list(batch.lines.filter(kind__in=("change", "transfer")).values_list("code", flat=True)[: len(codes)])
    diffs = [seconds(lambda code=code: selectors.get_line_diff(_line(batch, code))) * 1000 for code in codes + changed]
    return [
        median_of(f"preview of {lines} lines, all of it", _times(preview), "s", 2, LOWER),
        median_of("found and kept (check_batch)", _times(lambda: check_batch(batch.pk, by=by, now=timezone.now())), "s",
                  None, LOWER),
        median_of("counted (get_batch_summary)", _times(lambda: selectors.get_batch_summary(batch)), "s", None, LOWER),
        median_of("gate_of", _times(lambda: gate_of(batch, AnonymousUser())), "s", None, LOWER),
        Result("one line side by side, p95", round(percentile(diffs, 0.95), 1), "ms", None, LOWER,
               note=f"{len(diffs)} lines"),
        Result("statements of a check", len(queries), "statements", 12, LOWER),
        Result("findings", len(found), "findings"),
    ]  # fmt: skip


def _line(batch: Batch, code: str):
    return batch.lines.select_related("before", "item__owner_area", "batch__owner_area").get(code=code)


def _times(job) -> list[float]:
    return [seconds(job) for _ in range(RUNS)]
