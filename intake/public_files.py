"""Reading the reference data of the pages without log-in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from dutylist.models import Item
from shenzhen_gov.core.csv_files import bad_row, read_rows

from .files import DATA
from .services import ScreeningRow, ThemeRow

WORD_COLUMNS = ["word", "reason", "source"]
THEME_COLUMNS = ["code", "name", "name_en", "intro", "intro_en", "items", "order", "source"]


def read_screening_words(path: Path = DATA / "screening_words.csv") -> list[ScreeningRow]:
    """Return the screening words of a file. Raises BadInput naming the row and the column."""
    rows: dict[str, ScreeningRow] = {}
    for number, row in read_rows(path, WORD_COLUMNS):
        _require_new(number, "word", row["word"], rows)
        rows[row["word"]] = ScreeningRow(row["word"], row["reason"], row["source"])
    return list(rows.values())


def read_themes(path: Path = DATA / "sample_themes.csv") -> list[ThemeRow]:
    """Return the themes of a file; items are codes with ; between. Raises BadInput naming the row and the column."""
    rows: dict[str, ThemeRow] = {}
    for number, row in read_rows(path, THEME_COLUMNS):
        _require_new(number, "code", row["code"], rows)
        if not row["order"].isdecimal():
            raise bad_row(number, "order", _("must be a number"))
        rows[row["code"]] = ThemeRow(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            intro=row["intro"],
            intro_en=row["intro_en"],
            items=_ids_of(number, row["items"].split(";")),
            order=int(row["order"]),
            source=row["source"],
        )
    return list(rows.values())


def _require_new(number: int, column: str, value: str, known: Iterable[str]) -> None:
    if value in known:
        raise bad_row(number, column, _("“%(value)s” stands in the file twice") % {"value": value})


def _ids_of(number: int, codes: list[str]) -> tuple[int, ...]:
    """Return the ids of duty items; a code that does not exist refuses the row."""
    wanted = [code.strip() for code in codes if code.strip()]
    known = dict(Item.objects.filter(code__in=wanted).values_list("code", "pk"))
    for code in wanted:
        if code not in known:
            raise bad_row(number, "items", _("there is no duty item “%(code)s”") % {"code": code})
    return tuple(known[code] for code in wanted)
