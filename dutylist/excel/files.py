"""Opening a file that somebody brings: which sheet is which. How it is unpacked: core/workbooks.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shenzhen_gov.core.texts import joined
from shenzhen_gov.core.workbooks import as_key, as_text, bad_file, read_tables

from .columns import ITEMS, NEEDED, PROBLEM, ROWS, TELLING, headings

MOST_LINES = {ITEMS: 20_000, ROWS: 300_000}
MOST_COLUMNS = 200


@dataclass
class Sheet:
    """One sheet as it came: `cells` are all its rows, `columns` the stable names of its columns, "" for none."""

    kind: str
    title: str
    cells: list[list[Any]]
    columns: list[str]
    first: int  # index of the first row that is no heading

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (row number as Excel shows it, column → text) of every row that says something."""
        places = [(place, name) for place, name in enumerate(self.columns) if name and name != PROBLEM]
        for number, row in enumerate(self.cells[self.first :], start=self.first + 1):
            record = {name: as_text(row[place]) if place < len(row) else "" for place, name in places}
            if any(record.values()):
                yield number, record

    def label(self, name: str) -> str:
        """Return the heading of a column as it stands in the file."""
        return as_text(self.cells[0][self.columns.index(name)]) if name in self.columns else name


@dataclass
class Book:
    """A file that was opened: its two sheets, where they are there."""

    name: str
    sheets: dict[str, Sheet] = field(default_factory=dict)


def open_book(name: str, data: bytes) -> Book:
    """Return the sheets of an .xlsx file, or of a CSV file the items. Raises BadInput(field="file") with the reason."""
    tables = read_tables(name, data)
    book = Book(name)
    for title, cells in tables:
        sheet = _recognise(title, cells)
        if sheet is None:
            continue
        if sheet.kind in book.sheets:
            raise bad_file(_("Two sheets have the columns of “%(title)s”.") % {"title": title})
        if len(cells) - sheet.first > MOST_LINES[sheet.kind]:
            text = _("Sheet “%(title)s” has more than %(most)s rows.")
            raise bad_file(text % {"title": title, "most": f"{MOST_LINES[sheet.kind]:,}"})
        book.sheets[sheet.kind] = sheet
    if not book.sheets:
        raise bad_file(_("No sheet has the columns of the template; its first row must hold the headings."))
    return book


def _recognise(title: str, cells: list[list[Any]]) -> Sheet | None:
    """Return the sheet when its headings are ours. Raises BadInput naming missing, unknown and doubled columns."""
    if not cells or len(cells[0]) > MOST_COLUMNS:
        return None
    for kind in (ROWS, ITEMS):
        columns, first = _columns(kind, cells)
        if TELLING[kind] & set(columns) or (kind == ITEMS and "code" in columns):
            _check_columns(kind, title, cells[0], columns)
            return Sheet(kind, title, cells, columns, first)
    return None


def _columns(kind: str, cells: list[list[Any]]) -> tuple[list[str], int]:
    """Return the stable names of the columns, and how many rows are headings."""
    known = headings(kind)
    labels = [known.get(as_key(as_text(value)), "") for value in cells[0]]
    if len(cells) < 2:
        return labels, 1
    names = [as_text(value) for value in cells[1]]
    stable = set(known.values())
    if not any(names) or any(name and name not in stable for name in names):
        return labels, 1
    return [name or label for name, label in zip(names, labels, strict=False)], 2


def _check_columns(kind: str, title: str, heads: list[Any], columns: list[str]) -> None:
    unknown = [as_text(head) for head, name in zip(heads, columns, strict=False) if as_text(head) and not name]
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    for names, text in (
        (unknown, _("Sheet “%(title)s” has columns that the template does not have: %(columns)s")),
        (doubled, _("Sheet “%(title)s” has columns twice: %(columns)s")),
        ([name for name in NEEDED[kind] if name not in columns], _("Sheet “%(title)s” lacks the columns: %(columns)s")),
    ):
        if names:
            raise bad_file(text % {"title": title, "columns": joined(names)})
