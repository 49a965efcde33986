"""Reasons for refusing: shipped as data, changed by administrators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from intake.models import RefusalReason
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

LIMITS = {"code": 40, "name": 80, "name_en": 120, "told": 300, "source": 120}


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
    """Add the reasons that are missing and return what was done, a line each.

    A reason that is there may have been edited: only with `overwrite` is it brought in line with its row, and even
    then it stays in or out of use as it is.
    """
    access.require_administration(by, None)
    known = {reason.code: reason for reason in RefusalReason.objects.select_for_update()}
    changes = []
    for row in rows:
        there = known.get(row.code)
        if there is None:
            changes.append(_write(None, row, by, now))
        elif overwrite:
            changes.append(_write(there, replace(row, is_active=there.is_active), by, now))
    return [change for change in changes if change]


@transaction.atomic
def save_refusal_reason(row: ReasonRow, *, by: Actor, now: datetime) -> RefusalReason:
    """Add or change one reason."""
    access.require_administration(by, None)
    _write(RefusalReason.objects.select_for_update().filter(code=row.code).first(), row, by, now)
    return RefusalReason.objects.get(code=row.code)


def _write(reason: RefusalReason | None, row: ReasonRow, by: Actor, now: datetime) -> str:
    """Write one reason and return the line that tells it; empty when nothing changed."""
    _check(row)
    wanted = asdict(row)
    before = {name: getattr(reason, name) for name in wanted} if reason else {}
    changes = {name: [before.get(name), wanted[name]] for name in wanted if before.get(name) != wanted[name]}
    if not changes:
        return ""
    reason = reason or RefusalReason()
    for name, value in wanted.items():
        setattr(reason, name, value)
    reason.save()
    audit.record("refusal_reason.changed", reason, by=by, now=now, changes=changes)
    return f"{'~' if before else '+'} {row.code} {row.name}"


def _check(row: ReasonRow) -> None:
    """Refuse a row that names its column."""
    for field, limit in LIMITS.items():
        value = getattr(row, field)
        if not value:
            raise BadInput(_("%(field)s must not be empty.") % {"field": field}, field=field)
        if len(value) > limit:
            message = _("%(count)s characters are too many; at most %(limit)s are possible.")
            raise BadInput(message % {"count": len(value), "limit": limit}, field=field)
