"""Opening a table that somebody brings, Excel or CSV: what it is, whether it is safe to unpack, what its cells say.

Nothing of the file is believed: its sizes are checked while it is unpacked, and cells far out, which would cost memory
by the gigabyte, are looked for before the reader is let at them.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

from charset_normalizer import from_bytes
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from .exceptions import BadInput

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 200 * 2**20

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
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def read_tables(name: str, data: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Return (title, rows of cells) of each sheet of an .xlsx file, or of a CSV file the one table.

    Raises BadInput(field="file") with the reason.
    """
    if len(data) > MOST_BYTES:
        raise bad_file(_("The file has more than %(most)s MB.") % {"most": MOST_BYTES // 2**20})
    if data.startswith(b"PK"):
        return _excel(data)
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise bad_file(_("The file is protected by a password; save it without one."))
        raise bad_file(_("This is a file of an old Excel; save it as .xlsx."))
    if name.lower().endswith((".csv", ".txt")):
        return [(name, _csv(data))]
    raise bad_file(_("This is no Excel file (.xlsx) and no CSV file."))


def _excel(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            errors = _looked_through(archive)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = [(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in book.sheet_names]
    except (zipfile.BadZipFile, CalamineError, ElementTree.ParseError, OSError, NotImplementedError, ValueError,
            KeyError, RuntimeError) as error:  # fmt: skip
        raise bad_file(_("The file is damaged or no Excel file; save it anew as .xlsx.")) from error
    for title, cells in tables:
        for row, place, text in errors.get(title, ()):
            if row < len(cells) and place < len(cells[row]):
                cells[row][place] = text
    return tables


def _looked_through(archive: zipfile.ZipFile) -> dict[str, list[tuple[int, int, str]]]:
    """Refuse what is not safe to unpack; return title → cells with an error of a formula, which the reader drops."""
    if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
        raise bad_file(_("The file is too large when unpacked."))
    if "xl/workbook.xml" not in archive.namelist():
        raise bad_file(_("This is no Excel file (.xlsx) and no CSV file."))
    titles, errors = _titles(archive), {}
    for part in archive.infolist():
        content = archive.read(part)  # to its declared size and no further; a false one fails the checksum
        if b"sheetData" not in content:
            continue
        if FAR_OUT.search(content) or (LONG.search(content) and WIDE.search(content)):
            raise bad_file(_("A cell stands far outside of the table; delete the empty rows and columns around it."))
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
            raise bad_file(_("The file is neither UTF-8 nor GB18030.")) from None
        text = str(guess)
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise bad_file(_("The file is no CSV: %(why)s") % {"why": error}) from error


def as_text(value: Any) -> str:
    """Return a raw cell as text: whole numbers without “.0”, days as 2026-01-31, blanks at the ends gone."""
    if value == "" or value is None:
        return ""
    if isinstance(value, str):
        if value.isprintable():  # nothing odd in it, as in most cells
            return value.strip()
        return value.replace("\r\n", "\n").translate(INVISIBLE).strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, (date, datetime)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def as_key(text: str) -> str:
    """Return a word as it is compared: full and half width alike, without blanks, in lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def in_all_languages(words: Iterable[tuple[Any, str | Promise]]) -> dict[str, Any]:
    """Return word as it is compared → value, in every language of the portal."""
    found: dict[str, Any] = {}
    words = list(words)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {as_key(str(word)): value for value, word in words}
    return found


def bad_file(text: str) -> BadInput:
    """Return the refusal of a file."""
    return BadInput(text, field="file")
