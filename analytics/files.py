"""Reading the reference data of analytics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _

from shenzhen_gov.core.csv_files import bad_row, read_rows

from .services.indicators import Definition, IndicatorRow

DATA = Path(__file__).resolve().parent / "data"
INDICATOR_COLUMNS = ["code", "group", "name", "name_en", "owner", "effective_from", "numerator", "denominator"]
INDICATOR_COLUMNS += ["weights", "ranked", "measure", "better", "target", "formula", "formula_en", "source"]


def read_indicators(path: Path = DATA / "indicators.csv") -> list[IndicatorRow]:
    """Return the indicators of a file, in its order. Raises BadInput naming the row and the column."""
    return [_indicator(number, row) for number, row in read_rows(path, INDICATOR_COLUMNS)]


def _indicator(number: int, row: dict[str, str]) -> IndicatorRow:
    try:
        effective_from = date.fromisoformat(row["effective_from"])
    except ValueError:
        raise bad_row(number, "effective_from", _("must be a day such as 2026-01-01")) from None
    return IndicatorRow(
        row["code"], row["group"], row["name"], row["name_en"], number * 10, row["owner"], effective_from,
        _definition(number, row),
    )  # fmt: skip


def _definition(number: int, row: dict[str, str]) -> Definition:
    try:
        target = Decimal(row["target"]) if row["target"] else None
        weights = {code: float(weight) for code, weight in (one.split("=") for one in row["weights"].split())}
    except (InvalidOperation, ValueError):
        raise bad_row(number, "target", _("must be a number")) from None
    return Definition(
        formula=row["formula"], formula_en=row["formula_en"], source=row["source"], measure=row["measure"],
        numerator=row["numerator"].split(), denominator=row["denominator"].split(), weights=weights,
        is_ranked_only=row["ranked"] == "1", better=row["better"], target=target,
    )  # fmt: skip
