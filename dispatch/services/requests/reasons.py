"""Grounds for requests: shipped as data, changed by administrators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dispatch.models import RequestReason
from grid.services.reference import Reference, load_rows, save_row
from shenzhen_gov.core.actor import Actor

TABLE = Reference(RequestReason, key="code", action="request_reason.changed", label="name")


@dataclass(frozen=True)
class RequestReasonRow:
    """A ground as the file or a form gives it; `days` only where it may ask for another number than usual."""

    code: str
    kind: str
    name: str
    name_en: str
    days: int | None
    order: int
    source: str
    is_active: bool = True


@transaction.atomic
def load_request_reasons(
    rows: Iterable[RequestReasonRow], *, overwrite: bool = False, by: Actor, now: datetime
) -> list[str]:
    """Add the grounds that are missing; see `reference.load_rows`."""
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_request_reason(row: RequestReasonRow, *, by: Actor, now: datetime) -> RequestReason:
    """Add or change one ground."""
    return save_row(TABLE, row, by=by, now=now)
