"""Reading a catalogue file (CSV or Excel) into rows, and saying for each fault which row and column it is in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined

from .choices import LimitUnit

REQUIRED = ("code", "level1", "level2", "name", "limit_unit", "lead")
OPTIONAL = (
    "criteria",
    "exclusions",
    "close_criteria",
    "keywords",
    "legal_basis",
    "limit_normal",
    "limit_urgent",
    "co",
    "hand_down",
    "component",
    "satisfaction",
    "secret",
    "example1",
    "example2",
    "example3",
)
YES_NO = {"yes": True, "no": False, "": False, "是": True, "否": False}
MOST_FAULTS_SHOWN = 20


@dataclass(frozen=True)
class CatalogueRow:
    """One checked row; `line` is its number in the file."""

    line: int
    code: str
    level1: str
    level2: str
    name: str
    lead: str
    co: tuple[str, ...]
    limit_normal: int | None
    limit_urgent: int | None
    limit_unit: str
    texts: dict[str, str]
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    flags: dict[str, bool]


@dataclass
class Faults:
    """Collects what is wrong, so that one reading names everything."""

    found: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, column: str, text: str) -> None:
        """Note one fault."""
        self.found.append(
            _("%(file)s, row %(line)s, column “%(column)s”: %(text)s")
            % {
                "file": file,
                "line": line,
                "column": column,
                "text": text,
            }
        )

    def raise_if_any(self) -> None:
        """Raise BadInput with every fault, the first twenty written out."""
        if not self.found:
            return
        shown = "\n".join(self.found[:MOST_FAULTS_SHOWN])
        more = len(self.found) - MOST_FAULTS_SHOWN
        raise BadInput(shown + ("\n" + _("… and %(count)s more") % {"count": more} if more > 0 else ""), field="file")


def read_catalogue(path: Path) -> list[CatalogueRow]:
    """Read one file, or every .csv of a folder in name order. Raises BadInput naming every faulty row and column."""
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files or not files[0].exists():
        raise BadInput(_("There is no catalogue file at %(path)s.") % {"path": path}, field="file")
    faults, rows = Faults(), []
    seen: dict[tuple, str] = {}
    for file in files:
        for line, record in read_table(file):
            row = _check_row(file.name, line, record, faults)
            for key in [("code", row.code)] + [("name", (row.level1, row.level2, row.name))] if row else []:
                if key in seen:
                    faults.add(file.name, line, key[0], _("the same as in %(where)s") % {"where": seen[key]})
                seen.setdefault(key, f"{file.name}:{line}")
            if row:
                rows.append(row)
    faults.raise_if_any()
    return rows


def read_table(file: Path) -> list[tuple[int, dict[str, str]]]:
    """Return (line number, record) of a CSV (UTF-8 or GB18030) or the first sheet of an Excel file."""
    table = _excel(file) if file.suffix.lower() in {".xlsx", ".xls", ".ods"} else _csv(file)
    if not table:
        raise BadInput(_("%(file)s is empty.") % {"file": file.name}, field="file")
    header = [name.strip() for name in table[0]]
    if missing := [name for name in REQUIRED if name not in header]:
        raise BadInput(
            _("%(file)s lacks the columns: %(columns)s") % {"file": file.name, "columns": joined(missing)},
            field="file",
        )
    return [
        (line, {name: value.strip() for name, value in zip(header, cells, strict=False)})
        for line, cells in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]


def _csv(file: Path) -> list[list[str]]:
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = from_bytes(data, cp_isolation=["gb18030"]).best()
        if guess is None:
            raise BadInput(_("%(file)s is neither UTF-8 nor GB18030.") % {"file": file.name}, field="file") from None
        text = str(guess)
    return list(csv.reader(io.StringIO(text)))


def _excel(file: Path) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0)
    except (CalamineError, OSError) as error:
        raise BadInput(_("%(file)s is not a readable Excel file.") % {"file": file.name}, field="file") from error
    return [[_cell(value) for value in row] for row in sheet.to_python()]


def _cell(value) -> str:
    """Return a cell as text; Excel keeps whole numbers as floats."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _check_row(file: str, line: int, record: dict[str, str], faults: Faults) -> CatalogueRow | None:
    before = len(faults.found)
    _check_words(file, line, record, faults)
    normal = _number(file, line, record, "limit_normal", faults)
    urgent = _number(file, line, record, "limit_urgent", faults)
    if urgent and not normal:
        faults.add(file, line, "limit_urgent", _("needs a normal limit beside it"))
    return None if len(faults.found) > before else _row(line, record, normal, urgent)


def _check_words(file: str, line: int, record: dict[str, str], faults: Faults) -> None:
    for column in REQUIRED:
        if not record.get(column):
            faults.add(file, line, column, _("is missing"))
    if record.get("limit_unit") and record["limit_unit"] not in LimitUnit.values:
        faults.add(file, line, "limit_unit", _("must be one of %(words)s") % {"words": joined(LimitUnit.values)})
    for column in ("hand_down", "component", "satisfaction", "secret"):
        if record.get(column, "") not in YES_NO:
            faults.add(file, line, column, _("must be yes or no"))
    for column, most in (("name", 120), ("code", 40)):
        if len(record.get(column, "")) > most:
            faults.add(file, line, column, _("is longer than %(most)s characters") % {"most": most})


def _number(file: str, line: int, record: dict[str, str], column: str, faults: Faults) -> int | None:
    text = record.get(column, "")
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) <= 10_000:
        faults.add(file, line, column, _("must be a whole number above 0"))
        return None
    return int(text)


def _row(line: int, record: dict[str, str], normal: int | None, urgent: int | None) -> CatalogueRow:
    return CatalogueRow(
        line=line,
        code=record["code"],
        level1=record["level1"],
        level2=record["level2"],
        name=record["name"],
        lead=record["lead"],
        co=_words(record.get("co", "")),
        limit_normal=normal,
        limit_urgent=urgent,
        limit_unit=record["limit_unit"],
        texts={name: record.get(name, "") for name in ("criteria", "exclusions", "close_criteria", "legal_basis")},
        keywords=tuple(word[:40] for word in _words(record.get("keywords", ""))),
        examples=tuple(record[name][:300] for name in ("example1", "example2", "example3") if record.get(name)),
        flags={
            "hand_down": YES_NO[record.get("hand_down", "")],
            "is_component": YES_NO[record.get("component", "")],
            "counts_satisfaction": record.get("satisfaction", "") not in {"no", "否"},
            "is_secret": YES_NO[record.get("secret", "")],
        },
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("；", ";").split(";") if word.strip())
