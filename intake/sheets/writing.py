"""The template, and the file that comes back: every row as it was, what is wrong with it in front, its case number."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

import xlsxwriter
from django.utils.translation import pgettext

from .columns import ADDED, COLUMNS
from .reading import Row

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LAST_LINE = 2_000  # how far the lists to choose from reach
LONGEST = 32_767  # characters in a cell


class Told(Protocol):
    """What became of a row."""

    @property
    def row(self) -> Row:
        """Return the row as it came, with its faults."""

    @property
    def number(self) -> str:
        """Return the number of its case, or an empty text."""


def template() -> bytes:
    """Return the empty table: headings with what may stand below them, vocabularies to choose from."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    sheet = book.add_worksheet(pgettext("sheet", "Requests"))
    _head(book, sheet, shift=0)
    book.close()
    return file.getvalue()


def marked(outcomes: Sequence[Told]) -> bytes:
    """Return the rows with what is wrong in front, faulty cells red. It can be mended and brought back as it is."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    sheet = book.add_worksheet(pgettext("sheet", "Requests"))
    red = book.add_format({"bg_color": "#F9D6D2", "border": 1, "border_color": "#C0392B", "text_wrap": True})
    _head(book, sheet, shift=len(ADDED))
    for line, outcome in enumerate(outcomes, start=1):
        faults = {fault.column for fault in outcome.row.faults}
        said = "\n".join(f"{fault.label}: {fault.text}" if fault.label else fault.text for fault in outcome.row.faults)
        sheet.write_string(line, 0, said, red if said else None)
        sheet.write_string(line, 1, outcome.number)
        for place, column in enumerate(COLUMNS, start=len(ADDED)):
            text = outcome.row.cells.get(column.name, "")[:LONGEST]
            sheet.write_string(line, place, text, red if column.name in faults else None)
    book.close()
    return file.getvalue()


def _head(book, sheet, *, shift: int) -> None:
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8F1F5"})
    needed = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8F1F5", "font_color": "#B42318"})
    text = book.add_format({"num_format": "@"})
    for place, (_name, label) in enumerate(ADDED[:shift]):
        sheet.set_column(place, place, 40 if place == 0 else 26)
        sheet.write_string(0, place, str(label), bold)
    for place, column in enumerate(COLUMNS, start=shift):
        sheet.set_column(place, place, column.width, text)
        sheet.write_string(0, place, str(column.label), needed if column.is_needed else bold)
        if column.hint:
            sheet.write_comment(0, place, str(column.hint), {"author": pgettext("sheet", "Requests")})
        if column.words:
            words = [str(word) for _value, word in column.words]
            sheet.data_validation(
                1, place, LAST_LINE, place, {"validate": "list", "source": words, "show_error": False}
            )
    sheet.freeze_panes(1, shift)
