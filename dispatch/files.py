"""Reading dispatch's reference data."""

from pathlib import Path

from django.utils.translation import gettext as _

from shenzhen_gov.core.csv_files import bad_row, read_rows

from .services import RequestReasonRow

DATA = Path(__file__).resolve().parent / "data"
REQUEST_REASON_COLUMNS = ["code", "kind", "name", "name_en", "days", "order", "source"]


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
        rows.append(RequestReasonRow(**row, order=order, days=int(days) if days else None))
    return rows
