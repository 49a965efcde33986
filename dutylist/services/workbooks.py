"""Entering lines from a workbook: all of it or nothing, and a file back that shows what is wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.choices import LineSource
from dutylist.excel.columns import ITEM_COLUMNS, ITEMS, ROWS
from dutylist.excel.faults import Fault
from dutylist.excel.files import Book, open_book
from dutylist.excel.marking import marked_book
from dutylist.excel.reading import ADD_ONLY, OVERWRITE, Reading, read_lines
from dutylist.lines.input import LineFault, LineFaults, LinesSet
from dutylist.models import Batch, BatchPreview
from dutylist.workflow import BATCH
from grid import access
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight

from .lines import set_lines
from .previews import keep_preview

KIND = "import"  # of the preview that keeps what the last import did
FAULTS_KEPT = 200
_ITEM_NAMES = {column.name for column in ITEM_COLUMNS}


@dataclass(frozen=True)
class Imported:
    """What an import did. `equal` items read as the list does and were left out; `emptied` fields were emptied."""

    added: int
    changed: int
    unchanged: int
    equal: int
    emptied: int


class WorkbookFaults(BadInput):
    """Something in the file is wrong, so nothing was taken over; the marked-up file is kept with the batch."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        first = _("%(where)s: %(text)s") % {"where": faults[0].where(), "text": faults[0].text}
        more = _(" (%(count)s faults in all; nothing was taken over)") % {"count": len(faults)}
        super().__init__(first + (more if len(faults) > 1 else ""), field="file")


def import_workbook(batch_id: int, name: str, data: bytes, *, mode: str, by: Actor, now: datetime) -> Imported:
    """Enter the lines of a file into a draft. `mode`: "add" takes new items only, "overwrite" every kind.

    Raises BadInput(field="file") for a file that cannot be read, WorkbookFaults for one with wrong cells.
    """
    batch = _find_draft(batch_id, by)
    if mode not in (ADD_ONLY, OVERWRITE):
        raise BadInput(_("Choose whether items are only added or overwritten."), field="mode")
    today = timezone.localdate(now)
    book = open_book(name, data)
    reading = read_lines(book, batch, mode=mode, on=max(batch.effective_on or today, today))
    if not (reading.lines or reading.equal or reading.faults.found):
        raise BadInput(_("The file has no rows below its headings."), field="file")
    done = _enter(batch, book, reading, mode, by, now)
    if reading.faults.found or done is None:
        faults = reading.faults.sorted()
        _hand_back(batch, book, faults, mode, by, now)
        raise WorkbookFaults(faults)
    return done


def _find_draft(batch_id: int, by: Actor) -> Batch:
    """Return the batch; refuse early, before a file is taken apart, whoever may not enter lines."""
    batch = Batch.objects.select_related("owner_area").filter(pk=batch_id).first()
    if batch is None:
        raise OutOfSight(_("Not found."))
    access.require(by, BATCH.moves["edit"].acts, batch)
    BATCH.check("edit", batch)
    return batch


def _enter(batch: Batch, book: Book, reading: Reading, mode: str, by: Actor, now: datetime) -> Imported | None:
    """Enter the lines and keep what was done; None when something is wrong, with all of it among the faults.

    The lines are judged even when cells were wrong, so that one look at the file shows every fault there is.
    """
    try:
        with transaction.atomic():
            entered = LinesSet(0, 0, 0)
            if reading.lines:
                entered = set_lines(
                    batch.pk, reading.lines, source=LineSource.EXCEL, overwrite=mode == OVERWRITE, by=by, now=now
                )
            if reading.faults.found:
                transaction.set_rollback(True)
                return None
            done = Imported(entered.added, entered.changed, entered.unchanged, reading.equal, reading.emptied)
            _keep(batch, {"name": book.name, "mode": mode, **asdict(done)}, by, now)
            return done
    except LineFaults as error:
        for fault in error.faults:
            _place(reading, fault)
        return None


def _place(reading: Reading, fault: LineFault) -> None:
    """Note a fault of a line at the cell it came from."""
    entry = reading.entries[fault.index]
    name = fault.field if fault.field in _ITEM_NAMES else "code"
    if fault.field == "rows" and entry.rows:
        if not any(reading.faults.has(ROWS, row.number, cell) for row in entry.rows for cell in row.record):
            reading.faults.add(ROWS, entry.rows[0].number, "lead", fault.text)
    elif fault.field == "rows":
        reading.faults.add(entry.sheet, entry.row, "lead_function", fault.text)
    else:
        reading.faults.add(entry.sheet, entry.row, name if entry.sheet == ITEMS else "code", fault.text)


def _hand_back(batch: Batch, book: Book, faults: list[Fault], mode: str, by: Actor, now: datetime) -> None:
    """Store the marked-up file and the first faults, in place of those of the import before."""
    place = default_storage.save(f"dutylist/imports/{uuid4().hex}.xlsx", ContentFile(marked_book(book, faults)))
    kept = [asdict(fault) for fault in faults[:FAULTS_KEPT]]
    _keep(batch, {"name": book.name, "mode": mode, "count": len(faults), "faults": kept, "file": place}, by, now)


@transaction.atomic
def _keep(batch: Batch, figures: dict, by: Actor, now: datetime) -> None:
    before = BatchPreview.objects.filter(batch=batch, kind=KIND).values_list("figures__file", flat=True).first()
    content_number = Batch.objects.values_list("content_number", flat=True).get(pk=batch.pk)
    keep_preview(batch.pk, KIND, figures, content_number=content_number, by=by, now=now)
    if before and before != figures.get("file"):
        transaction.on_commit(lambda: default_storage.delete(before))
