"""The responsible units that a file gives an item: rows of the second sheet, or functions on the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dutylist.by_function import Holders, nearest_units, units_by_function
from dutylist.content import same_rows
from grid.models import Area
from shenzhen_gov.core.texts import joined

from .columns import ITEMS, ROWS, column
from .faults import Faults
from .listing import Listing, row_cells

if TYPE_CHECKING:
    from .reading import Entry


@dataclass(frozen=True)
class RowRecord:
    """One row of the second sheet: its number as Excel counts, and its cells."""

    number: int
    record: dict[str, str]

    def cells(self) -> tuple[str, ...]:
        """Return the cells as an export would write them."""
        return tuple(self.record.get(name, "") for name in ("area", "lead", "co", "fallback", "note"))


class RowReader:
    """Turns the rows of entries into data; what cannot be understood is noted by its cell."""

    def __init__(self, within: Area, listing: Listing, entries: Iterable[Entry], on: date, faults: Faults):
        self.within, self.listing, self.on, self.faults = within, listing, on, faults
        records = [record.record for entry in entries for record in entry.rows]
        units = {record.get(name, "") for record in records for name in ("lead", "fallback")}
        units |= {word for text in {record.get("co", "") for record in records} for word in _co(text)}
        self.areas, self.units = listing.areas_and_units(on, {record.get("area", "") for record in records}, units)

    @cached_property
    def holders(self) -> Holders:
        """Return who has which function, inside the territory of the list."""
        inside = self.within.path
        return {
            function: found
            for function, units in units_by_function(self.on).items()
            if (found := {path: unit for path, unit in units.items() if path.startswith(inside)})
        }

    def changed_rows(self, entry: Entry) -> list[dict] | None:
        """Return the new complete set of rows, or None when the file leaves them as they are."""
        lead = entry.record.get("lead_function", "")
        if entry.rows and lead:
            self.faults.add(ITEMS, entry.row, "lead_function", _("The item has rows on the other sheet as well."))
        rows = self._of_sheet(entry) if entry.rows else self._of_function(entry, lead) if lead else None
        return None if rows is None or same_rows(self.listing.rows.get(entry.code, []), rows) else rows

    def _of_sheet(self, entry: Entry) -> list[dict]:
        current = self.listing.rows.get(entry.code, [])
        if sorted(record.cells() for record in entry.rows) == sorted(row_cells(current, self.areas, self.units)):
            return current
        seen: dict[int, int] = {}
        return [row for record in entry.rows if (row := self._row(record, seen)) is not None]

    def _row(self, record: RowRecord, seen: dict[int, int]) -> dict | None:
        area = self._area(record, seen)
        lead = self._unit(record, "lead", record.record.get("lead", ""), needed=True)
        co = [self._unit(record, "co", name) for name in _co(record.record.get("co", ""))]
        fallback = self._unit(record, "fallback", record.record.get("fallback", ""))
        if area is None or lead is None:
            return None
        others = [unit for unit in dict.fromkeys(co) if unit and unit != lead]
        return {"area": area, "lead": lead, "co": others, "fallback": fallback, "note": record.record.get("note", "")}

    def _area(self, record: RowRecord, seen: dict[int, int]) -> int | None:
        text = record.record.get("area", "")
        if not text:
            return self._say(record, "area", _("The area is missing."))
        try:
            area = self.areas.find(text)
        except ValueError as error:
            return self._say(record, "area", str(error))
        if not self.areas.paths[area].startswith(self.within.path):
            facts = {"area": text, "list": self.within}
            return self._say(record, "area", _("%(area)s lies outside of %(list)s.") % facts)
        if seen.setdefault(area, record.number) != record.number:
            return self._say(record, "area", _("Row %(row)s is about the same area.") % {"row": seen[area]})
        return area

    def _unit(self, record: RowRecord, name: str, text: str, *, needed: bool = False) -> int | None:
        if not text:
            return self._say(record, name, _("The unit is missing.")) if needed else None
        try:
            found = self.units.find(text)
        except ValueError as error:
            return self._say(record, name, str(error))
        unit = self.units.units[found]
        if unit.opened_on > self.on or (unit.closed_on is not None and unit.closed_on <= self.on):
            facts = {"unit": unit.name, "day": self.on}
            return self._say(record, name, _("%(unit)s is not open on %(day)s.") % facts)
        return found

    def _of_function(self, entry: Entry, lead: str) -> list[dict] | None:
        """Return a row for every open unit with the lead function, in its home area."""
        functions = column(ITEMS, "co_functions").cell.read(entry.record.get("co_functions", ""))
        for name, wanted in (("lead_function", [lead]), ("co_functions", functions)):
            if unknown := [one for one in wanted if one not in self.holders]:
                text = _("No open unit here has the function “%(function)s”.") % {"function": joined(unknown)}
                self.faults.add(ITEMS, entry.row, name, text)
        return [
            {
                "area": unit.home_area_id,
                "lead": unit.pk,
                "co": list(nearest_units(functions, unit, self.holders)),
                "fallback": None,
                "note": "",
            }
            for unit in self.holders.get(lead, {}).values()
        ]

    def _say(self, record: RowRecord, name: str, text: str) -> Any:
        """Note a fault; what the cell stands for is not known then: None."""
        self.faults.add(ROWS, record.number, name, text)


def _co(text: str) -> list[str]:
    return column(ROWS, "co").cell.read(text)
