"""Reading assessment schemes and grounds for exclusions from files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from shenzhen_gov.core.csv_files import bad_row, read_rows

from .files import DATA
from .services.ledger import GroundRow, SchemeRow

SCHEMES, GROUNDS = DATA / "sample_assessment_schemes.csv", DATA / "exclusion_grounds.csv"
SCHEME_COLUMNS = ["code", "name", "name_en", "place", "level", "unit_kind", "weights", "counted_by", "minimum"]
SCHEME_COLUMNS += ["effective_from", "source"]
GROUND_COLUMNS = ["code", "name", "name_en", "order", "source"]


def read_schemes(path: Path = SCHEMES) -> list[SchemeRow]:
    """Return the schemes of a file, in its order. Raises BadInput naming the row and the column."""
    is_sample = path.name.startswith("sample_")
    return [_scheme(number, row, is_sample) for number, row in read_rows(path, SCHEME_COLUMNS)]


def read_grounds(path: Path = GROUNDS) -> list[GroundRow]:
    """Return the grounds of a file. Raises BadInput naming the row and the column."""
    return [
        GroundRow(row["code"], row["name"], row["name_en"], _number(number, row, "order"), row["source"])
        for number, row in read_rows(path, GROUND_COLUMNS)
    ]


def _scheme(number: int, row: dict[str, str], is_sample: bool) -> SchemeRow:
    try:
        effective_from = date.fromisoformat(row["effective_from"])
    except ValueError:
        raise bad_row(number, "effective_from", _("must be a day such as 2026-01-01")) from None
    numbers = {name: _number(number, row, name) for name in ("level", "minimum")}
    given = row | numbers | {"effective_from": effective_from, "weights": _weights(number, row)}
    return SchemeRow(**given, order=number * 10, is_sample=is_sample)  # type: ignore[arg-type]


def _weights(number: int, row: dict[str, str]) -> dict[str, int]:
    try:
        return {code: int(weight) for code, weight in (one.split("=") for one in row["weights"].split())}
    except ValueError:
        raise bad_row(number, "weights", _("must be a list such as on_time=30 satisfaction=70")) from None


def _number(number: int, row: dict[str, str], column: str) -> int:
    if not (row[column].isascii() and row[column].isdigit() and len(row[column]) < 7):
        raise bad_row(number, column, _("must be a number"))
    return int(row[column])
