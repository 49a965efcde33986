"""From a CSV file to rows and rejects. Nothing here touches the database."""

from __future__ import annotations

import codecs
import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from intake.choices import RequestType
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined

from .mapping import NEEDED, Mapping

CHUNK = 1 << 20
MOST_DAMAGE = 0.05  # a file more damaged than this in an encoding is in another one
LONGEST = {"external_id": 40, "item_id": 20, "unit_id": 20, "channel": 40}
LONGEST_NAME = 120
DAMAGED = re.compile("[\ufffd\x00]")
ID = re.compile(r"[A-Za-z0-9_-]+")
FLAGS = {"1": True, "0": False}


@dataclass(frozen=True, slots=True)
class LegacyRow:
    """One row of the file in our words. None is what the file does not know; `words` are the file's own words."""

    line: int
    external_id: str
    registered_at: datetime
    day: date
    request_type: str
    channel: str
    path: tuple[str, str, str]
    item_id: str
    subdistrict: str | None
    community: str | None
    unit_id: str | None
    unit_name: str | None
    on_time: bool | None
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not imported: where, why, and the row itself so that it can be mended."""

    line: int
    column: str
    reason: str
    cells: tuple[str, ...]


@dataclass
class Contents:
    """What a file holds."""

    encoding: str
    header: list[str]
    rows: list[LegacyRow] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    repeated: int = 0  # the same row, with the same number, once more

    @property
    def read(self) -> int:
        """Return how many rows of data were read."""
        return len(self.rows) + len(self.rejects) + self.repeated


class _Fault(Exception):
    """What is wrong with one row."""

    def __init__(self, column: str, reason: str):
        super().__init__(reason)
        self.column, self.reason = column, reason


def read_file(path: Path, mapping: Mapping, *, now: datetime, limit: int | None = None) -> Contents:
    """Read up to `limit` rows. Raises BadInput for a file that cannot be read, decoded, or lacks columns."""
    encoding = find_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as lines:
        reader = csv.reader(lines)
        header = [name.strip() for name in next(reader, [])]
        check_header(header, mapping)
        contents = Contents(encoding, header)
        parser = _Parser(mapping, header, now)
        seen: dict[str, LegacyRow] = {}
        for line, cells in _records(reader, path, limit):
            _sort(line, cells, parser, contents, seen)
    return contents


def find_encoding(path: Path) -> str:
    """Return utf-8-sig or gb18030: the first in which the file is (nearly) undamaged. Raises BadInput for neither."""
    try:
        damage = {encoding: _damage(path, encoding) for encoding in ("utf-8-sig", "gb18030")}
    except OSError as error:
        raise BadInput(
            _("%(path)s cannot be read: %(error)s") % {"path": path, "error": error}, field="path"
        ) from error
    for encoding, share in damage.items():
        if share <= MOST_DAMAGE:
            return encoding
    raise BadInput(_("%(path)s is neither UTF-8 nor GB18030.") % {"path": path}, field="path")


def check_header(header: list[str], mapping: Mapping) -> None:
    """Raise BadInput naming every column that the mapping needs and the file lacks."""
    if not any(header):
        raise BadInput(_("The file is empty."), field="path")
    if missing := [column for column in mapping.columns.values() if column not in header]:
        raise BadInput(_("The file lacks the columns: %(columns)s") % {"columns": joined(missing)}, field="path")
    if doubled := sorted({name for name in mapping.columns.values() if header.count(name) > 1}):
        raise BadInput(_("The file has these columns twice: %(columns)s") % {"columns": joined(doubled)}, field="path")


def _damage(path: Path, encoding: str) -> float:
    """Return the share of the characters beyond ASCII that are no characters in `encoding`."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    bad = beyond = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = decoder.decode(chunk)
            bad += text.count("\ufffd") + text.count("\x00")
            beyond += len(text) - len(text.encode("ascii", errors="ignore"))
    return bad / max(beyond, 1)


def _records(reader, path: Path, limit: int | None) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of the rows that hold anything; the line is the one on which the row ends."""
    try:
        yield from islice(((reader.line_num, cells) for cells in reader if any(cells)), limit)
    except csv.Error as error:
        raise BadInput(
            _("%(path)s, line %(line)s: %(error)s; is a quotation mark missing?")
            % {"path": path, "line": reader.line_num, "error": error},
            field="path",
        ) from error


def _sort(line: int, cells: list[str], parser: _Parser, contents: Contents, seen: dict[str, LegacyRow]) -> None:
    """Put one row where it belongs: rows, rejects, or the count of repeated ones."""
    try:
        row = parser.parse(line, cells)
        if (first := seen.setdefault(row.external_id, row)) is row:
            contents.rows.append(row)
        elif first.words == row.words:
            contents.repeated += 1
        else:
            raise _Fault(
                parser.mapping.columns["external_id"],
                _("%(id)s is in line %(line)s already, with other values")
                % {"id": row.external_id, "line": first.line},
            )
    except _Fault as fault:
        contents.rejects.append(Reject(line, fault.column, fault.reason, tuple(cells)))


class _Parser:
    """Turns the cells of one row into a LegacyRow, or says what is wrong with them."""

    def __init__(self, mapping: Mapping, header: list[str], now: datetime):
        self.mapping, self.now = mapping, now
        self.width = len(header)
        self.header = header
        self.place = {name: header.index(column) for name, column in mapping.columns.items()}
        self.zone = timezone.get_default_timezone()

    def parse(self, line: int, cells: list[str]) -> LegacyRow:
        """Return the row. Raises _Fault with the column at fault."""
        self._check(cells)
        known = {name: self._value(name, cells) for name in self.place if name not in NEEDED}
        needed = {name: self._needed(name, cells) for name in NEEDED}
        registered_at = self._moment(needed["registered_at"])
        unit_id = known.get("unit_id")
        return LegacyRow(
            line=line,
            external_id=needed["external_id"],
            registered_at=registered_at,
            day=registered_at.date(),
            request_type=self.mapping.request_types.get(known.get("request_type") or "", RequestType.OTHER.value),
            channel=needed["channel"],
            path=(needed["level1"], needed["level2"], needed["level3"]),
            item_id=needed["item_id"],
            subdistrict=known.get("subdistrict"),
            community=known.get("community"),
            unit_id=self.mapping.same_as.get(unit_id, unit_id) if unit_id else None,
            unit_name=known.get("unit_name"),
            on_time=self._on_time(known),
            words={name: cell for name, cell in zip(self.header, cells, strict=True) if cell not in self.mapping.null},
        )

    def _check(self, cells: list[str]) -> None:
        """Refuse a row of another width, or one that was damaged on its way."""
        if len(cells) != self.width:
            raise _Fault(
                "", _("has %(count)s cells, the header has %(width)s") % {"count": len(cells), "width": self.width}
            )
        if DAMAGED.search("".join(cells)):
            column = next(name for name, cell in zip(self.header, cells, strict=True) if DAMAGED.search(cell))
            raise _Fault(column, _("holds characters that are damaged"))

    def _needed(self, name: str, cells: list[str]) -> str:
        """Return a cell that must say something."""
        value = self._value(name, cells)
        if value is None:
            raise _Fault(self.mapping.columns[name], _("is missing"))
        return value

    def _value(self, name: str, cells: list[str]) -> str | None:
        """Return a cell, None where it says nothing."""
        text = cells[self.place[name]].strip()
        column = self.mapping.columns[name]
        if text in self.mapping.null:
            return None
        if len(text) > LONGEST.get(name, LONGEST_NAME):
            raise _Fault(column, _("is longer than %(most)s characters") % {"most": LONGEST.get(name, LONGEST_NAME)})
        if name in {"item_id", "unit_id"} and not ID.fullmatch(text):
            raise _Fault(column, _("“%(value)s” is no number or code") % {"value": text})
        return sys.intern(text)

    def _moment(self, text: str) -> datetime:
        column = self.mapping.columns["registered_at"]
        try:
            moment = datetime.strptime(text, self.mapping.time_format).replace(tzinfo=self.zone)
        except ValueError:
            expected = self.now.astimezone(self.zone).strftime(self.mapping.time_format)
            raise _Fault(
                column, _("“%(value)s” is no time such as %(expected)s") % {"value": text, "expected": expected}
            ) from None
        if moment.date() < self.mapping.in_force_from:
            raise _Fault(
                column,
                _("%(value)s is before %(day)s, when the list of the mapping file begins")
                % {"value": text, "day": self.mapping.in_force_from},
            )
        if moment > self.now:
            raise _Fault(column, _("%(value)s is still to come") % {"value": text})
        return moment

    def _on_time(self, values: dict[str, str | None]) -> bool | None:
        """Return whether the row ended in time; None when the file says neither. Both at once is a fault."""
        flags = {}
        for name in ("in_time", "overdue"):
            text = values.get(name)
            if text is not None and text not in FLAGS:
                raise _Fault(self.mapping.columns[name], _("“%(value)s” is neither 0 nor 1") % {"value": text})
            flags[name] = FLAGS[text] if text is not None else False
        if flags["in_time"] and flags["overdue"]:
            raise _Fault(self.mapping.columns["overdue"], _("in time and overdue at once"))
        return flags["in_time"] if flags["in_time"] or flags["overdue"] else None
