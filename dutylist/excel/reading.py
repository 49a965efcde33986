"""From the rows of a file to lines of a batch.

A file says how items shall read. What it says the same as the list is left out, so that a list that was downloaded,
changed here and there and brought back becomes exactly those changes. A cell that reads as the list's own cell would is
never a change, even where the cell cannot hold everything (a keyword with a semicolon in it, a unit closed since).
An empty cell empties the field; a column that is not in the file leaves it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dutylist.choices import ENDING, LineKind
from dutylist.content import FIELDS
from dutylist.lines.input import NewLine
from dutylist.models import Batch, ItemVersion
from shenzhen_gov.core.workbooks import ERROR_TEXT, as_text

from .columns import ITEMS, ROWS, column
from .faults import Faults
from .files import Book
from .listing import Listing, listing_of
from .responsible import RowReader, RowRecord

ADD_ONLY, OVERWRITE = "add", "overwrite"
_CONTENT = ("level1", "level2", *FIELDS)
_COMPARED = (LineKind.CHANGE, LineKind.TRANSFER)


@dataclass
class Entry:
    """What the file says about one item: its row of the first sheet, if any, and its rows of the second."""

    code: str
    sheet: str
    row: int
    record: dict[str, str] = field(default_factory=dict)
    rows: list[RowRecord] = field(default_factory=list)


@dataclass
class Reading:
    """Lines to be entered with the entry each came from; how many items read as the list does; what was wrong."""

    faults: Faults
    lines: list[NewLine] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    equal: int = 0
    emptied: int = 0

    def add(self, line: NewLine, entry: Entry) -> None:
        """Take a line over."""
        self.lines.append(line)
        self.entries.append(entry)


def read_lines(book: Book, batch: Batch, *, mode: str, on: date) -> Reading:
    """Return the lines that a file stands for; the list is read with a handful of queries, however many rows."""
    faults = Faults()
    entries = _entries(book, faults)
    with_rows = {entry.code for entry in entries if entry.rows}
    known = ItemVersion.objects.newest().filter(
        item__owner_area=batch.owner_area_id, item__code__in=[entry.code for entry in entries]
    )
    listing = listing_of(known.select_related("item__narrows"), with_rows=with_rows)
    rows = RowReader(batch.owner_area, listing, entries, on, faults)
    reader = _Reader(listing, rows, mode, Reading(faults))
    for entry in entries:
        reader.read(entry)
    return reader.reading


def _entries(book: Book, faults: Faults) -> list[Entry]:
    """Return what the file says, item by item. A code stands for the same item on both sheets."""
    entries: list[Entry] = []
    by_code: dict[str, Entry] = {}
    for sheet in (ITEMS, ROWS):
        for number, record in book.sheets[sheet].records() if sheet in book.sheets else ():
            _refuse_errors(sheet, number, record, faults)
            code = _code(sheet, number, record, faults)
            if not code:
                continue
            entry = by_code.get(code)
            if entry is not None and sheet == ITEMS:
                faults.add(sheet, number, "code", _("Row %(row)s is about the same item.") % {"row": entry.row})
                continue
            if entry is None:
                entry = by_code[code] = Entry(code, sheet, number, record if sheet == ITEMS else {})
                entries.append(entry)
            if sheet == ROWS:
                entry.rows.append(RowRecord(number, record))
    return entries


def _refuse_errors(sheet: str, number: int, record: dict[str, str], faults: Faults) -> None:
    for name, text in record.items():
        if text.startswith("#") and ERROR_TEXT.match(text):
            faults.add(sheet, number, name, _("The formula in this cell has an error: %(error)s.") % {"error": text})


def _code(sheet: str, number: int, record: dict[str, str], faults: Faults) -> str:
    code = column(sheet, "code").cell.read(record["code"])
    if not code:
        faults.add(sheet, number, "code", _("The code is missing."))
    return code


class _Reader:
    """Reads one entry after the other."""

    def __init__(self, listing: Listing, rows: RowReader, mode: str, reading: Reading):
        self.listing, self.rows, self.mode, self.reading = listing, rows, mode, reading

    def read(self, entry: Entry) -> None:
        """Add the line an entry stands for, or count it as equal to the list."""
        said = {name: self._value(entry, name) for name in ("kind", "successors", "policy", "narrows", "note")}
        kind, changes = said["kind"], {}
        if kind not in ENDING:
            changes = self._changes(entry)
            rows = self.rows.changed_rows(entry)
            changes |= {"rows": rows} if rows is not None else {}
            kind = kind or self._kind(entry, changes, said["successors"])
        self._check_mode(entry, kind)
        if not changes and kind in _COMPARED and entry.code in self.listing.contents:
            self.reading.equal += 1
            return
        is_new = entry.code not in self.listing.contents
        line = NewLine(
            kind=kind,
            code=entry.code,
            changes=changes,
            successors=tuple(said["successors"] or ()),
            policy=said["policy"] or "",
            narrows=(said["narrows"] or "") if is_new else "",
            note=said["note"] or "",
        )
        self.reading.add(line, entry)

    def _kind(self, entry: Entry, changes: dict[str, Any], successors: Sequence[str]) -> str:
        """Work out the kind from what differs."""
        if successors:
            text = _("An item with successors is merged, split or retired: say which.")
            self.reading.faults.add(entry.sheet, entry.row, "kind", text)
        if entry.code not in self.listing.contents and entry.sheet == ITEMS:
            return LineKind.ADD
        return LineKind.TRANSFER if "rows" in changes else LineKind.CHANGE

    def _check_mode(self, entry: Entry, kind: str) -> None:
        if self.mode == ADD_ONLY and kind != LineKind.ADD:
            name = "kind" if entry.record.get("kind") else "code"
            text = _("This import only adds items; choose the one that overwrites to change what is on the list.")
            self.reading.faults.add(entry.sheet, entry.row, name, text)

    def _changes(self, entry: Entry) -> dict[str, Any]:
        """Return the fields that the entry says otherwise than the list."""
        content = self.listing.contents.get(entry.code)
        cells = self.listing.cells_of(entry.code) if content is not None and entry.record else {}
        changes = {}
        for name in _CONTENT:
            text = entry.record.get(name)
            if text is None or text == as_text(cells.get(name, "")):
                continue
            cell = column(ITEMS, name).cell
            value = self._value(entry, name) if text else cell.empty
            is_said = value is not None if text else cell.can_be_emptied
            if is_said and (content is None or value != content[name]):
                changes[name] = value
                self.reading.emptied += not text
        return changes

    def _value(self, entry: Entry, name: str) -> Any:
        """Return what a cell stands for; None when it is empty or cannot be understood, which is noted then."""
        text = entry.record.get(name, "")
        if not text or self.reading.faults.has(entry.sheet, entry.row, name):
            return None
        try:
            return column(ITEMS, name).cell.read(text)
        except ValueError as error:
            self.reading.faults.add(entry.sheet, entry.row, name, str(error))
            return None
