"""Opening a file that somebody brings: what it is, whether it is safe to unpack, which sheet is which.

Nothing of the file is believed: its sizes are checked while it is unpacked, and cells far out, which would cost memory
by the gigabyte, are looked for before the reader is let at them.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from shenzhen_gov.core.exceptions import BadInput

from .cells import as_key, as_text
from .columns import ITEMS, NEEDED, PROBLEM, ROWS, TELLING, headings

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_LINES = {ITEMS: 20_000, ROWS: 300_000}
MOST_COLUMNS = 200

OLE, ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
# The reader makes a table as long as the last row and as wide as the last column, filled or not. So: no column beyond
# BZ, no row beyond 300,000, and where there are more than 100,000 rows no column beyond Z.
_CELL = rb"""r\s*=\s*["']"""
FAR_OUT = re.compile(_CELL + rb"(?:(?:[A-Za-z]{3,}|[C-Zc-z][A-Za-z])\d+|[A-Za-z]*(?:[3-9]\d{5}|\d{7,}))[\"']")
LONG, WIDE = re.compile(_CELL + rb"[A-Za-z]*\d{6,}[\"']"), re.compile(_CELL + rb"[A-Za-z]{2,}\d+[\"']")
ERROR_CELL = re.compile(rb"""<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+)(\d+)"[^>]*>.*?<v>([^<]+)</v>""", re.DOTALL)
ERROR_TEXT = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


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
    if len(data) > MOST_BYTES:
        raise _bad(_("The file has more than %(most)s MB.") % {"most": MOST_BYTES // 2**20})
    tables = _tables(name, data)
    book = Book(name)
    for title, cells in tables:
        sheet = _recognise(title, cells)
        if sheet is None:
            continue
        if sheet.kind in book.sheets:
            raise _bad(_("Two sheets have the columns of “%(title)s”.") % {"title": title})
        if len(cells) - sheet.first > MOST_LINES[sheet.kind]:
            text = _("Sheet “%(title)s” has more than %(most)s rows.")
            raise _bad(text % {"title": title, "most": f"{MOST_LINES[sheet.kind]:,}"})
        book.sheets[sheet.kind] = sheet
    if not book.sheets:
        raise _bad(_("No sheet has the columns of the template; its first row must hold the headings."))
    return book


def _tables(name: str, data: bytes) -> list[tuple[str, list[list[Any]]]]:
    if data.startswith(b"PK"):
        return _excel(data)
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise _bad(_("The file is protected by a password; save it without one."))
        raise _bad(_("This is a file of an old Excel; save it as .xlsx."))
    if name.lower().endswith((".csv", ".txt")):
        return [(name, _csv(data))]
    raise _bad(_("This is no Excel file (.xlsx) and no CSV file."))


def _excel(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            errors = _looked_through(archive)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = [(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in book.sheet_names]
    except (zipfile.BadZipFile, CalamineError, ElementTree.ParseError, OSError, NotImplementedError, ValueError,
            KeyError, RuntimeError) as error:  # fmt: skip
        raise _bad(_("The file is damaged or no Excel file; save it anew as .xlsx.")) from error
    for title, cells in tables:
        for row, place, text in errors.get(title, ()):
            if row < len(cells) and place < len(cells[row]):
                cells[row][place] = text
    return tables


def _looked_through(archive: zipfile.ZipFile) -> dict[str, list[tuple[int, int, str]]]:
    """Refuse what is not safe to unpack; return title → cells with an error of a formula, which the reader drops."""
    if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
        raise _bad(_("The file is too large when unpacked."))
    if "xl/workbook.xml" not in archive.namelist():
        raise _bad(_("This is no Excel file (.xlsx) and no CSV file."))
    titles, errors = _titles(archive), {}
    for part in archive.infolist():
        content = archive.read(part)  # to its declared size and no further; a false one fails the checksum
        if b"sheetData" not in content:
            continue
        if FAR_OUT.search(content) or (LONG.search(content) and WIDE.search(content)):
            raise _bad(_("A cell stands far outside of the table; delete the empty rows and columns around it."))
        if b't="e"' in content and part.filename in titles:
            found = ERROR_CELL.finditer(content)
            errors[titles[part.filename]] = [
                (int(one[2]) - 1, _column_number(one[1].decode()), one[3].decode(errors="replace")) for one in found
            ]
    return errors


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return part of the archive → title of the sheet."""
    links = {
        link.get("Id"): link.get("Target", "") for link in _parse(archive, "xl/_rels/workbook.xml.rels").iter()
    }  # fmt: skip
    targets = {
        sheet.get("name", ""): links.get(sheet.get(LINK), "") or ""
        for sheet in _parse(archive, "xl/workbook.xml").iter(f"{MAIN}sheet")
    }
    return {
        target.lstrip("/") if target.startswith("/") else f"xl/{target}": title for title, target in targets.items()
    }


def _parse(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    content = archive.read(name)
    if b"<!DOCTYPE" in content:
        raise ValueError("a workbook declares no document type")
    return ElementTree.fromstring(content)  # noqa: S314 (no document type, so no entities)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _csv(data: bytes) -> list[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = from_bytes(data, cp_isolation=["gb18030"]).best()
        if guess is None:
            raise _bad(_("The file is neither UTF-8 nor GB18030.")) from None
        text = str(guess)
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise _bad(_("The file is no CSV: %(why)s") % {"why": error}) from error


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
            raise _bad(text % {"title": title, "columns": ", ".join(names)})


def _bad(text: str) -> BadInput:
    return BadInput(text, field="file")
