"""Reading the three CSV files of grading schemes: whole, checked, every error with its row and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from grid.files import DATA
from grid.services.rentals import CriterionRow, LevelRow, SchemeFile, SchemeRow
from shenzhen_gov.core.csv_files import bad_row, read_rows

SCHEME_COLUMNS = ["code", "name", "area", "effective_from", "source"]
LEVEL_COLUMNS = ["code", "scheme", "name", "colour", "tone", "from_points", "visit_every_days", "is_forbidden"]
CRITERION_COLUMNS = ["code", "scheme", "group", "text", "points", "at_least"]


def read_grade_schemes(folder: Path = DATA) -> SchemeFile:
    """Return the schemes of a folder. Raises BadInput naming the row and the column."""
    schemes = [
        SchemeRow(row["code"], row["name"], row["area"], _day(number, row["effective_from"]), row["source"])
        for number, row in read_rows(folder / "sample_grade_schemes.csv", SCHEME_COLUMNS)
    ]
    levels = [
        LevelRow(
            code=row["code"],
            scheme=row["scheme"],
            name=row["name"],
            colour=row["colour"],
            tone=row["tone"],
            from_points=_number(number, "from_points", row["from_points"]),
            visit_every_days=_number(number, "visit_every_days", row["visit_every_days"] or "0") or None,
            is_forbidden=row["is_forbidden"] == "1",
        )
        for number, row in read_rows(folder / "sample_grade_levels.csv", LEVEL_COLUMNS)
    ]
    criteria = [
        CriterionRow(
            row["code"], row["scheme"], row["group"], row["text"], _number(number, "points", row["points"]),
            row["at_least"],
        )
        for number, row in read_rows(folder / "sample_grade_criteria.csv", CRITERION_COLUMNS)
    ]  # fmt: skip
    return SchemeFile(schemes, levels, criteria)


def _number(number: int, column: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise bad_row(number, column, _("must be a number"))
    return int(text)


def _day(number: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad_row(number, "effective_from", _("must be a day like 2026-01-31")) from None
