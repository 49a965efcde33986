"""Themes of the enterprise zone 企业专区: shipped as data, changed by administrators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from grid.services.reference import Reference, load_rows, save_row
from intake.models import Theme
from shenzhen_gov.core.actor import Actor

TABLE = Reference(Theme, key="code", action="theme.changed")


@dataclass(frozen=True)
class ThemeRow:
    """A theme as the file or a form gives it; `items` are ids."""

    code: str
    name: str
    name_en: str
    intro: str
    intro_en: str
    items: tuple[int, ...]
    order: int
    source: str
    is_active: bool = True


@transaction.atomic
def load_themes(rows: Iterable[ThemeRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the themes that are missing; see `reference.load_rows`."""
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_theme(row: ThemeRow, *, by: Actor, now: datetime) -> Theme:
    """Add or change one theme."""
    return save_row(TABLE, row, by=by, now=now)
