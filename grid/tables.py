"""Tables of buildings and rooms that somebody brings: their columns, and their rows read one by one."""

from __future__ import annotations

import codecs
import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined
from shenzhen_gov.core.workbooks import as_key, as_text, bad_file, in_all_languages, read_tables

from .choices import BuildingUse, PlaceTable
from .faults import Wrong

BUILDING_LENGTH, ROOM_LENGTH = 19, 25
CELL_LENGTH = 14
MOST_FLOORS, LOWEST_FLOOR, HIGHEST_FLOOR = 200, -10, 200
SAMPLE = 64 * 1024
LONGEST_LINE = 2**20

SHOWN = 40  # characters of a wrong value
USES = dict(BuildingUse.choices)


@dataclass(frozen=True)
class Column:
    """One column: how it is called, and how its text becomes a value (raises Wrong)."""

    name: str
    label: str | Promise
    read: Callable[[str], Any]
    needed: bool = False
    example: str = ""


def _text(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > limit:
            raise Wrong("long", count=len(text), limit=limit)
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise Wrong("characters")
        return text

    return read


def _code(length: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        code = text.upper()
        if len(code) != length:
            raise Wrong("length", count=len(code), limit=length)
        cell, house, room = code[:CELL_LENGTH], code[CELL_LENGTH:BUILDING_LENGTH], code[BUILDING_LENGTH:]
        if not (code.isascii() and (cell + room).isdigit() and house.isalnum()):
            raise Wrong("code", value=code[:SHOWN])
        return code

    return read


def _number(low: int, high: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        if not text:
            return None
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 4 and low <= int(text) <= high):
            raise Wrong("number", value=text[:SHOWN], low=low, high=high)
        return int(text)

    return read


def _degrees(low: float, high: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise Wrong("point", value=text[:SHOWN])
        return value

    return read


_uses: dict[str, str] = {}


def _use(text: str) -> str:
    if not text:
        return BuildingUse.HOUSING
    if not _uses:
        _uses.update(in_all_languages(BuildingUse.choices), **{as_key(use): use for use in BuildingUse.values})
    if (use := _uses.get(text) or _uses.get(as_key(text))) is None:
        raise Wrong("use", value=text[:SHOWN])
    return str(use)


# Shenzhen with Shenshan and its sea lies within these; a point beyond them has its numbers confused.
WEST, EAST, SOUTH, NORTH = 113.6, 115.5, 22.0, 23.0
COLUMNS: dict[str, tuple[Column, ...]] = {
    PlaceTable.BUILDINGS: (
        Column("code", gettext_lazy("Building code"), _code(BUILDING_LENGTH), True, "4403090020210100001"),
        Column("name", gettext_lazy("Name"), _text(120), True, "翠竹苑3栋"),
        Column("address", gettext_lazy("Address"), _text(300), False, "民治大道12号"),
        Column("use", gettext_lazy("Use"), _use, False, "住宅"),
        Column("floors", gettext_lazy("Floors"), _number(0, MOST_FLOORS), False, "18"),
        Column("longitude", gettext_lazy("Longitude"), _degrees(WEST, EAST), False, "114.0325"),
        Column("latitude", gettext_lazy("Latitude"), _degrees(SOUTH, NORTH), False, "22.6123"),
    ),
    PlaceTable.ROOMS: (
        Column("code", gettext_lazy("House code"), _code(ROOM_LENGTH), True, "4403090020210100001000101"),
        Column("name", gettext_lazy("Room"), _text(40), True, "101"),
        Column("floor", gettext_lazy("Floor"), _number(LOWEST_FLOOR, HIGHEST_FLOOR), False, "1"),
    ),
}


def cells_of(name: str, file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, texts of the cells) of a CSV or Excel file; a CSV is never held as a whole.

    Raises BadInput(field="file") for what is neither.
    """
    head = file.read(SAMPLE)
    file.seek(0)
    if head.startswith(b"PK") or not name.lower().endswith((".csv", ".txt")):
        tables = read_tables(name, file.read())
        rows: Iterator[list[Any]] = iter(tables[0][1] if tables else [])
    else:
        rows = _csv_rows(file, "utf-8-sig" if _is_utf8(head) else "gb18030")
    for number, row in enumerate(rows, 1):
        if any(cell not in ("", None) for cell in row):
            yield number, [as_text(cell) for cell in row]


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and len(head) == SAMPLE  # cut within a character
    return True


def _csv_rows(file: IO[bytes], encoding: str) -> Iterator[list[str]]:
    lines = codecs.iterdecode(iter(lambda: file.readline(LONGEST_LINE), b""), encoding)
    try:
        yield from csv.reader(lines)
    except UnicodeDecodeError as error:
        raise bad_file(_("The file is neither UTF-8 nor GB18030.")) from error
    except csv.Error as error:
        raise bad_file(_("The file is no CSV: %(why)s") % {"why": error}) from error


def header_of(cells: list[str]) -> tuple[PlaceTable, list[tuple[int, Column]]]:
    """Return what table this is by its first row, and its columns with their places.

    Titles are those of the template in any language, or the plain names. Raises BadInput for unknown and missing ones.
    """
    found = [as_key(cell) for cell in cells]
    for table in (PlaceTable.ROOMS, PlaceTable.BUILDINGS):
        known = {title: column for column in COLUMNS[table] for title in _titles(table, column)}
        if _titles(table, COLUMNS[table][0]).isdisjoint(found):
            continue
        if len(set(filter(None, found))) < len(list(filter(None, found))):
            raise bad_file(_("A column stands twice in the first row."))
        columns = [(place, known[title]) for place, title in enumerate(found) if title in known]
        there = {column.name for _place, column in columns}
        if missing := [str(one.label) for one in COLUMNS[table] if one.needed and one.name not in there]:
            raise bad_file(_("The first row lacks the column: %(columns)s") % {"columns": joined(missing)})
        return PlaceTable(table), columns
    raise bad_file(_("The first row names no building code and no house code; use the template."))


def _titles(table: str, column: Column) -> set[str]:
    """Return what a column may be called; `code` alone would not say of what."""
    name = f"{table.removesuffix('s')}_code" if column.name == "code" else column.name
    return {as_key(name), *in_all_languages([(1, column.label)])}


def read_row(cells: list[str], columns: list[tuple[int, Column]]) -> tuple[dict[str, Any], list[tuple[str, Wrong]]]:
    """Return the values of a row by column, and what is wrong with it."""
    values: dict[str, Any] = {}
    faults = []
    for place, column in columns:
        text = cells[place] if place < len(cells) else ""
        try:
            if column.needed and not text:
                raise Wrong("missing")
            values[column.name] = column.read(text)
        except Wrong as wrong:
            faults.append((column.name, wrong))
    if not faults and (values.get("longitude") is None) != (values.get("latitude") is None):
        faults.append(("longitude", Wrong("half")))
    return values, faults


def label_of(table: str, name: str) -> str:
    """Return what a column is called on the screen; empty for what is no column, the code itself of an outline."""
    if table == PlaceTable.OUTLINES:
        return name
    return next((str(column.label) for column in COLUMNS.get(table, ()) if column.name == name), "")


def refuse_empty(rows: int) -> None:
    """Raise BadInput for a table without a row."""
    if not rows:
        raise BadInput(_("The file has no rows below its first one."), field="file")
