"""Reading the CSV files of grid/data: whole, checked, every error with its row and column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from grid.choices import Act
from grid.services.roles import RoleRow
from shenzhen_gov.core.exceptions import BadInput

DATA = Path(__file__).resolve().parent / "data"
ROLE_COLUMNS = ["code", "name", "name_en", "order", "start_page", "acts"]


def read_roles(path: Path = DATA / "roles.csv") -> list[RoleRow]:
    """Return the roles of a file. Raises BadInput naming the row and the column."""
    return [_role(number, row) for number, row in read_rows(path, ROLE_COLUMNS)]


def read_rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (row number, row) of a UTF-8 CSV file; raises BadInput for another encoding or other columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if missing := [name for name in columns if name not in (rows.fieldnames or [])]:
                raise BadInput(_("The first row lacks the column: %(columns)s") % {"columns": ", ".join(missing)})
            for row in rows:
                yield rows.line_num, {name: (row[name] or "").strip() for name in columns}
    except UnicodeDecodeError as error:
        raise BadInput(_("The file is not UTF-8 (byte %(place)s).") % {"place": error.start}) from error
    except OSError as error:
        raise BadInput(_("The file cannot be read: %(why)s") % {"why": error.strerror}) from error


def bad_row(number: int, column: str, reason: str) -> BadInput:
    """Return the refusal that names a row and a column of a file."""
    text = _("Row %(row)s, column %(column)s: %(reason)s") % {"row": number, "column": column, "reason": reason}
    return BadInput(text, field=column)


def _role(number: int, row: dict[str, str]) -> RoleRow:
    acts = tuple(act for act in row["acts"].split(";") if act)
    if unknown := [act for act in acts if act not in Act.values]:
        raise bad_row(number, "acts", _("unknown act %(act)s") % {"act": unknown[0]})
    for column in ("code", "name", "name_en"):
        if not row[column]:
            raise bad_row(number, column, _("must not be empty"))
    if not row["order"].isdigit():
        raise bad_row(number, "order", _("must be a number"))
    return RoleRow(row["code"], row["name"], row["name_en"], int(row["order"]), row["start_page"], acts)
