"""Files as Excel writes them, and a city whose list goes out and comes back."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
import xlsxwriter
from django.test import TestCase
from python_calamine import CalamineWorkbook

from dutylist.excel.books import list_book
from dutylist.excel.files import open_book
from dutylist.models import BatchLine, Responsibility
from dutylist.selectors.workbooks import list_to_change
from dutylist.services.workbooks import WorkbookFaults, import_workbook
from dutylist.tests.duty_people import make_people, open_draft
from dutylist.tests.world import NOON, make_list
from shenzhen_gov.core.exceptions import BadInput

TODAY = NOON.date()


def sheet_file(sheets: dict[str, list[list]]) -> bytes:
    """Return an .xlsx file with these rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write(number, place, value)
    book.close()
    return file.getvalue()


def read(data: bytes) -> dict[str, list[list]]:
    """Return title → rows of a file."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in book.sheet_names}


def records(data: bytes, kind: str) -> list[dict[str, str]]:
    """Return the rows of one of our sheets."""
    return [record for _number, record in open_book("x.xlsx", data).sheets[kind].records()]


class Excel(TestCase):
    """The city's list of two items, its editors, and an empty draft of the city."""

    @classmethod
    def setUpTestData(cls):
        cls.city = make_list()
        cls.people = make_people(cls.city)
        cls.batch = open_draft(cls.city, cls.people)

    def take(self, data: bytes, mode: str = "overwrite", *, name: str = "list.xlsx", batch=None, by=None):
        return import_workbook((batch or self.batch).pk, name, data, mode=mode, by=by or self.people.editor, now=NOON)

    def refused(self, data: bytes, mode: str = "overwrite", **given) -> list[tuple[str, int, str]]:
        """Return the places of the faults; nothing was taken over."""
        with pytest.raises(WorkbookFaults) as caught:
            self.take(data, mode, **given)
        assert not BatchLine.objects.filter(batch=given.get("batch") or self.batch).exists()
        return [(fault.sheet, fault.row, fault.column) for fault in caught.value.faults]

    def bad_file(self, data: bytes, name: str = "list.xlsx") -> str:
        with pytest.raises(BadInput) as caught:
            self.take(data, name=name)
        assert caught.value.field == "file"
        assert not isinstance(caught.value, WorkbookFaults)
        return str(caught.value)

    def list_file(self, *, rows: bool = True, batch=None) -> bytes:
        shown = Responsibility.objects.all() if rows else None
        return list_book(list_to_change(batch or self.batch), on=TODAY, rows=shown)

    def edited(self, change, *, rows: bool = True, batch=None) -> bytes:
        """Return the list as it stands, with `change(tables)` made in Excel; tables[0] are the items, [1] the rows."""
        tables = read(self.list_file(rows=rows, batch=batch))
        change(list(tables.values()))
        return sheet_file(tables)


def at(table: list[list], code: str, name: str) -> tuple[list, int]:
    """Return the row of an item and the place of a column."""
    row = next(row for row in table if row[table[1].index("code")] == code)
    return row, table[1].index(name)


def put(table: list[list], code: str, **values) -> None:
    """Write cells of an item."""
    for name, value in values.items():
        row, place = at(table, code, name)
        row[place] = value
