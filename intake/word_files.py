"""Reading files of place names and of hint words; what is wrong is named by row and column."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from shenzhen_gov.core.csv_files import bad_row, read_rows
from shenzhen_gov.core.exceptions import BadInput

from .files import DATA
from .selectors.areas import area_ids_by_words
from .services.hint_words import HintRow, check_hint_word
from .services.place_names import PlaceNameRow, check_place_name

PLACE_COLUMNS = ["name", "kind", "area", "source"]
HINT_COLUMNS = ["word", "kind", "value", "weight", "source"]


def read_place_names(path: Path) -> list[PlaceNameRow]:
    """Return the names of a file; `area` is a code, or the names from the district down: 南山区/粤海街道.

    Raises BadInput naming the row and the column.
    """
    rows, areas, seen = [], area_ids_by_words(), set()
    for number, row in read_rows(path, PLACE_COLUMNS):
        area_id, level = areas.get(row["area"], (0, 0))
        if not area_id:
            raise bad_row(number, "area", _("“%(value)s” is no area in use") % {"value": row["area"][:60]})
        with _naming(number):
            check_place_name(row["name"], row["kind"], level)
        if (row["name"], area_id) in seen:
            raise bad_row(number, "name", _("“%(value)s” stands in the file twice") % {"value": row["name"]})
        seen.add((row["name"], area_id))
        rows.append(PlaceNameRow(row["name"], row["kind"], area_id, row["source"][:120]))
    return rows


def read_hint_words(path: Path = DATA / "hint_words.csv") -> list[HintRow]:
    """Return the hint words of a file. Raises BadInput naming the row and the column."""
    rows = []
    for number, row in read_rows(path, HINT_COLUMNS):
        if not row["weight"].isdigit():
            raise bad_row(number, "weight", _("must be a number"))
        found = HintRow(row["word"], row["kind"], row["value"], int(row["weight"][:4]), row["source"][:120])
        with _naming(number):
            check_hint_word(found)
        rows.append(found)
    return rows


@contextmanager
def _naming(number: int):
    """Name the row in what is refused inside."""
    try:
        yield
    except BadInput as error:
        raise bad_row(number, error.field or "", str(error)) from error
