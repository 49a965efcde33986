"""Registering the requests of a hall or a meeting from one table: all of them or none, or the good rows, as chosen."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.sheets.columns import BY_NAME
from intake.sheets.reading import Fault, Row
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .registration import faults_of, register_once

ALL, GOOD = "all", "good"


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row: the number of its case, and whether this run made it; no number where it was refused."""

    row: Row
    number: str = ""
    created: bool = False


@dataclass(frozen=True)
class SheetOutcome:
    """What became of a table; `written` False: nothing of it is registered."""

    rows: list[RowOutcome]
    written: bool

    @property
    def faulty(self) -> list[RowOutcome]:
        """Return the rows that were refused."""
        return [one for one in self.rows if one.row.faults]

    @property
    def made(self) -> list[RowOutcome]:
        """Return the rows that became cases now."""
        return [one for one in self.rows if one.created]

    @property
    def known(self) -> list[RowOutcome]:
        """Return the rows that had become cases before."""
        return [one for one in self.rows if one.number and not one.created]


class _Undo(Exception):
    """Takes back everything of a table."""


def register_sheet(rows: Sequence[Row], *, mode: str, dry: bool = False, by: Actor, now: datetime) -> SheetOutcome:
    """Register the rows in one transaction. With mode "all" one faulty row leaves everything unwritten.

    The same row again on the same day is the same case, so a table sent twice makes nothing twice. With `dry` it is
    tried in full and taken back. Faults are added to the rows.
    """
    outcomes: list[RowOutcome] = []
    try:
        with transaction.atomic():
            keys = _keys(rows, now)
            outcomes = [_register(row, key, by, now) for row, key in zip(rows, keys, strict=True)]
            if dry or (mode == ALL and any(row.faults for row in rows)):
                raise _Undo
    except _Undo:
        kept = [one if not one.created else RowOutcome(one.row) for one in outcomes]
        return SheetOutcome(kept, written=False)
    return SheetOutcome(outcomes, written=True)


def _register(row: Row, key: str, by: Actor, now: datetime) -> RowOutcome:
    if not row.faults:
        try:
            with transaction.atomic():
                done = register_once(row.data, by=by, now=now, idempotency_key=key)
            return RowOutcome(row, done.case.number, done.created)
        except Refused as refusal:
            row.faults.append(_fault(refusal))
    # whoever mends the row is told all of it at once
    named = {fault.column for fault in row.faults}
    others = [_fault(refusal) for refusal in faults_of(row.data, on=timezone.localdate(now))]
    row.faults += [fault for fault in others if fault.column not in named]
    return RowOutcome(row)


def _fault(refusal: Refused) -> Fault:
    return Fault(refusal.field if refusal.field in BY_NAME else "", str(refusal))


def _keys(rows: Sequence[Row], now: datetime) -> list[str]:
    """Return a key a row: its day and content, and which of several equal rows it is."""
    seen: Counter[str] = Counter()
    keys = []
    for row in rows:
        given = json.dumps(asdict(row.data), sort_keys=True, default=str)
        digest = hashlib.sha256(given.encode()).hexdigest()[:40]
        seen[digest] += 1
        keys.append(f"sheet-{timezone.localdate(now):%Y%m%d}-{digest}-{seen[digest]}")
    return keys
