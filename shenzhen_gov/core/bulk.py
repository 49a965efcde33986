"""Writing many rows of one table at once, with COPY or one short UPDATE: where Django's statements cost too much.

Called by services only, like every other write. What a model checks in Python is not checked; constraints and triggers
of the database are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

MANY = 10_000  # rows, so that an import in batches of a thousand does not count again after each


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Return `count` new primary keys of `model`, so that rows that point at each other can be copied in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_in(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows given as {attribute: value}; returns how many.

    What a row leaves out takes the field's default, an empty text or NULL. Either every row brings its key (see
    `reserve_keys`) or none does. Raises KeyError for an attribute that the model does not have, and RuntimeError
    outside a transaction, where half of the rows could stay.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("rows are copied in within the transaction of the change they belong to")
    rows = list(rows)
    if not rows:
        return 0
    line = _line(model, model._meta.pk.attname in rows[0])
    if unknown := {name for row in rows for name in row}.difference(line.names):
        raise KeyError(f"{model.__name__} has no {sorted(unknown)}")
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(line.statement) as copy:
        for row in rows:
            copy.write_row(line.values(row))
    if len(rows) >= MANY:
        _count_again(model)
    return len(rows)


def copy_objects(objects: Sequence[models.Model], *, keyed: bool = False) -> int:
    """Write new objects of one model; returns how many. Half the price of `bulk_create`.

    `keyed`: others will point at them, so they learn their keys, for one statement more.
    """
    if not objects:
        return 0
    model = type(objects[0])
    if keyed:
        for one, key in zip(objects, reserve_keys(model, len(objects)), strict=True):
            one.pk, one._state.adding, one._state.db = key, False, connection.alias
    fields = [field for field in model._meta.concrete_fields if keyed or not field.primary_key]
    return copy_in(model, ({field.attname: _value(one, field) for field in fields} for one in objects))


def update_objects(objects: Sequence[models.Model], names: Sequence[str]) -> int:
    """Write these fields of stored objects of one model with one statement; returns how many rows there were.

    For plain columns (no JSON, no lists). `bulk_update` puts together a condition for every field of every row.
    """
    if not objects:
        return 0
    fields, statement = _update(type(objects[0]), tuple(names))
    given = [[field.get_db_prep_save(_value(one, field), connection) for one in objects] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.rowcount


def _value(one: models.Model, field: models.Field) -> Any:
    """Return what is stored of a field; an object put there before it was saved has its key by now."""
    related = one._state.fields_cache.get(field.name)
    return related.pk if related is not None else getattr(one, field.attname)


def _count_again(model: type[models.Model]) -> None:
    """Give the planner fresh statistics: without them it takes a table that was empty a second ago for empty still."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(model._meta.db_table)))


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[list, str]:
    """Return the fields that are sent, the key first, and the statement that writes the others."""
    fields: list[Any] = [model._meta.pk, *map(model._meta.get_field, names)]
    # A type's length is left out: a cast cuts what is too long, where writing it fails.
    lists = ", ".join(f"%s::{field.cast_db_type(connection).partition('(')[0]}[]" for field in fields)
    sets = ", ".join(f'"{field.column}" = v."{field.column}"' for field in fields[1:])
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table, key = model._meta.db_table, model._meta.pk.column
    text = f'UPDATE "{table}" AS t SET {sets} FROM unnest({lists}) AS v({columns}) WHERE t."{key}" = v."{key}"'  # noqa: S608
    return fields, text


# Chinese as it is: half the bytes to send, and nothing for the database to take apart.
def _dumps(field: models.JSONField):
    return partial(json.dumps, ensure_ascii=False, separators=(",", ":"), cls=field.encoder)


class _Line:
    """Turns a row into the values of its columns. Constant defaults are asked for once, for this is the hot loop."""

    def __init__(self, model: type[models.Model], fields: list):
        self.names = [field.attname for field in fields]
        self.defaults = [field.get_default() for field in fields]
        self.made_anew = {
            place: field.get_default
            for place, field in enumerate(fields)
            if callable(field.default) and not isinstance(field, models.JSONField)
        }
        self.json = [
            (place, _dumps(field)) for place, field in enumerate(fields) if isinstance(field, models.JSONField)
        ]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self.statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order of the columns."""
        values = list(map(row.get, self.names, self.defaults))
        for place, make in self.made_anew.items():
            if self.names[place] not in row:
                values[place] = make()
        for place, dumps in self.json:
            if values[place] is not None:
                values[place] = Jsonb(values[place], dumps)
        return values


@cache
def _line(model: type[models.Model], own_keys: bool) -> _Line:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return _Line(model, [field for field in fields if own_keys or not field.primary_key])
