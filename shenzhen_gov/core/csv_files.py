"""Reading a CSV file of reference data; every error is named by its row."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .exceptions import BadInput
from .texts import joined


def read_rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (row number, row) of a UTF-8 CSV file. Raises BadInput for another encoding or missing columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if missing := [name for name in columns if name not in (rows.fieldnames or [])]:
                raise BadInput(_("The first row lacks the column: %(columns)s") % {"columns": joined(missing)})
            for row in rows:
                yield rows.line_num, {name: (row[name] or "").strip() for name in columns}
    except UnicodeDecodeError as error:
        raise BadInput(_("The file is not UTF-8 (byte %(place)s).") % {"place": error.start}) from error
    except OSError as error:
        raise BadInput(_("The file cannot be read: %(why)s") % {"why": error.strerror}) from error


def bad_row(number: int, column: str, reason: str | Promise) -> BadInput:
    """Return the refusal that names a row and a column of a file."""
    text = _("Row %(row)s, column %(column)s: %(reason)s") % {"row": number, "column": column, "reason": reason}
    return BadInput(text, field=column)
