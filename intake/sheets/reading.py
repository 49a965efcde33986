"""From the rows of a file to requests. Nothing is written; what is wrong is told cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from intake.selectors.areas import search_areas
from intake.services.registration import NewCase
from shenzhen_gov.core.texts import joined
from shenzhen_gov.core.workbooks import ERROR_TEXT, as_key, as_text, bad_file, read_tables

from .columns import ADDED, BY_NAME, COLUMNS, Column, headings

MOST_COLUMNS = 60


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row; `column` is the stable name, or "" for the row as a whole."""

    column: str
    text: str

    @property
    def label(self) -> str:
        """Return the heading of the column."""
        return str(BY_NAME[self.column].label) if self.column in BY_NAME else ""


@dataclass
class Row:
    """One row that says something: its number as Excel shows it, its cells, the request, what is wrong.

    What could not be read is missing in the request.
    """

    number: int
    cells: dict[str, str]
    data: NewCase
    faults: list[Fault] = field(default_factory=list)


def read_rows(name: str, content: bytes, *, channel: str, default_type: str, most: int) -> list[Row]:
    """Return the rows of the first sheet that has our columns.

    Raises BadInput(field="file") for what is wrong with the file as a whole.
    """
    for _title, cells in read_tables(name, content):
        columns = _columns(cells)
        if columns is None:
            continue
        _check(columns, cells[0])
        records = list(_records(columns, cells))
        if len(records) > most:
            raise bad_file(_("The file has %(count)s rows; at most %(most)s are taken at once.") % {
                "count": len(records), "most": most})  # fmt: skip
        if not records:
            raise bad_file(_("The file has no row below its headings."))
        reader = _Reader(channel, default_type)
        return [reader.row(number, record) for number, record in records]
    raise bad_file(_("No sheet has the columns of the template; its first row must hold the headings."))


def _columns(cells: list[list[Any]]) -> list[str] | None:
    """Return the stable names of the columns, or None where this is another table."""
    if not cells or len(cells[0]) > MOST_COLUMNS:
        return None
    known = headings()
    names = [known.get(as_key(as_text(value)), "") for value in cells[0]]
    return names if "content" in names else None


def _check(columns: list[str], heads: list[Any]) -> None:
    unknown = [as_text(head) for head, name in zip(heads, columns, strict=False) if as_text(head) and not name]
    doubled = sorted({name for name in columns if name and columns.count(name) > 1})
    if unknown:
        raise bad_file(_("The template has no such columns: %(columns)s") % {"columns": joined(unknown)[:300]})
    if doubled:
        raise bad_file(_("Columns that stand there twice: %(columns)s") % {"columns": joined(doubled)})


def _records(columns: list[str], cells: list[list[Any]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of each row that says something, and its cells by the name of their column."""
    added = {name for name, _label in ADDED}
    places = [(place, name) for place, name in enumerate(columns) if name and name not in added]
    for number, row in enumerate(cells[1:], start=2):
        record = {name: as_text(row[place]) if place < len(row) else "" for place, name in places}
        if any(record.values()):
            yield number, record


class _Reader:
    """Reads one row after the other; areas that are named again and again are looked up once."""

    def __init__(self, channel: str, default_type: str):
        self.channel, self.default_type = channel, default_type
        self.areas: dict[str, str | None] = {}

    def row(self, number: int, cells: dict[str, str]) -> Row:
        """Return the request of a row, and what could not be read."""
        values: dict[str, Any] = {"request_type": self.default_type, "content": ""}
        faults = []
        for column in COLUMNS:
            text = cells.get(column.name, "")
            try:
                if text:
                    values[column.name] = self._value(column, text)
            except ValueError as error:
                faults.append(Fault(column.name, str(error)))
        return Row(number, cells, NewCase(channel=self.channel, **values), faults)

    def _value(self, column: Column, text: str) -> Any:
        """Return what a cell stands for. Raises ValueError with what is wrong with it."""
        if text.startswith("#") and ERROR_TEXT.match(text):
            raise ValueError(_("The formula in this cell has an error: %(error)s.") % {"error": text})
        if column.words:
            value = column.known.get(as_key(text))
            if value is None:
                words = joined(str(word) for _value, word in column.words)
                raise ValueError(_("“%(value)s” is not one of: %(choices)s.") % {"value": text[:60], "choices": words})
            return value
        if column.name == "area":
            code = self._area(text)
            if code is None:
                raise ValueError(_("No single area is called “%(name)s”.") % {"name": text[:60]})
            return code
        return text

    def _area(self, text: str) -> str | None:
        if text not in self.areas:
            found = search_areas(text)
            exact = [area for area in found if text in (area.code, area.name, area.short_name)] or found
            self.areas[text] = exact[0].code if len(exact) == 1 else None
        return self.areas[text]
