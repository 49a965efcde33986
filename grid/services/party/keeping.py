"""How an entry of the registers of party and partners is kept: locked, in one's territory, checked, audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.models import Area
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.crypto import EncryptedTextField
from shenzhen_gov.core.exceptions import BadInput, OutOfSight
from shenzhen_gov.core.texts import checked_text

MAY_KEEP = (Act.MANAGE_GRID.value, SYSTEM)
Row = TypeVar("Row", bound=models.Model)


def keep(
    model: type[Row],
    pk: int | None,
    values: Mapping[str, Any],
    *,
    check: Callable[[Row], None] | None = None,
    by: Actor,
    now: datetime,
) -> Row:
    """Add an entry (pk None) or change one, within the caller's transaction.

    The area is locked, so that what must be one of its kind in an area is asked for and written in one go. `check`
    refuses what the columns cannot know. Raises BadInput naming the field, NotAllowed and OutOfSight for the territory.
    """
    row = locked(model, pk, by) if pk is not None else model()
    before = _facts(row, values) if pk is not None else {}
    for name, value in values.items():
        setattr(row, name, _stored(model, name, value))
    lock_row(Area, row.area_id, "area")  # type: ignore[attr-defined]
    access.require(by, MAY_KEEP, row)
    if check is not None:
        check(row)
    validate(row)
    row.save()
    changes = {name: [before.get(name), value] for name, value in _facts(row, values).items()}
    changed = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    audit.record("party.kept" if pk is not None else "party.added", row, by=by, now=now, changes=changed)
    return row


def locked(model: type[Row], pk: int, by: Actor, acts: tuple[str, ...] = MAY_KEEP) -> Row:
    """Return the row, locked, that `by` may act on; like one that does not exist where it lies out of sight."""
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise OutOfSight(_("Not found."))
    access.require(by, acts, row)
    return row


def lock_row(model: type[Row], pk: int | None, field: str) -> Row:
    """Lock a row that others point at, without holding up those who only point. Raises BadInput(field)."""
    row = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if row is None:
        raise BadInput(_("Not found."), field=field)
    return row


def validate(row: models.Model) -> None:
    """Refuse what the columns and constraints refuse, as BadInput with the first field at fault."""
    try:
        row.clean_fields()
        row.validate_constraints()
    except ValidationError as error:
        found = error.message_dict
        name, texts = next(iter(found.items()))
        raise BadInput(str(texts[0]), field=None if name == "__all__" else name) from error


def _stored(model: type[models.Model], name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    limit = getattr(model._meta.get_field(name), "max_length", None) or 100
    return checked_text(value, limit, field=name)


def _facts(row: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the audit log keeps of a row; never what is encrypted."""
    fields = [name for name in values if not isinstance(row._meta.get_field(name), EncryptedTextField)]
    found = {name: getattr(row, name) for name in fields}
    return {
        name: value if isinstance(value, str | int | bool | type(None)) else str(value) for name, value in found.items()
    }
