"""A report as an Excel file: a sheet of sentences, then one sheet for each table; numbers are numbers."""

from __future__ import annotations

import io

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .document import NUMBER_FORMATS, Document, Section

WIDTHS = (12, 44)  # of a column, in characters
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))  # in the name of a sheet
LONGEST_NAME = 31


def report_workbook(document: Document) -> bytes:
    """Return the report as the bytes of an .xlsx file."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        formats = {measure: book.add_format({"num_format": text}) for measure, text in NUMBER_FORMATS.items()}
        bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        _cover(book.add_worksheet(pgettext("report", "Report")), document, bold, book.add_format({"text_wrap": True}))
        for number, section in enumerate(document.sections):
            if section.rows:
                _table(book.add_worksheet(_sheet_name(number, section.title)), section, formats, head)
    return file.getvalue()


def _cover(sheet, document: Document, bold, wrapped) -> None:
    sheet.set_column(0, 0, 100)
    as_of = _("Figures as of %(at)s") % {"at": document.as_of}
    lines = [(document.title, bold), (document.period, None), (as_of, None), ("", None)]
    for section in document.sections:
        if section.sentences:
            lines += [(section.title, bold), *((text, wrapped) for text in section.sentences), ("", None)]
    for row, (text, style) in enumerate(lines):
        sheet.write_string(row, 0, text, style)


def _table(sheet, section: Section, formats: dict, head) -> None:
    sheet.freeze_panes(1, 0)
    for place, title in enumerate(section.columns):
        sheet.write_string(0, place, title, head)
        texts = [len(row[place]) for row in section.rows if isinstance(row[place], str)]
        sheet.set_column(place, place, min(WIDTHS[1], max(WIDTHS[0], 2 * max([len(title) // 2, *texts]))))
    for line, row in enumerate(section.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, place, cell)
            elif cell[0] is not None:
                sheet.write_number(line, place, cell[0], formats.get(cell[1]))
    if section.note:
        sheet.write_string(len(section.rows) + 2, 0, section.note)


def _sheet_name(number: int, title: str) -> str:
    """Return a name that Excel takes and that no other sheet has."""
    return f"{number} {title.translate(FORBIDDEN)}"[:LONGEST_NAME]
