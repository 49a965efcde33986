"""Reading dispatch's reference data."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from shenzhen_gov.core.csv_files import bad_row, read_rows

from .services import RequestReasonRow
from .services.closing import CriterionRow

DATA = Path(__file__).resolve().parent / "data"
CRITERION_COLUMNS = ["code", "request_type", "name", "name_en", "evidence", "order", "source"]
REQUEST_REASON_COLUMNS = ["code", "kind", "name", "name_en", "days", "order", "source"]


def read_closing_criteria(path: Path = DATA / "closing_criteria.csv") -> list[CriterionRow]:
    """Return the closing criteria of a file. Raises BadInput naming the row and the column."""
    rows: list[CriterionRow] = []
    for number, row in read_rows(path, CRITERION_COLUMNS):
        if not (row["order"].isascii() and row["order"].isdigit()):
            raise bad_row(number, "order", _("must be a number"))
        if row["code"] in {one.code for one in rows}:
            raise bad_row(number, "code", _("“%(value)s” stands in the file twice") % {"value": row["code"]})
        values: dict[str, Any] = row | {"order": int(row["order"])}
        rows.append(CriterionRow(**values))
    return rows


def read_request_reasons(path: Path = DATA / "request_reasons.csv") -> list[RequestReasonRow]:
    """Return the grounds for requests of a file. Raises BadInput naming the row and the column."""
    rows: list[RequestReasonRow] = []
    for number, row in read_rows(path, REQUEST_REASON_COLUMNS):
        for column in ("order", "days"):
            if not (row[column].isascii() and row[column].isdigit()) and (row[column] or column == "order"):
                raise bad_row(number, column, _("must be a number"))
        if row["code"] in {one.code for one in rows}:
            raise bad_row(number, "code", _("“%(value)s” stands in the file twice") % {"value": row["code"]})
        order, days = int(row.pop("order")), row.pop("days")
        row_days = int(days) if days else None
        rows.append(RequestReasonRow(**row, order=order, days=row_days))  # type: ignore[arg-type]
    return rows
