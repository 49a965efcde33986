"""What is wrong with an imported file, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .columns import BY_NAME, ITEMS, SHEET_TITLES


@dataclass(frozen=True)
class Fault:
    """One fault: the sheet (columns.ITEMS or ROWS), the row as Excel counts, the column's stable name or "", why."""

    sheet: str
    row: int
    column: str
    text: str

    def where(self) -> str:
        """Return the place in words."""
        heading = self.heading()
        facts = {"sheet": SHEET_TITLES[self.sheet], "row": self.row, "column": heading}
        if not heading:
            return _("Sheet “%(sheet)s”, row %(row)s") % facts
        return _("Sheet “%(sheet)s”, row %(row)s, column “%(column)s”") % facts

    def heading(self) -> str:
        """Return the heading of the column in the reader's language."""
        found = BY_NAME.get((self.sheet, self.column))  # a kept fault may name a column of an earlier release
        return str(found.label) if found else self.column


class Faults:
    """Collects faults; a cell that is wrong already is not said to be wrong again."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self._places: set[tuple[str, int, str]] = set()

    def add(self, sheet: str, row: int, name: str, text: str | Promise) -> None:
        """Note one fault."""
        place = (sheet, row, name)
        if place not in self._places:
            self._places.add(place)
            self.found.append(Fault(sheet, row, name, str(text)))

    def has(self, sheet: str, row: int, name: str) -> bool:
        """Whether something is said about this cell."""
        return (sheet, row, name) in self._places

    def sorted(self) -> list[Fault]:
        """Return all of them, the first sheet first, from top to bottom."""
        return sorted(self.found, key=lambda fault: (fault.sheet != ITEMS, fault.row))
