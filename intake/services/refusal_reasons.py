"""Reasons for refusing: shipped as data, changed by administrators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from grid.services.reference import Reference, load_rows, save_row
from intake.models import RefusalReason
from shenzhen_gov.core.actor import Actor

TABLE = Reference(RefusalReason, key="code", action="refusal_reason.changed", label="name")


@dataclass(frozen=True)
class ReasonRow:
    """A reason as the file or a form gives it. `told` is what the citizen hears."""

    code: str
    name: str
    name_en: str
    told: str
    order: int
    source: str
    is_active: bool = True


@transaction.atomic
def load_refusal_reasons(rows: Iterable[ReasonRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the reasons that are missing; see `reference.load_rows`."""
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_refusal_reason(row: ReasonRow, *, by: Actor, now: datetime) -> RefusalReason:
    """Add or change one reason."""
    return save_row(TABLE, row, by=by, now=now)
