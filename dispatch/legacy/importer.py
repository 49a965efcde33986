"""Importing a file: rows become closed cases with their decision and work order. A services module.

The file says who handled a case, when it came in, and whether it ended in time; it does not say when it was signed,
reported or closed, nor by which deadline. What is not known stays empty: no clock is invented, no end is written, so
that no average is ever made of made-up times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dispatch.choices import DecisionMode, DecisionOutcome, WorkRole
from dispatch.models import Decision, Round, WorkOrder
from dispatch.reasons import reason
from dispatch.workflow import DONE
from intake.bulk import CaseReference, ImportedCase, already_imported, import_cases
from intake.choices import PlaceSource
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in, reserve_keys
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.jobs import run_job

from .mapping import Mapping
from .reader import Contents, LegacyRow, read_file
from .registry import Added, Registry, register

JOB = "import_legacy"
BATCH = 1000
LOCK = 0x1E6AC7  # any number: two imports at a time would set up the same units twice

Progress = Callable[[int, int], None]


@dataclass
class Summary:
    """What an import did, or with `dry_run` would have done."""

    contents: Contents
    dry_run: bool
    imported: int = 0
    skipped: int = 0  # here already
    added: Added | None = None
    notes: Counter[str] = field(default_factory=Counter)

    def facts(self) -> dict[str, Any]:
        """Return the figures as they are kept with the job run."""
        return {
            "read": self.contents.read,
            "imported": self.imported,
            "here_already": self.skipped,
            "repeated": self.contents.repeated,
            "rejected": len(self.contents.rejects),
            "encoding": self.contents.encoding,
            "notes": dict(self.notes),
        }


def import_file(
    path: Path,
    mapping: Mapping,
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
    limit: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Summary:
    """Import a file in batches of 1,000 rows, each whole or not at all; run again, it goes on where it stopped.

    Raises BadInput for a file or mapping that cannot be used, Refused while another import runs. A row is known by its
    outside number, and is never changed once it is here.
    """
    contents = read_file(path, mapping, now=now, limit=limit)
    summary = Summary(contents, dry_run)
    if dry_run:
        _rehearse(contents, mapping, summary, by, now)
        return summary
    with _only_one(), run_job(JOB, by=by, now=now) as job:
        job.message, total = path.name, len(contents.rows)
        registry, summary.added = register(contents.rows, mapping, by=by, now=now)
        progress(0, total)
        for batch in _batches(contents.rows):
            _import_batch(batch, registry, mapping, summary, by=by, now=now)
            job.result = summary.facts()
            job.progress(job.done + len(batch), total)
            progress(job.done, total)
    return summary


def _rehearse(contents: Contents, mapping: Mapping, summary: Summary, by: Actor, now: datetime) -> None:
    """Find out what an import would do, in a transaction that is rolled back."""
    with transaction.atomic():
        registry, summary.added = register(contents.rows, mapping, by=by, now=now)
        for batch in _batches(contents.rows):
            fresh = _fresh(batch, mapping, summary)
            summary.imported += len(fresh)
            summary.notes.update(note for row in fresh for note in _notes(row, registry, mapping))
        transaction.set_rollback(True)


def _batches(rows: Sequence[LegacyRow]) -> Iterator[list[LegacyRow]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _fresh(batch: list[LegacyRow], mapping: Mapping, summary: Summary) -> list[LegacyRow]:
    """Return the rows that are not here yet, and count the others."""
    here = already_imported((row.external_id for row in batch), origin=mapping.origin)
    summary.skipped += len(here)
    return [row for row in batch if row.external_id not in here]


@transaction.atomic
def _import_batch(
    batch: list[LegacyRow], registry: Registry, mapping: Mapping, summary: Summary, *, by: Actor, now: datetime
) -> None:
    rows = _fresh(batch, mapping, summary)
    if not rows:
        return
    notes = [_notes(row, registry, mapping) for row in rows]
    given = [_imported_case(row, told, registry, mapping) for row, told in zip(rows, notes, strict=True)]
    cases = import_cases(given, by=by, now=now)
    _write_handling([pair for pair in zip(rows, cases, strict=True) if pair[0].unit_id], registry, by)
    summary.imported += len(rows)
    summary.notes.update(note for told in notes for note in told)


def _imported_case(row: LegacyRow, notes: list[str], registry: Registry, mapping: Mapping) -> ImportedCase:
    found = registry.places.find(row.subdistrict, row.community)
    item_id, version_id = registry.items[row.path]
    return ImportedCase(
        origin=mapping.origin,
        external_id=row.external_id,
        channel_id=registry.channels[row.channel],
        request_type=row.request_type,
        title=row.path[2],
        registered_at=row.registered_at,
        area_id=found.area.pk,
        place_source=PlaceSource.IMPORTED if found.certain else PlaceSource.UNKNOWN,
        item_id=item_id,
        item_version_id=version_id,
        holder_id=registry.holder_id,
        legacy={
            "source": mapping.name,
            "on_time": row.on_time,
            "unit_name": row.unit_name,
            "notes": notes,
            "row": row.words,
        },
    )


def _notes(row: LegacyRow, registry: Registry, mapping: Mapping) -> list[str]:
    """Return what about a row could not be taken over as it stands."""
    notes = []
    if place := registry.places.find(row.subdistrict, row.community).note:
        notes.append(place)
    elif not registry.places.find(row.subdistrict, row.community).certain:
        notes.append(_("no place but the district"))
    if row.unit_id is None:
        notes.append(_("no handling unit"))
    if row.on_time is None:
        notes.append(_("neither in time nor overdue"))
    word = row.words.get(mapping.columns.get("request_type", ""))
    if word and word not in mapping.request_types:
        notes.append(_("kind of request “%(word)s” is not in the mapping file") % {"word": word})
    if row.channel not in mapping.channels:
        notes.append(_("channel “%(word)s” is not in the mapping file") % {"word": row.channel})
    return notes


def _write_handling(pairs: list[tuple[LegacyRow, CaseReference]], registry: Registry, by: Actor) -> None:
    """Write round, decision and work order of cases whose handling unit is known."""
    decisions, orders = reserve_keys(Decision, len(pairs)), reserve_keys(WorkOrder, len(pairs))
    facts = [_Handled(row, case, registry) for row, case in pairs]
    copy_in(Round, ({"case_id": one.case_id, "number": 1, "opened_at": one.at} for one in facts))
    copy_in(Decision, (one.decision(key, by) for one, key in zip(facts, decisions, strict=True)))
    copy_in(
        WorkOrder, (one.work_order(key, decision) for one, key, decision in zip(facts, orders, decisions, strict=True))
    )


class _Handled:
    """What is known of how one case was handled."""

    def __init__(self, row: LegacyRow, case: CaseReference, registry: Registry):
        self.case_id, self.at = case.pk, row.registered_at
        self.unit_id = registry.units[row.unit_id or ""]
        self.unit_name = row.unit_name or row.unit_id
        self.area_id = registry.places.find(row.subdistrict, row.community).area.pk
        self.version_id = registry.items[row.path][1]

    def decision(self, key: int, by: Actor) -> dict[str, Any]:
        """Return the decision: imported, with the unit under the name it had then."""
        return {
            "id": key,
            "case_id": self.case_id,
            "made_at": self.at,
            "mode": DecisionMode.IMPORTED.value,
            "outcome": DecisionOutcome.DISPATCHED.value,
            "item_version_id": self.version_id,
            "area_id": self.area_id,
            "unit_id": self.unit_id,
            "decided_by": by.name,
            "reasons": [reason("imported", unit=self.unit_name)],
        }

    def work_order(self, key: int, decision_id: int) -> dict[str, Any]:
        """Return the lead work order: done, at an unknown time."""
        return {
            "id": key,
            "case_id": self.case_id,
            "seq": 1,
            "role": WorkRole.LEAD.value,
            "state": DONE,
            "unit_id": self.unit_id,
            "area_id": self.area_id,
            "decision_id": decision_id,
            "assigned_at": self.at,
        }


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold a lock of the database session; raises Refused when another session holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Refused(_("Another import is running; wait until it has ended."))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
