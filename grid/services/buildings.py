"""Importing the address register: tables of buildings and rooms, the whole table or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

from grid.choices import Level, PlaceTable
from grid.faults import Wrong
from grid.keys import building_keys
from grid.models import Area, Building
from grid.models.places import PlaceImport
from grid.tables import BUILDING_LENGTH, Column, cells_of, header_of, read_row, refuse_empty
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.jobs import Job

from .keeping import kept_area_ids
from .staging import Staging

PREFIXES = (16, 14, 12)  # digits of a sub-cell, a cell, a community
BATCH = 5_000
FAULTS_KEPT = 200


class Refusal(Exception):
    """Takes everything of an import back; its row names the faults."""


class Territory:
    """The areas codes begin with, and which of them the importer may write to."""

    def __init__(self, by: Actor):
        self.areas: dict[str, tuple[int, str]] = {
            code: (pk, name)
            for code, pk, name in Area.objects.filter(level__gte=Level.COMMUNITY, is_active=True).values_list(
                "code", "pk", "name"
            )
        }
        self.city = next(iter(self.areas), "")[:4]
        self.allowed = kept_area_ids(by)

    def area_of(self, code: str) -> tuple[str, int]:
        """Return (code, id) of the smallest area that a house code begins with; raises Wrong."""
        for digits in PREFIXES:
            if (found := self.areas.get(code[:digits])) is not None:
                if not self.holds(found[0]):
                    raise Wrong("outside", value=found[1])
                return code[:digits], found[0]
        if code[:4] != self.city:
            raise Wrong("other_city", value=code[:6])
        raise Wrong("no_area", value=code[:12])

    def holds(self, area_id: int | None) -> bool:
        """Whether the importer may write there."""
        return self.allowed is None or area_id in self.allowed

    def ids(self) -> list[int]:
        """Return the areas the importer may write to."""
        return list(self.allowed if self.allowed is not None else Area.objects.values_list("pk", flat=True))


def take_table(row: PlaceImport, file: IO[bytes], job: Job, by: Actor) -> None:
    """Read, check and write one table, counted in `row`, which is not saved.

    Raises Refusal when rows are faulty, BadInput(field="file") for what is no such table, NotAllowed without the act.
    """
    lines = cells_of(row.name, file)
    row.table, columns = header_of(next(lines, (0, []))[1])
    _Import(row, Territory(by), columns, job).run(lines)


class _Import:
    """One table on its way through the staging."""

    def __init__(self, row: PlaceImport, territory: Territory, columns: list[tuple[int, Column]], job: Job):
        self.row, self.territory, self.columns, self.job = row, territory, columns, job
        self.staging = Staging(PlaceTable(row.table))
        self.elsewhere: list[str] = []

    def run(self, lines: Iterator[tuple[int, list[str]]]) -> None:
        """Stage all rows, check them together, take them over. Raises Refusal when there are faults."""
        while batch := list(islice(lines, BATCH)):
            self.staging.add(self._checked(batch))
            self.row.rows += len(batch)
            self.job.progress(self.row.rows)
        refuse_empty(self.row.rows)
        self.staging.ready()
        self._check_together()
        if self.row.faulty:
            raise Refusal
        self.row.added, self.row.changed = self.staging.take()
        self.staging.drop()
        index_buildings(Building.objects.filter(code__in=self.elsewhere).values_list("pk", flat=True))

    def _checked(self, batch: list[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, Any]]]:
        is_buildings = self.row.table == PlaceTable.BUILDINGS
        for number, cells in batch:
            values, faults = read_row(cells, self.columns)
            for column, wrong in faults:
                self._fault(number, column, wrong)
            if faults:
                continue
            try:
                area_code, values["area_id"] = self._place(values["code"])
            except Wrong as wrong:
                self._fault(number, "code", wrong)
                continue
            yield number, _building(values, area_code, self.row.source) if is_buildings else _room(values)

    def _place(self, code: str) -> tuple[str, int | None]:
        """Return where a building lies; of a room its building says that."""
        return self.territory.area_of(code) if self.row.table == PlaceTable.BUILDINGS else ("", None)

    def _check_together(self) -> None:
        for number, code, first in self.staging.twice(FAULTS_KEPT):
            self._fault(number, "code", Wrong("twice", value=code, row=first))
        for number, code, area_id in self.staging.at_home_elsewhere():
            self.elsewhere.append(code)
            if not self.territory.holds(area_id):
                self._fault(number, "code", Wrong("outside", value=code))
        for number, code, lies_in in self.staging.without_building(self.territory.ids(), FAULTS_KEPT):
            wrong = Wrong("no_building" if lies_in is None else "outside", value=code)
            self._fault(number, "code", wrong)

    def _fault(self, number: int, column: str, wrong: Wrong) -> None:
        self.row.faulty += 1
        if len(self.row.faults) < FAULTS_KEPT:
            self.row.faults.append({"row": number, "column": column, "code": wrong.code, "facts": wrong.facts})


def _building(values: dict[str, Any], area_code: str, source: str) -> dict[str, Any]:
    address = values.get("address", "")
    filled = {"address": address, "use": values.get("use", "housing"), "source": source}
    return values | filled | {"keys": building_keys(area_code, values["name"], address)}


def _room(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"building_code": values["code"][:BUILDING_LENGTH]}


def index_buildings(building_ids: Iterable[int]) -> int:
    """Renew what a search finds these buildings by, after their name, address or area changed; returns how many."""
    rows = list(Building.objects.filter(pk__in=list(building_ids)).select_related("area"))
    for row in rows:
        row.keys = building_keys(row.area.code, row.name, row.address)
    return Building.objects.bulk_update(rows, ["keys"], batch_size=1000)
