"""Kinds of rounds 巡查类型: reference data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from grid.models import RoundKind
from grid.services.reference import Reference, load_rows, save_row
from shenzhen_gov.core.actor import Actor

TABLE = Reference(RoundKind, key="code", action="round_kind.changed", label="name")


@dataclass(frozen=True)
class KindRow:
    """A kind as the file or a form gives it."""

    code: str
    name: str
    name_en: str
    check_list: str
    order: int
    source: str
    is_active: bool = True


@transaction.atomic
def load_round_kinds(rows: Iterable[KindRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the kinds that are missing; see `reference.load_rows`."""
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_round_kind(row: KindRow, *, by: Actor, now: datetime) -> RoundKind:
    """Add or change one kind."""
    return save_row(TABLE, row, by=by, now=now)
