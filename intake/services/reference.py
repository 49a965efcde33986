"""Small reference tables whose rows a file brings and administrators change: one way to write a row, with its audit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, Model
from django.utils.translation import gettext as _

from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from .texts import checked_text


def load_rows(
    model: type[Model], key: str, rows: Iterable[Any], *, action: str, overwrite: bool, by: Actor, now: datetime
) -> list[str]:
    """Add the rows that are missing and return what was done, a line each; the caller holds the transaction.

    A row that is there may have been edited: only with `overwrite` is it brought in line with the file, and even then
    it stays in or out of use as it is.
    """
    access.require_administration(by, None)
    known = {getattr(row, key): row for row in model._default_manager.select_for_update()}
    changes = []
    for row in rows:
        there: Any = known.get(getattr(row, key))
        if there is None:
            changes.append(_write(model(), row, key, action, by, now))
        elif overwrite:
            changes.append(_write(there, replace(row, is_active=there.is_active), key, action, by, now))
    return [change for change in changes if change]


def save_row(model: type[Model], key: str, row: Any, *, action: str, by: Actor, now: datetime) -> Any:
    """Add or change one row; the caller holds the transaction."""
    access.require_administration(by, None)
    name = {key: getattr(row, key)}
    there = model._default_manager.select_for_update().filter(**name).first()
    _write(there or model(), row, key, action, by, now)
    return model._default_manager.get(**name)


def _write(obj: Model, row: Any, key: str, action: str, by: Actor, now: datetime) -> str:
    """Write one row and return the line that tells it; empty when nothing changed."""
    wanted, is_new = asdict(row), obj.pk is None
    many = {name: wanted.pop(name) for name in list(wanted) if obj._meta.get_field(name).many_to_many}
    _check(obj, wanted, key)
    before = {name: None if is_new else getattr(obj, name) for name in wanted}
    changes = {name: [before[name], wanted[name]] for name in wanted if before[name] != wanted[name]}
    for name, value in wanted.items():
        setattr(obj, name, value)
    if changes:
        obj.save()
    changes |= _write_many(obj, many)
    if not changes:
        return ""
    audit.record(action, obj, by=by, now=now, changes=changes)
    return f"{'+' if is_new else '~'} {getattr(obj, key)}"


def _write_many(obj: Model, many: dict[str, Collection[int]]) -> dict[str, list]:
    """Set the many-to-many fields, given as ids, and return what changed."""
    changes = {}
    for name, wanted in many.items():
        manager = getattr(obj, name)
        before = set(manager.values_list("pk", flat=True))
        if before != set(wanted):
            manager.set(wanted)
            changes[name] = [sorted(before), sorted(wanted)]
    return changes


def _check(obj: Model, wanted: dict[str, Any], key: str) -> None:
    """Refuse a value by the name of its column."""
    for name, value in wanted.items():
        column = obj._meta.get_field(name)
        if isinstance(column, CharField):
            wanted[name] = checked_text(value, column.max_length or len(value), field=name)
            if not wanted[name] and (name == key or not column.blank):
                raise BadInput(_("%(field)s must not be empty.") % {"field": name}, field=name)
