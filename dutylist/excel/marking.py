"""The file that comes back when something is wrong: as it was, with the faulty cells red and told in a first column."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from .columns import PROBLEM, PROBLEM_LABEL
from .faults import Fault
from .files import Book, Sheet

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def marked_book(book: Book, faults: Sequence[Fault]) -> bytes:
    """Return the workbook marked up. It can be mended and imported as it is: what was added is passed over."""
    file = io.BytesIO()
    target = xlsxwriter.Workbook(file, OPTIONS)
    for sheet in book.sheets.values():
        _Marked(target, sheet, [fault for fault in faults if fault.sheet == sheet.kind]).write()
    _summary(target, book, faults)
    target.close()
    return file.getvalue()


class _Marked:
    """Writes one sheet."""

    def __init__(self, target: xlsxwriter.Workbook, sheet: Sheet, faults: Sequence[Fault]):
        self.source = sheet
        self.sheet = target.add_worksheet(_title(sheet))
        self.red = target.add_format({"bg_color": "#F9D6D2", "border": 1, "border_color": "#C0392B"})
        self.bold = target.add_format({"bold": True, "bg_color": "#E8F1F5"})
        self.told: dict[int, list[str]] = defaultdict(list)
        self.cells: dict[tuple[int, int], str] = {}
        self.shift = int(PROBLEM not in sheet.columns)  # a file marked before has the column already
        for fault in faults:
            heading = fault.heading()
            self.told[fault.row - 1].append(f"{heading}: {fault.text}" if heading else fault.text)
            if fault.column in sheet.columns:
                self.cells[fault.row - 1, sheet.columns.index(fault.column)] = fault.text

    def write(self) -> None:
        """Write every row as it came, with its faults in front."""
        own = 0 if self.shift else self.source.columns.index(PROBLEM)
        self.sheet.set_column(own, own, 48)
        self.sheet.set_column(own + 1, len(self.source.columns), 18)
        self.sheet.freeze_panes(self.source.first, own + 1)
        for number, row in enumerate(self.source.cells):
            is_heading = number < self.source.first
            for place, value in enumerate(row):
                if self.shift or place != own:
                    self._cell(number, place, value, self.bold if is_heading else None)
            self._tell(number, own)

    def _tell(self, number: int, own: int) -> None:
        if number == 0:
            self.sheet.write_string(0, own, str(PROBLEM_LABEL), self.bold)
        elif number == 1 and self.source.first > 1:
            self.sheet.write_string(1, own, PROBLEM, self.bold)
        elif number in self.told:
            self.sheet.write_string(number, own, "\n".join(self.told[number]), self.red)

    def _cell(self, number: int, place: int, value: Any, style) -> None:
        at = (number, place + self.shift)
        if (number, place) in self.cells:
            style = self.red
            self.sheet.write_comment(*at, self.cells[number, place], {"x_scale": 1.6})
        if value is None or value == "":
            if style is not None:
                self.sheet.write_blank(*at, None, style)
        elif isinstance(value, bool):
            self.sheet.write_boolean(*at, value, style)
        elif isinstance(value, (int, float)):
            self.sheet.write_number(*at, value, style)
        else:
            text = value.isoformat() if isinstance(value, (date, datetime)) else str(value)
            self.sheet.write_string(*at, text, style)


def _summary(target: xlsxwriter.Workbook, book: Book, faults: Sequence[Fault]) -> None:
    """Write the sheet that lists every fault with a link to its cell."""
    sheet = target.add_worksheet(_("Problems"))
    bold = target.add_format({"bold": True, "bottom": 1})
    for place, (heading, width) in enumerate(((_("Sheet"), 16), (_("Row"), 8), (_("Column"), 24), (PROBLEM_LABEL, 80))):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, str(heading), bold)
    sheet.freeze_panes(1, 0)
    for number, fault in enumerate(faults, start=1):
        source = book.sheets[fault.sheet]
        place = source.columns.index(fault.column) if fault.column in source.columns else 0
        at = xl_rowcol_to_cell(fault.row - 1, place + int(PROBLEM not in source.columns))
        title = _title(source)
        if number <= 60_000:  # Excel keeps no more links on a sheet
            sheet.write_url(number, 0, f"internal:'{title}'!{at}", string=title)
        sheet.write_number(number, 1, fault.row)
        sheet.write_string(number, 2, fault.heading())
        sheet.write_string(number, 3, fault.text)


def _title(sheet: Sheet) -> str:
    """Return the title of a sheet as Excel allows it; a CSV file has only its name."""
    title = "".join(character for character in sheet.title if character not in "[]:*?/\\'")[:31]
    return title or sheet.kind
