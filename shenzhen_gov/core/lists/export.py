"""Excel export of a list: exactly its rows, in its order, with its columns; memory does not grow with the rows."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeData
from django.utils.translation import gettext as _

from shenzhen_gov.core.exceptions import Refused

from .cells import export_lines, exported_columns
from .counting import capped_count
from .keyset import Sort, page_of

EXPORT_LIMIT = 20_000
CHUNK = 1000
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST, NARROWEST = 60, 8


class TooManyRows(Refused):
    """More than EXPORT_LIMIT rows: the page offers to write them in the background (background.py)."""

    def __init__(self) -> None:
        text = _("These are more than %(limit)s rows. Please narrow the filter and export again.")
        super().__init__(text % {"limit": f"{EXPORT_LIMIT:,}"})


def export_response(queryset: QuerySet, sort: Sort, table_class, name: str, **table_options) -> FileResponse:
    """Return the rows as a file to download. Raises TooManyRows when there are more than EXPORT_LIMIT."""
    if capped_count(queryset, EXPORT_LIMIT + 1).is_capped:
        raise TooManyRows
    return file_response(rows_of(queryset, sort, table_class, **table_options), name)


def file_response(rows: Iterator[list], name: str) -> FileResponse:
    """Return `rows`, the first one being the header, as a file to download; its name says when it was made."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    write_workbook(file, rows)
    file.seek(0)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
    return FileResponse(file, as_attachment=True, filename=f"{name}-{stamp}.xlsx", content_type=TYPE)


def rows_of(queryset: QuerySet, sort: Sort, table_class, **table_options) -> Iterator[list]:
    """Yield the header line, then one list of values for each row."""
    cursor, is_first = None, True
    while is_first or cursor:
        page = page_of(queryset, sort, CHUNK, cursor)
        table = table_class(page.rows, orderable=False, **table_options)
        if is_first:
            yield [str(bound.header) for bound in exported_columns(table)]
        yield from export_lines(table)
        cursor, is_first = page.next, False


def write_workbook(file, rows: Iterator[list]) -> None:
    """Write `rows`, the first one being the header, as an .xlsx workbook into `file`."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    workbook = xlsxwriter.Workbook(file, options)
    bold = workbook.add_format({"bold": True, "bottom": 1})
    formats = {
        datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    header = next(rows)
    # Rows cannot be looked at twice in constant memory: widths follow the headings, and times fit.
    for column, heading in enumerate(header):
        sheet.set_column(column, column, min(WIDEST, max(16, NARROWEST + 2 * len(heading))))
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, plain(value), formats)
    workbook.close()


def plain(value: Any):
    """Return a cell's value without mark-up: a number, a local time, a day, or text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    if isinstance(value, SafeData):
        return html.unescape(strip_tags(str(value))).strip()
    return str(value) if not isinstance(value, Promise) else f"{value}"


def _write(sheet, row: int, column: int, value, formats: dict) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, _("yes") if value else _("no"))
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    elif isinstance(value, (datetime, date)):
        sheet.write_datetime(row, column, value, formats[datetime if isinstance(value, datetime) else date])
    else:
        # Always as text: what begins with = + - @ came from somebody's form and must not become a formula.
        sheet.write_string(row, column, value)


def download(book: bytes, name: str) -> HttpResponse:
    """Return an Excel file to be saved as `name`.xlsx."""
    response = HttpResponse(book, content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
