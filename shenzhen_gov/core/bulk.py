"""Writing many rows of one table at once, with COPY: for imports, where an insert statement costs too much.

Called by services only, like every other write. What a model checks in Python is not checked; constraints and triggers
of the database are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb


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
    own_keys = bool(rows) and model._meta.pk.attname in rows[0]
    fields = [
        field for field in model._meta.concrete_fields if not field.generated and (own_keys or not field.primary_key)
    ]
    if unknown := {name for row in rows for name in row} - {field.attname for field in fields}:
        raise KeyError(f"{model.__name__} has no {sorted(unknown)}")
    columns = [_Column(field) for field in fields]
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(_statement(model, fields)) as copy,
    ):
        for row in rows:
            copy.write_row([column.value(row) for column in columns])
    return len(rows)


class _Column:
    """Where the value of one column comes from: the row, else the field's default, asked for once if it is constant."""

    def __init__(self, field: models.Field):
        self.name, self.default = field.attname, field.get_default()
        self.get_default = field.get_default if callable(field.default) else None
        self.is_json = isinstance(field, models.JSONField)

    def value(self, row: Mapping[str, Any]) -> Any:
        """Return the value as it is copied in."""
        value = row[self.name] if self.name in row else self._left_out()
        return Jsonb(value) if self.is_json and value is not None else value

    def _left_out(self) -> Any:
        return self.get_default() if self.get_default else self.default


def _statement(model: type[models.Model], fields: list) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), columns)
