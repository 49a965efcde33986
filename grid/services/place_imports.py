"""Files of places on their way in: buildings, rooms and outlines wait for a worker, who takes all of one or nothing."""

from __future__ import annotations

from datetime import datetime
from typing import IO
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from grid.choices import ImportState, PlaceTable
from grid.models.places import PlaceImport
from grid.outline_files import MOST_BYTES as MOST_OUTLINES
from grid.tables import cells_of, header_of
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.files.names import tidy_name
from shenzhen_gov.core.jobs import Job, run_job
from shenzhen_gov.core.texts import checked_text
from shenzhen_gov.core.workbooks import bad_file

from .buildings import Refusal, take_table
from .keeping import kept_area_ids
from .outlines import take_outlines

MOST_BYTES = 200 * 2**20
SOURCE_LENGTH = 120
JOB = "import_places"
BRACE, WHITE = b"{", b" \t\r\n\xef\xbb\xbf"
FACTS = ("table", "source", "rows", "added", "changed", "faulty")


def ask_import(name: str, file: File, *, source: str, by: Actor, now: datetime) -> PlaceImport:
    """Keep a table to be imported by a worker; its first row is read at once.

    Raises BadInput(field="file") for what is no table of buildings or rooms, NotAllowed without the act anywhere.
    """
    kept_area_ids(by)
    _refuse_size(file, MOST_BYTES)
    table = header_of(next(cells_of(name, file), (0, []))[1])[0]
    return _ask(table, name, file, source, by, now)


def ask_outlines(name: str, file: File, *, source: str, by: Actor, now: datetime) -> PlaceImport:
    """Keep a GeoJSON file of outlines to be imported by a worker; only its beginning is looked at.

    Raises BadInput(field="file") for what is no such file or too large, NotAllowed without the act anywhere.
    """
    kept_area_ids(by)
    _refuse_size(file, MOST_OUTLINES)
    if not file.read(1024).lstrip(WHITE).startswith(BRACE):
        raise bad_file(_("This is no GeoJSON file."))
    return _ask(PlaceTable.OUTLINES, name, file, source, by, now)


def _refuse_size(file: File, most: int) -> None:
    if file.size > most:
        raise bad_file(_("The file has more than %(most)s MB.") % {"most": most // 2**20})


@transaction.atomic
def _ask(table: PlaceTable, name: str, file: File, source: str, by: Actor, now: datetime) -> PlaceImport:
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
    row.file.storage.delete(str(row.file.name))
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
    """Read, check, write and count one file; faults leave nothing of it but the row that names them."""
    try:
        with transaction.atomic():
            if row.table == PlaceTable.OUTLINES:
                take_outlines(row, file, job, by, now)
            else:
                take_table(row, file, job, by)
            audit.record("places.imported", row, by=by, now=now, changes=_facts(row))
        row.state = ImportState.DONE
    except Refusal:
        row.state, row.added, row.changed = ImportState.REFUSED, 0, 0
    job.result = _facts(row)
    row.ended_at = now
    row.save(update_fields=["table", "state", "ended_at", "rows", "added", "changed", "faulty", "faults"])


def _facts(row: PlaceImport) -> dict:
    return {name: getattr(row, name) for name in FACTS}
