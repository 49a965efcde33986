"""Changing the key of encrypted columns: everything not written with the first key is written anew with it.

A model names its blind indexes as `BLIND_INDEXES = {index column: attribute it is an index of}`; they are written with
the row. Rows already done are not found again, so that a run may be stopped, repeated, and run beside the portal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

from .crypto import EncryptedTextField, Undecryptable, blind_index, current_key_id, decrypt, encrypt

BATCH = 500
SHOWN = 20


@dataclass
class Rotation:
    """What a run did: rows written anew by model, and the rows that no key given decrypts."""

    rows: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    examples: list[str] = field(default_factory=list)


def rotate(progress: Callable[[int], None] = lambda _done: None) -> Rotation:
    """Write every outdated row anew, in batches with a transaction each; rows that cannot be read are told."""
    rotation = Rotation()
    for model in encrypted_models():
        last = 0
        rotation.rows[model._meta.label] = 0
        while (batch := _rotate_batch(model, last, rotation)) is not None:
            last = batch
            progress(sum(rotation.rows.values()))
    return rotation


def outdated() -> int:
    """Return how many rows wait to be written anew."""
    total = 0
    for model in encrypted_models():
        query = sql.SQL("SELECT count(*) FROM {table} WHERE {outdated}").format(
            table=sql.Identifier(model._meta.db_table), outdated=_outdated(model)
        )
        with connection.cursor() as cursor:
            cursor.execute(query, _key_ids(model))
            total += cursor.fetchone()[0]
    return total


def encrypted_models() -> list[type[models.Model]]:
    """Return the models that have encrypted columns."""
    return [model for model in apps.get_models() if _fields(model)]


@transaction.atomic
def _rotate_batch(model: type[models.Model], last: int, rotation: Rotation) -> int | None:
    """Write the next rows anew and return the last key looked at, or None when there was none left."""
    fields = _fields(model)
    query = sql.SQL("SELECT {columns} FROM {table} WHERE {pk} > %s AND ({outdated}) ORDER BY {pk} LIMIT %s FOR UPDATE")
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(
                columns=sql.SQL(", ").join([_column(model._meta.pk), *map(_column, fields)]),
                table=sql.Identifier(model._meta.db_table),
                pk=_column(model._meta.pk),
                outdated=_outdated(model),
            ),
            [last, *_key_ids(model), BATCH],
        )
        rows = cursor.fetchall()
        written = [values for row in rows if (values := _anew(model, fields, row, rotation)) is not None]
        if written:
            cursor.executemany(_update(model, fields), written)
    rotation.rows[model._meta.label] += len(written)
    return rows[-1][0] if rows else None


def _anew(model, fields, row, rotation: Rotation) -> list | None:
    """Return the values of the update for one row: encrypted columns, blind indexes, key."""
    pk, *stored = row
    try:
        texts = [decrypt(bytes(data), f.context) if data else "" for f, data in zip(fields, stored, strict=True)]
    except Undecryptable as error:
        rotation.unreadable += 1
        if len(rotation.examples) < SHOWN:
            rotation.examples.append(f"{model._meta.label} {pk}: {error}")
        return None
    decrypted = model(pk=pk, **{f.attname: text for f, text in zip(fields, texts, strict=True)})
    sources = [getattr(decrypted, source) for source in _indexes(model).values()]
    return [
        *(encrypt(text, f.context) if text else b"" for f, text in zip(fields, texts, strict=True)),
        *(blind_index(text) if text else "" for text in sources),
        pk,
    ]


def _update(model: type[models.Model], fields: list[EncryptedTextField]) -> sql.Composed:
    columns = [_column(f) for f in fields] + [sql.Identifier(name) for name in _indexes(model)]
    return sql.SQL("UPDATE {table} SET {values} WHERE {pk} = %s").format(
        table=sql.Identifier(model._meta.db_table),
        values=sql.SQL(", ").join([sql.SQL("{} = %s").format(column) for column in columns]),
        pk=_column(model._meta.pk),
    )


def _outdated(model: type[models.Model]) -> sql.Composed:
    """Return the condition that some column was written with another key than the first; one value a column."""
    parts = [
        sql.SQL("(octet_length({0}) > 0 AND substring({0} FROM 2 FOR 4) <> %s)").format(_column(f))
        for f in _fields(model)
    ]
    return sql.SQL(" OR ").join(parts)


def _column(f: models.Field) -> sql.Identifier:
    return sql.Identifier(str(f.column))


def _key_ids(model: type[models.Model]) -> list[bytes]:
    return [current_key_id()] * len(_fields(model))


def _fields(model: type[models.Model]) -> list[EncryptedTextField]:
    return [f for f in model._meta.concrete_fields if isinstance(f, EncryptedTextField)]


def _indexes(model: type[models.Model]) -> dict[str, str]:
    return getattr(model, "BLIND_INDEXES", {})
