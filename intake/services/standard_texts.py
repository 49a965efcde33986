"""Standard texts: what agents write again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from grid.services.reference import Reference, load_rows, save_row
from intake.models import StandardText
from shenzhen_gov.core.actor import Actor

TABLE = Reference(StandardText, key="code", action="standard_text.changed", label="title")


@dataclass(frozen=True)
class StandardTextRow:
    """A standard text as the file or a form gives it."""

    code: str
    kind: str
    title: str
    text: str
    order: int
    source: str
    is_active: bool = True


@transaction.atomic
def load_standard_texts(rows: Iterable[StandardTextRow], *, overwrite: bool, by: Actor, now: datetime) -> list[str]:
    """Add the texts that are missing; see `reference.load_rows`."""
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_standard_text(row: StandardTextRow, *, by: Actor, now: datetime) -> StandardText:
    """Add or change one text, known by its code."""
    return save_row(TABLE, row, by=by, now=now)
