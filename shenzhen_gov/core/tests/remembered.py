"""Worlds that many tests begin with are built once in a process and put back by COPY from then on.

Building a small city through its services takes a third of a second, and thousands of tests begin with one.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeVar

from django.db import IntegrityError, connection, transaction

from shenzhen_gov.core.kept import forget_all

T = TypeVar("T")

# What this transaction has written so far: rows inserted, updated and deleted, by table. A partition counts as its
# table. The server counts as it writes, so this reads no rows.
WRITES = """
SELECT coalesce(pg_partition_root(oid), oid)::regclass::text, sum(pg_stat_get_xact_tuples_inserted(oid)),
       sum(pg_stat_get_xact_tuples_updated(oid)), sum(pg_stat_get_xact_tuples_deleted(oid))
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
GROUP BY 1
"""
# The columns of a table that can be given, and the first of its key, with its type.
COLUMNS = """
SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
       max(quote_ident(a.attname)) FILTER (WHERE a.attnum = i.indkey[0]),
       max(format_type(a.atttypid, a.atttypmod)) FILTER (WHERE a.attnum = i.indkey[0])
FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""
# What a world may stand on and does not build itself: with other rows there it is another world.
GROUND = """
SELECT (SELECT max(id) FROM grid_role), (SELECT max(id) FROM auth_permission), (SELECT count(*) FROM core_calendaryear)
"""


class Rows(NamedTuple):
    """Rows of one table, as COPY gives them."""

    table: str
    columns: str
    key: str
    kind: str  # of the key: bigint, uuid
    keys: list  # of these rows
    changed: bool  # whether some were there before, in another shape
    content: bytes


def remembered(build: Callable[..., T]) -> Callable[..., T]:
    """Decorate a function that makes a world in the database and returns the objects in it.

    Every call makes the same rows, with the same keys, and returns objects of its own. Arguments are handed on and
    are not looked at: they may say that there is a database, not what is built. A function that deletes rows, or
    returns what cannot be copied, is called every time.
    """
    memories: dict[Any, tuple[list[Rows], bytes] | None] = {}

    @functools.wraps(build)
    def recall(*args, **kwargs) -> T:
        if not may_put_back():
            return build(*args, **kwargs)
        ground = _one(GROUND)
        if ground not in memories:
            memories[ground], made = _watched(functools.partial(build, *args, **kwargs))
            return made
        memory = memories[ground]
        if memory is None:
            return build(*args, **kwargs)
        put_back(memory[0])
        forget_all()
        return pickle.loads(memory[1])  # noqa: S301 - our own, of this process

    return recall


def may_put_back() -> bool:
    """Whether the database's user may write rows past the triggers."""
    return bool(_one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0])


def rows_in(tables: Collection[str]) -> list[Rows]:
    """Return all rows of these tables, for `put_back`."""
    return [rows for table in tables if (rows := _rows_since(0, table, changed=False))]


def _watched(build: Callable[[], T]) -> tuple[tuple[list[Rows], bytes] | None, T]:
    with transaction.atomic():
        begin, before = _step(), _writes()
        made = build()
        written = {table: counts for table, counts in _writes().items() if counts != before[table]}
        if any(deleted > before[table][2] for table, (_new, _changed, deleted) in written.items()):
            return None, made
        found = (_rows_since(begin, table, changed=counts[1] > before[table][1]) for table, counts in written.items())
        rows = [one for one in found if one]
    try:
        return (rows, pickle.dumps(made)), made
    except (pickle.PicklingError, TypeError, AttributeError):
        return None, made


def _step() -> int:
    """Return the number of the running savepoint: what is written from now on bears it or a higher one."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE remembered_step AS SELECT 1")
        cursor.execute("SELECT xmin::text::bigint FROM remembered_step")
        (number,) = cursor.fetchone()
        cursor.execute("DROP TABLE remembered_step")
    return number


def _writes() -> dict[str, tuple[int, int, int]]:
    """Return how many rows of each table this transaction has inserted, updated and deleted so far."""
    with connection.cursor() as cursor:
        cursor.execute(WRITES)
        return {table: tuple(counts) for table, *counts in cursor.fetchall()}


def _rows_since(begin: int, table: str, *, changed: bool) -> Rows | None:
    """Return the rows of a table written since this step, or None."""
    columns, key, kind = _columns(table)
    new = f"FROM {table} WHERE xmin::text::bigint >= {begin}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} {new}")
        keys = [row[0] for row in cursor.fetchall()]
        if not keys:
            return None
        with cursor.copy(f"COPY (SELECT {columns} {new}) TO STDOUT") as out:
            return Rows(table, columns, key, kind, keys, changed, b"".join(bytes(part) for part in out))


@functools.cache
def _columns(table: str) -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [table])
        return cursor.fetchone()


def put_back(rows: list[Rows]) -> None:
    """Write rows as they were, past every trigger; rows with their keys give way."""
    try:
        _write(rows, instead=False)
    except IntegrityError:  # a part of this world stands already
        _write(rows, instead=True)


def _write(rows: list[Rows], *, instead: bool) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for one in rows:
            if instead or one.changed:
                sql = f"DELETE FROM {one.table} WHERE {one.key} = ANY(%s::{one.kind}[])"  # noqa: S608
                cursor.execute(sql, [one.keys])
            with cursor.copy(f"COPY {one.table} ({one.columns}) FROM STDIN") as into:
                into.write(one.content)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _one(sql: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()
