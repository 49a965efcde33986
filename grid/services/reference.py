"""Small reference tables whose rows a file brings and administrators change: one way to write a row, with its audit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, Model, TextField
from django.utils.translation import gettext as _

from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text, joined

LONGEST = 5_000  # characters of a column without a limit of its own


@dataclass(frozen=True)
class Reference:
    """One such table: what its rows are known by, and how a change of one is told."""

    model: type[Model]
    key: str
    action: str
    label: str = ""  # the field that stands behind the key in the line that tells a change
    kept: Collection[str] = ("is_active",)  # what a file never changes of a row that is there
    check: Callable[[Any], None] | None = None  # raises BadInput for a row that the columns alone would take


def load_rows(table: Reference, rows: Iterable[Any], *, overwrite: bool, by: Actor, now: datetime) -> list[str]:
    """Add the rows that are missing and return what was done, a line each; the caller holds the transaction.

    A row that is there may have been edited: only with `overwrite` is it brought in line with the file, and even then
    the fields in `kept` stay as they are. Rows not named are left alone.
    """
    access.require_administration(by, None)
    known = {getattr(row, table.key): row for row in table.model._default_manager.select_for_update()}
    fresh, changed = [], []
    for row in rows:
        there: Any = known.get(getattr(row, table.key))
        if there is None:
            fresh.append(_fill(table, table.model(), row))
        elif overwrite:
            kept = {name: getattr(there, name) for name in table.kept}
            changed.append(_fill(table, there, replace(row, **kept)))
    table.model._default_manager.bulk_create([one.obj for one in fresh])
    for one in changed:
        if one.changes:
            one.obj.save()
    return _tell(table, [*fresh, *changed], by, now)


def save_row(table: Reference, row: Any, *, by: Actor, now: datetime) -> Any:
    """Add or change one row; the caller holds the transaction."""
    access.require_administration(by, None)
    name = {table.key: getattr(row, table.key)}
    there = table.model._default_manager.select_for_update().filter(**name).first()
    filled = _fill(table, there or table.model(), row)
    if filled.changes:
        filled.obj.save()
    _tell(table, [filled], by, now)
    return table.model._default_manager.get(**name)


@dataclass
class _Filled:
    """A row with its new values, the changes that makes, and what its many-to-many fields are to hold."""

    obj: Any
    is_new: bool
    changes: dict[str, list]
    many: dict[str, Collection[int]]


def _fill(table: Reference, obj: Model, row: Any) -> _Filled:
    """Check the values of a row and set them (unsaved)."""
    if table.check:
        table.check(row)
    wanted, is_new = asdict(row), obj.pk is None
    many = {name: wanted.pop(name) for name in list(wanted) if obj._meta.get_field(name).many_to_many}
    _check(obj, wanted, table.key)
    before = {name: None if is_new else getattr(obj, name) for name in wanted}
    for name, value in wanted.items():
        setattr(obj, name, value)
    changes = {name: [before[name], wanted[name]] for name in wanted if before[name] != wanted[name]}
    return _Filled(obj, is_new, changes, many)


def _tell(table: Reference, filled: list[_Filled], by: Actor, now: datetime) -> list[str]:
    """Write the many-to-many fields and the audit entries of saved rows; returns a line for each that changed."""
    for one in filled:
        one.changes |= _write_many(one.obj, one.many)
    changed = [one for one in filled if one.changes]
    audit.record_many([audit.Record(table.action, one.obj, one.changes) for one in changed], by=by, now=now)
    lines = []
    for one in changed:
        names = " ".join(str(getattr(one.obj, name)) for name in (table.key, table.label) if name)
        lines.append(f"{'+' if one.is_new else '~'} {names}")
    return lines


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
        if isinstance(column, (CharField, TextField)):
            wanted[name] = checked_text(value, column.max_length or LONGEST, field=name)
            if wanted[name] and column.choices:
                _check_choice(wanted[name], [str(code) for code, _word in column.flatchoices], name)
            if not wanted[name] and (name == key or not column.blank):
                raise BadInput(_("%(field)s must not be empty.") % {"field": name}, field=name)


def _check_choice(value: str, choices: list[str], name: str) -> None:
    if value not in choices:
        text = _("“%(value)s” is not one of: %(choices)s.")
        raise BadInput(text % {"value": value[:20], "choices": joined(choices)}, field=name)
