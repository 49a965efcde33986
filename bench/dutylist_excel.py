"""Excel in and out on a list of a city's size: the list as a workbook, files of 935 and 4,200 changed items back in.

An import is measured from the bytes of the file to the lines in the draft: opened, looked through, compared with the
list, judged, written. The file with faults takes the marked-up copy too.
"""

from __future__ import annotations

import io
from contextlib import suppress

import xlsxwriter
from django.utils import timezone
from python_calamine import CalamineWorkbook

from dutylist import services
from dutylist.excel.books import lines_book, list_book, template_book
from dutylist.models import Batch, BatchLine, Responsibility
from dutylist.selectors.workbooks import list_to_change
from dutylist.services.workbooks import WorkbookFaults, import_workbook
from shenzhen_gov.core.actor import Actor

from .context import Context, seconds
from .dutylist_world import BATCHES, ITEMS, World, build
from .report import LOWER, Result, median_of

CHANGED = 935
RUNS = 5


def run(ctx: Context) -> list[Result]:
    """Export the list, change cells of the file as somebody would in Excel, and bring it back in."""
    items = ctx.size(ITEMS, 1_700)
    world = build(items=items, batches=ctx.size(BATCHES, 4))
    today, changed = timezone.localdate(), ctx.size(CHANGED, 100)
    batch = _draft(world)
    rows = Responsibility.objects.all()
    plain = list_book(list_to_change(batch), on=today)
    with_rows = list_book(list_to_change(batch), on=today, rows=rows)
    few, all_changed = _edited(plain, changed), _edited(plain, items)

    def take(data: bytes) -> float:
        fresh = _draft(world).pk
        return seconds(lambda: _import(fresh, data, world))

    def refused(data: bytes) -> None:
        with suppress(WorkbookFaults):
            _import(batch.pk, data, world)

    faulty = _edited(plain, changed, faults=3)
    return [
        _median(f"{items:,} items out", lambda: list_book(list_to_change(batch), on=today), aim=1.0),
        _median("the same with all responsible units", lambda: list_book(list_to_change(batch), on=today, rows=rows)),
        _median("template", lambda: template_book(batch.owner_area, today)),
        median_of(f"{changed:,} changed of {items:,} in", [take(few) for _ in range(RUNS)], "s", 3.0, LOWER),
        median_of(f"{items:,} changed in", [take(all_changed) for _ in range(RUNS)], "s", 3.0, LOWER),
        median_of("none changed, with all responsible units", [take(with_rows) for _ in range(RUNS)], "s", None, LOWER),
        _median(f"3 faults among {changed:,} changes, marked up", lambda: refused(faulty)),
        _median("what a batch changes, field by field", lambda: lines_book(_last_filled(), today)),
    ]


def _draft(world: World) -> Batch:
    data = services.NewBatch(title="Excel", owner_area_id=world.city_id)
    return services.open_batch(data, by=Actor.staff(world.editor), now=timezone.now())


def _last_filled() -> Batch:
    return Batch.objects.filter(pk__in=BatchLine.objects.values("batch")).order_by("-id")[0]


def _import(batch_id: int, data: bytes, world: World) -> None:
    by = Actor.staff(world.editor)
    import_workbook(batch_id, "list.xlsx", data, mode="overwrite", by=by, now=timezone.now())


def _edited(data: bytes, changed: int, faults: int = 0) -> bytes:
    """Return the file with another limit in the first items, as Excel would write it; the first ones faulty."""
    source, file = CalamineWorkbook.from_filelike(io.BytesIO(data)), io.BytesIO()
    target = xlsxwriter.Workbook(file, {"strings_to_formulas": False})
    table = source.get_sheet_by_index(0).to_python(skip_empty_area=False)
    limit = table[1].index("limit_normal")
    for number, row in enumerate(table[2 : 2 + changed]):
        row[limit] = "soon" if number < faults else (row[limit] or 1) + 3
    sheet = target.add_worksheet(source.sheet_names[0])
    for number, row in enumerate(table):
        sheet.write_row(number, 0, row)
    target.close()
    return file.getvalue()


def _median(name: str, job, aim: float | None = None) -> Result:
    job()
    return median_of(name, [seconds(job) for _ in range(RUNS)], "s", aim, LOWER)
