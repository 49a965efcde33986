"""Importing the address register: tables of buildings and rooms, the whole table or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from grid.choices import ImportState, Level, PlaceTable
from grid.keys import building_keys
from grid.models import Area, Building
from grid.models.places import PlaceImport
from grid.tables import BUILDING_LENGTH, Column, Wrong, cells_of, header_of, read_row, refuse_empty
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.files.names import tidy_name
from shenzhen_gov.core.jobs import Job, run_job
from shenzhen_gov.core.texts import checked_text

from .keeping import kept_area_ids
from .staging import Staging

PREFIXES = (16, 14, 12)  # digits of a sub-cell, a cell, a community
BATCH = 5_000
FAULTS_KEPT = 200
MOST_BYTES = 200 * 2**20
SOURCE_LENGTH = 120
JOB = "import_places"


class Refusal(Exception):
    """Takes everything of an import back."""


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


@transaction.atomic
def ask_import(name: str, file: File, *, source: str, by: Actor, now: datetime) -> PlaceImport:
    """Keep a table to be imported by a worker; its first row is read at once.

    Raises BadInput(field="file") for what is no table of buildings or rooms, NotAllowed without the act anywhere.
    """
    kept_area_ids(by)
    if file.size > MOST_BYTES:
        raise BadInput(_("The file has more than %(most)s MB.") % {"most": MOST_BYTES // 2**20}, field="file")
    table = header_of(next(cells_of(name, file), (0, []))[1])[0]
    file.seek(0)
    return PlaceImport.objects.create(
        table=table, name=tidy_name(name)[:120], file=File(file, uuid4().hex), asked_at=now, asked_by=by.user,
        source=checked_text(source, SOURCE_LENGTH, field="source"),
    )  # fmt: skip


def run_imports(*, now: datetime) -> int:
    """Carry out the imports that wait, oldest first; returns how many. One that was killed is found again."""
    done = 0
    while (row := PlaceImport.objects.filter(state=ImportState.ASKED).order_by("pk").first()) is not None:
        if not _run_one(row, now):
            break
        done += 1
    return done


def _run_one(row: PlaceImport, now: datetime) -> bool:
    """Carry out one import while its row is locked, so that no other worker does, too."""
    by = Actor.staff(row.asked_by) if row.asked_by else Actor.system(JOB)
    asked = PlaceImport.objects.filter(pk=row.pk, state=ImportState.ASKED)
    try:
        with run_job(job_name(row.pk), by=by, now=now, quiet=True) as job, transaction.atomic():
            locked = asked.select_for_update(skip_locked=True, of=("self",)).first()
            if locked is None:
                return False
            with locked.file.open("rb") as file:
                _carry_out(locked, file, job, by, now)
    except Refused as refusal:
        fault = {"row": 0, "column": "", "code": "file", "facts": {"text": str(refusal)}}
        asked.update(state=ImportState.REFUSED, ended_at=now, faulty=1, faults=[fault])
    except Exception:
        asked.update(state=ImportState.FAILED, ended_at=now)
        raise
    finally:
        if not asked.exists():
            _forget_file(row)
    return True


def _forget_file(row: PlaceImport) -> None:
    row.file.storage.delete(row.file.name)
    PlaceImport.objects.filter(pk=row.pk).update(file="")


def job_name(import_id: int) -> str:
    """Return the name of the job run that shows how far an import is."""
    return f"{JOB} {import_id}"


def import_places(name: str, file: IO[bytes], *, source: str, by: Actor, now: datetime) -> PlaceImport:
    """Import a table here and now; the row returned says what became of it, with the first faults.

    Raises BadInput(field="file") for what is no such table, NotAllowed without the act anywhere.
    """
    with run_job(JOB, by=by, now=now) as job, transaction.atomic():
        row = PlaceImport.objects.create(
            table=PlaceTable.BUILDINGS, name=tidy_name(name)[:120], asked_at=now, asked_by=by.user,
            source=checked_text(source, SOURCE_LENGTH, field="source"),
        )  # fmt: skip
        _carry_out(row, file, job, by, now)
    return row


def _carry_out(row: PlaceImport, file: IO[bytes], job: Job, by: Actor, now: datetime) -> None:
    """Read, check, write and count one table; faults leave nothing of it but the row that names them."""
    lines = cells_of(row.name, file)
    table, columns = header_of(next(lines, (0, []))[1])
    row.table = table
    try:
        with transaction.atomic():
            _Import(row, Territory(by), columns, job).run(lines)
            audit.record("places.imported", row, by=by, now=now, changes=_facts(row))
        row.state = ImportState.DONE
    except Refusal:
        row.state, row.added, row.changed = ImportState.REFUSED, 0, 0
    job.result = _facts(row)
    _end(row, now)


def _facts(row: PlaceImport) -> dict:
    return {name: getattr(row, name) for name in ("table", "source", "rows", "added", "changed", "faulty")}


def _end(row: PlaceImport, now: datetime) -> None:
    row.ended_at = now
    row.save(update_fields=["table", "state", "ended_at", "rows", "added", "changed", "faulty", "faults"])


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
        for number, code, area_id in self.staging.without_building(self.territory.ids(), FAULTS_KEPT):
            wrong = Wrong("no_building" if area_id is None else "outside", value=code)
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
