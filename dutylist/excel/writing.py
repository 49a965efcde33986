"""Writing workbooks: the template, the list as it stands, and what a batch changes.

XlsxWriter makes the frame: headings, comments, lists to choose from, frozen rows. The rows themselves, of which there
may be a hundred thousand, are put into the finished file as text cells: five times as fast as cell by cell. A text cell
is never a formula, whatever sign it begins with.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from .cells import Choice
from .columns import Column

Value = str | int | None
LAST_LINE = 20_000  # how far the lists to choose from reach
LONGEST = 32_767  # characters in a cell
LONGEST_LIST = 255  # characters of a list that is written out
FASTEST = 1
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass
class Plan:
    """One sheet to be written. `lists`: column → words to choose from, kept on a hidden sheet."""

    title: str | Promise
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]] = ()
    lists: dict[str, list[str]] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)  # column → what may stand there
    has_names: bool = True  # the stable names in a second row


def workbook(plans: Sequence[Plan]) -> bytes:
    """Return an .xlsx file with these sheets."""
    frame = io.BytesIO()
    book = xlsxwriter.Workbook(frame, {"in_memory": True})
    words = [(plan, name, listed) for plan in plans for name, listed in plan.lists.items() if listed]
    sheets = [(plan, book.add_worksheet(str(plan.title))) for plan in plans]
    ranges = _hidden_words(book, words)
    for plan, sheet in sheets:
        _heading(book, sheet, plan)
        _choices(sheet, plan, ranges.get(id(plan), {}))
    book.close()
    return _with_rows(frame, plans)


def _heading(book, sheet, plan: Plan) -> None:
    """Write the heading rows, with a comment at each column that says what may stand there."""
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8F1F5"})
    grey = book.add_format({"font_color": "#8A8A8A", "italic": True, "font_size": 9})
    as_text = book.add_format({"num_format": "@"})
    for place, column in enumerate(plan.columns):
        sheet.set_column(place, place, column.width, as_text if column.name == "code" else None)
        sheet.write_string(0, place, str(column.label), bold)
        if plan.has_names:
            sheet.write_string(1, place, column.name, grey)
            hint = column.full_hint(plan.examples.get(column.name, ""))
            sheet.write_comment(0, place, hint, {"x_scale": 1.6, "y_scale": 1.4, "author": _("Duty list")})
    names = [column.name for column in plan.columns]
    sheet.freeze_panes(1 + plan.has_names, names.index("code") + 1 if "code" in names else 0)


def _choices(sheet, plan: Plan, ranges: dict[str, str]) -> None:
    """Offer the words of vocabularies; what else stands in the cell is left to the import to judge."""
    for place, column in enumerate(plan.columns):
        source: list[str] | str | None = ranges.get(column.name)
        if source is None and plan.has_names and isinstance(column.cell, Choice):
            source = column.cell.options()
            source = source if len(",".join(source)) <= LONGEST_LIST else None
        if source:
            rule = {"validate": "list", "source": source, "error_type": "information", "show_error": False}
            sheet.data_validation(2, place, LAST_LINE, place, rule)


def _hidden_words(book, words: list[tuple[Plan, str, list[str]]]) -> dict[int, dict[str, str]]:
    """Write the long lists to a hidden sheet; returns plan → column → where its list stands."""
    ranges: dict[int, dict[str, str]] = {}
    if not words:
        return ranges
    title = _("Words")
    sheet = book.add_worksheet(title)
    sheet.hide()
    for place, (plan, name, listed) in enumerate(words):
        sheet.write_column(0, place, listed)
        letter = xl_col_to_name(place, col_abs=True)
        ranges.setdefault(id(plan), {})[name] = f"='{title}'!{letter}$1:{letter}${len(listed)}"
    return ranges


def _with_rows(frame: io.BytesIO, plans: Sequence[Plan]) -> bytes:
    """Return the file with the rows of the plans put into its sheets."""
    filled = io.BytesIO()
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(filled, "w", zipfile.ZIP_DEFLATED, False, FASTEST) as target:
        parts = {f"xl/worksheets/sheet{number}.xml": plan for number, plan in enumerate(plans, start=1)}
        for part in source.infolist():
            content = source.read(part)
            if part.filename in parts:
                content = _filled(content.decode(), parts[part.filename]).encode()
            target.writestr(part.filename, content)
    return filled.getvalue()


def _filled(xml: str, plan: Plan) -> str:
    letters = [xl_col_to_name(place) for place in range(len(plan.columns))]
    first = 2 + plan.has_names
    lines = [_line(number, row, letters) for number, row in enumerate(plan.rows, start=first)]
    last = first + len(lines) - 1
    xml = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{letters[-1]}{last}"/>', xml, count=1)
    head, end, tail = xml.partition("</sheetData>")
    return "".join([head, *lines, end, tail])


def _line(number: int, row: Sequence[Value], letters: list[str]) -> str:
    cells = [
        f'<c r="{letter}{number}"><v>{value}</v></c>'
        if isinstance(value, int)
        else f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'
        for letter, value in zip(letters, row, strict=False)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _escaped(text: str) -> str:
    """Return a text as it stands in the file: without signs that XML does not know."""
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    if not text.isprintable():
        text = NOT_XML.sub("", text)
    if "_x" in text:
        text = LOOKS_CODED.sub("_x005F_", text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text
