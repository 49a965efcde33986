"""Kinds of service sites and of community tasks: reference data with a day and a source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid.choices import KindOf
from grid.models import PartyKind
from grid.services.reference import Reference, load_rows, save_row
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

TABLE = Reference(PartyKind, key="code", action="party_kind.changed", label="name")


@dataclass(frozen=True)
class PartyKindRow:
    """A kind as the file or a form gives it."""

    code: str
    of: str
    name: str
    name_en: str
    order: int
    effective_from: date
    source: str
    is_active: bool = True


def refuse_kind_of_others(kind: PartyKind | None, register: KindOf) -> None:
    """Raise BadInput(kind) for a kind of another register."""
    if kind is not None and kind.of != register:
        raise BadInput(_("This kind belongs to another register."), field="kind")


@transaction.atomic
def load_party_kinds(rows: Iterable[PartyKindRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the kinds that are missing; see `reference.load_rows`."""
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_party_kind(row: PartyKindRow, *, by: Actor, now: datetime) -> PartyKind:
    """Add or change one kind."""
    return save_row(TABLE, row, by=by, now=now)
