"""Rows of one table without Django's putting the statement together, for what every registration or page pays for.

Nothing else should go this way: the price of a statement is seldom what a reader waits for. Only services insert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeVar

from django.db import connection
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)


def first_row(statement: str, params: Sequence | Mapping) -> tuple | None:
    """Return the first row a statement finds, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()


def objects(model: type[Row], statement: str, params: Sequence) -> list[Row]:
    """Return the rows a statement finds; it selects `columns(model)` first and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    return [object_of(model, row) for row in rows]


def object_of(model: type[Row], row: Sequence) -> Row:
    """Return the object of one row with the values of `columns(model)`."""
    names, converted = _reading(model)
    values = list(row)
    for place, convert in converted:
        values[place] = convert(values[place], None, connection)
    return model.from_db(connection.alias, names, values)


def columns(model: type[Model], table: str) -> str:
    """Return all columns of a model for a statement in which its table is called `table`."""
    return ", ".join(f'"{table}"."{field.column}"' for field in model._meta.concrete_fields)


def insert(one: Model) -> None:
    """Write a new object, which learns its key unless it brings one: `save(force_insert=True)` without signals."""
    key = one._meta.pk
    fields, statement = _writing(type(one), one.pk is not None)
    values = [field.get_db_prep_save(field.pre_save(one, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        setattr(one, key.attname, cursor.fetchone()[0])
    one._state.adding, one._state.db = False, connection.alias


@cache
def _reading(model: type[Model]) -> tuple[list[str], list[tuple]]:
    """Return the attributes of a row, and (place, converter) of those that are stored otherwise than they are used."""
    fields = model._meta.concrete_fields
    converted = [(place, convert) for place, one in enumerate(fields) for convert in one.get_db_converters(connection)]
    return [field.attname for field in fields], converted


@cache
def _writing(model: type[Model], has_key: bool) -> tuple[list[Field], str]:
    """Return the fields to write and the statement that writes them."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    fields = [field for field in fields if has_key or not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, key = model._meta.db_table, model._meta.pk.column
    return fields, f'INSERT INTO "{table}" ({names}) VALUES ({places}) RETURNING "{key}"'  # noqa: S608 - own names
