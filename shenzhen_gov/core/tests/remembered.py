"""Worlds that many tests begin with are built once in a process and put back by COPY from then on.

Building a small city through its services takes a third of a second, and thousands of tests begin with one.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.db import connection, transaction

from shenzhen_gov.core.kept import forget_all

T = TypeVar("T")

# Tables of this database (no partition, for those are copied through their parent), their columns that can be given.
TABLES = """
SELECT c.oid::regclass::text,
       string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
       (SELECT quote_ident(k.attname) FROM pg_index i
        JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid AND i.indisprimary)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
GROUP BY c.oid
"""
# What a world may stand on and does not build itself: with other rows there it is another world.
GROUND = """
SELECT (SELECT max(id) FROM grid_role), (SELECT max(id) FROM auth_permission), (SELECT count(*) FROM core_calendaryear)
"""


def remembered(build: Callable[[], T]) -> Callable[[], T]:
    """Decorate a function without arguments that makes a world in the database and returns the objects in it.

    Every call makes the same rows, with the same keys, and returns objects of its own.
    """
    memories: dict[Any, tuple[list, bytes]] = {}

    @functools.wraps(build)
    def recall() -> T:
        if not may_put_back():
            return build()
        ground = _one(GROUND)
        if ground not in memories:
            memories[ground], made = _watched(build)
            return made
        rows, made = memories[ground]
        put_back(rows)
        forget_all()
        return pickle.loads(made)  # noqa: S301 - our own, of this process

    return recall


def may_put_back() -> bool:
    """Whether the database's user may write rows past the triggers."""
    return bool(_one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0])


def rows_in(tables: Collection[str]) -> list:
    """Return all rows of these tables, for `put_back`."""
    return [rows for rows in _rows_since(0) if rows[0] in tables]


def _watched(build: Callable[[], T]) -> tuple[tuple[list, bytes], T]:
    with transaction.atomic():
        begin = _step()
        made = build()
        return (_rows_since(begin), pickle.dumps(made)), made


def _step() -> int:
    """Return the number of the running savepoint: what is written from now on bears it or a higher one."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE remembered_step AS SELECT 1")
        cursor.execute("SELECT xmin::text::bigint FROM remembered_step")
        (number,) = cursor.fetchone()
        cursor.execute("DROP TABLE remembered_step")
    return number


def _rows_since(begin: int) -> list[tuple[str, str, str | None, list[str], bytes]]:
    """Return the rows written since this step: table, columns, key, keys, rows as COPY gives them."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for table, columns, key in cursor.fetchall():
            new = f"FROM {table} WHERE xmin::text::bigint >= {begin}"  # noqa: S608
            cursor.execute(f"SELECT {key or 'NULL'}::text {new}")
            keys = [row[0] for row in cursor.fetchall()]
            if keys:
                with cursor.copy(f"COPY (SELECT {columns} {new}) TO STDOUT") as out:
                    found.append((table, columns, key, keys, b"".join(bytes(part) for part in out)))
    return found


def put_back(rows: list[tuple[str, str, str | None, list[str], bytes]]) -> None:
    """Write rows as they were, past every trigger; rows with their keys give way."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, columns, key, keys, content in rows:
            if key:  # rows that were there and were changed
                cursor.execute(f"DELETE FROM {table} WHERE {key}::text = ANY(%s)", [keys])  # noqa: S608
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                into.write(content)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _one(sql: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()
