"""Reading intake's reference data."""

from pathlib import Path

from django.utils.translation import gettext as _

from shenzhen_gov.core.csv_files import bad_row, read_rows

from .services import ChannelRow

DATA = Path(__file__).resolve().parent / "data"
CHANNEL_COLUMNS = ["code", "name", "name_en", "origin", "default_urgency", "order", "source"]


def read_channels(path: Path = DATA / "channels.csv") -> list[ChannelRow]:
    """Return the channels of a file. Raises BadInput naming the row and the column."""
    rows: list[ChannelRow] = []
    seen: dict[str, set[str]] = {"code": set(), "origin": set()}
    for number, row in read_rows(path, CHANNEL_COLUMNS):
        if not row["order"].isdigit():
            raise bad_row(number, "order", _("must be a number"))
        for column, values in seen.items():
            if row[column] in values:
                raise bad_row(number, column, _("“%(value)s” stands in the file twice") % {"value": row[column]})
            values.add(row[column])
        order = int(row.pop("order"))
        rows.append(ChannelRow(**row, order=order, is_active=True))
    return rows
