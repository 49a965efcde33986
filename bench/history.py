"""Millions of cases over two years, with what belongs to them, as fast as the server takes them. Only for measuring.

By hour of the day, weekday and season; items and communities by power laws; returns 4 %, extensions 5 %, 6 % late,
verdicts on 35 % of the closings with 92 % satisfied, the others done again; calls, reports, urges. What is left out:
the audit log, contacts, reviews and messages (a case of a living portal has them besides).

Rows are written by SQL past the services and with triggers off: drawn once, then table after table, two at once, each
in one transaction that leaves the indexes aside and makes them all anew. On a server with wal_level minimal hardly
anything goes through its log, and its full_page_writes are off for the time: others should measure nothing on it then.
Killed in between, the database is to be thrown away. Needs a superuser of the database server, and while it runs 300
bytes a case more of its disk than stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from dispatch.models import Decision, WorkOrder
from intake.models import Case, Channel, Citizen
from shenzhen_gov.core.crypto import blind_index
from shenzhen_gov.core.pairs import pairs_of

from .generate import statements

HERE = Path(__file__).parent
DAYS = 730
OPEN, OPEN_SHARE = 500_000, 0.05  # how many cases are open at most, and which share of all
# The channels by how much they are used.
CHANNELS = (
    "hotline",
    "ishenzhen",
    "wechat",
    "mini_program",
    "grid",
    "website",
    "scan",
    "hall",
    "leader_board",
    "petition",
)
SIZES = """
SELECT relname, pg_total_relation_size(oid), pg_indexes_size(oid) FROM pg_class
 WHERE relkind IN ('r', 'm') AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 16
"""
# Of the transactions that write: nothing waits for the disk, sorts and joins stay in memory.
SETTINGS = {
    "session_replication_role": "replica",
    "synchronous_commit": "off",
    "wal_compression": "off",
    "work_mem": "512MB",
    "hash_mem_multiplier": "2",
    "maintenance_work_mem": "1GB",
    "max_parallel_maintenance_workers": "0",
    "max_parallel_workers_per_gather": "0",
}
# An index that is not ready is not kept while rows come in; REINDEX makes it and calls it ready and valid again.
SET_ASIDE = "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = %s::regclass"
NOT_VALID = "SELECT indexrelid::regclass FROM pg_index WHERE NOT (indisvalid AND indisready)"


def generate_history(cases: int, *, workers: int = 2, seed: float = 0.2026, say: Callable = print) -> None:
    """Add `cases` cases, spread over the last two years; half a million of them open, or a twentieth of fewer."""
    values = _prepare(cases, seed)
    say(f"{values['items']} items in {values['areas']} communities, {values['citizens']:,} citizens")
    with _no_page_images(), ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda part: _draw(values, part, workers), range(workers)))
        _join_parts(workers)
        say(f"{cases:,} cases drawn")
        for table in pool.map(lambda job: _write(values, *job), _jobs().items()):
            say(f"{table} written")
    _finish()


def sizes() -> list[tuple[str, int, int]]:
    """Return (table, bytes with indexes, bytes of the indexes) of the largest tables."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        return cursor.fetchall()


def _prepare(cases: int, seed: float) -> dict:
    citizens = _make_citizens(max(5_000, min(cases // 50, 200_000)))
    values = {"cases": cases, "days": DAYS, "seed": seed, "first_case": _last(Case)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        for name in ("generate_places.sql", "history_prepare.sql"):
            _run(cursor, name, values)
        _fill_pairs(cursor)
        _run(cursor, "history_keys.sql", values)
        cursor.execute("SELECT max(item_rank) + 1, max(area_rank) + 1 FROM bench.pair")
        items, areas = cursor.fetchone()
    known = dict(Channel.objects.values_list("code", "pk"))
    return {
        **values,
        "open_days": 2 * min(OPEN, cases * OPEN_SHARE) / (cases * 0.905) * DAYS,
        "items": items,
        "areas": areas,
        "channels": [known[code] for code in CHANNELS if code in known],
        "citizens": len(citizens),
        "first_citizen": citizens[0],
        "first_decision": _last(Decision),
        "first_order": _last(WorkOrder),
    }


def _run(cursor, name: str, values: dict) -> None:
    for statement in statements(HERE / name):
        cursor.execute(statement, values)


def _fill_pairs(cursor) -> None:
    """Write what the search finds cases by: the pairs of characters of the words, and where two of them meet."""
    cursor.execute("SELECT item_rank, name, '：' || example FROM bench.item")
    items = [(sorted(pairs_of(texts)), rank) for rank, *texts in cursor.fetchall()]
    cursor.execute("SELECT area_rank, name || '：' FROM bench.area")
    areas = [(sorted(pairs_of(texts)), rank) for rank, *texts in cursor.fetchall()]
    cursor.executemany("UPDATE bench.item SET pairs = %s WHERE item_rank = %s", items)
    cursor.executemany("UPDATE bench.area SET pairs = %s WHERE area_rank = %s", areas)
    cursor.execute(
        "SELECT DISTINCT a.last || i.first FROM (SELECT right(name, 1) AS last FROM bench.area) a"
        " CROSS JOIN (SELECT left(name, 1) AS first FROM bench.item) i"
    )
    meetings = [(two, pair) for (two,) in cursor.fetchall() for pair in pairs_of([two])]
    cursor.execute("CREATE UNLOGGED TABLE bench.meeting (two text, pair integer)")
    cursor.executemany("INSERT INTO bench.meeting VALUES (%s, %s)", meetings)


def _draw(values: dict, part: int, parts: int) -> None:
    """Draw one part of the cases, on this thread's connection."""
    cases = values["cases"]
    span = {"lo": cases * part // parts + 1, "hi": cases * (part + 1) // parts}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _set(cursor)
            cursor.execute("SELECT setseed(%s)", [values["seed"] + part / 1000])
            drawn = statements(HERE / "history_draw.sql")[0]
            cursor.execute(f"CREATE UNLOGGED TABLE bench.gen_{part} AS {drawn}", {**values, **span})
            cursor.execute(f"ANALYZE bench.gen_{part}")
    finally:
        connection.close()


def _join_parts(parts: int) -> None:
    """Make the two views that the tables are written from: all cases, and those that became orders."""
    every = " UNION ALL ".join(f"SELECT * FROM bench.gen_{part}" for part in range(parts))  # noqa: S608 - own names
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE VIEW bench.gen AS {every}")
        cursor.execute("CREATE VIEW bench.ordered AS SELECT * FROM bench.gen WHERE fate = 'handled'")


def _jobs() -> dict[str, list[str]]:
    """Return the statements of each table, in the order of the file."""
    jobs = defaultdict(list)
    for statement in statements(HERE / "history_tables.sql"):
        jobs[statement.split()[2]].append(statement)
    return jobs


def _write(values: dict, table: str, inserts: list[str]) -> str:
    """Write a table and make its indexes in one transaction on this thread's connection, vacuum it, return its name."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _set(cursor)
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            _start_file(cursor, table)
            cursor.execute(SET_ASIDE, [table])
            for statement in inserts:
                cursor.execute(statement, values)
            cursor.execute(f"REINDEX TABLE {table}")
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    finally:
        connection.close()
    return table


@contextmanager
def _no_page_images() -> Iterator[None]:
    """Let the first VACUUM not copy every page into the log: a page of an unlogged load is new to it.

    Whoever is killed in between leaves it off; bench/one.py puts it back before it measures.
    """
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET full_page_writes = off")
        cursor.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            cursor.execute("ALTER SYSTEM RESET full_page_writes")
            cursor.execute("SELECT pg_reload_conf()")


def _start_file(cursor, table: str) -> None:
    """Copy what is in the table to a new file: with wal_level minimal, what is added to it is not logged besides."""
    cursor.execute(f"CLUSTER {table} USING {table}_pkey")
    cursor.execute(f"ALTER TABLE {table} SET WITHOUT CLUSTER")


def _set(cursor) -> None:
    for name, value in SETTINGS.items():
        cursor.execute(f"SET LOCAL {name} = '{value}'")


def _finish() -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOT_VALID)
        if left := cursor.fetchall():
            raise RuntimeError(f"indexes that were not made again: {left}")
        for model in (Case, Decision, WorkOrder):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - own name
        cursor.execute("DROP SCHEMA bench CASCADE")
        cursor.execute("VACUUM ANALYZE intake_citizen")


def _make_citizens(count: int) -> list[int]:
    """Return the ids of citizens in a row, made with the portal's own encryption."""
    made: list[int] = []
    with transaction.atomic():
        for start in range(0, count, 5_000):
            made += _citizens(range(start, min(start + 5_000, count)))
    return made


def _citizens(numbers: Iterable[int]) -> list[int]:
    now = timezone.now()
    people = [
        Citizen(
            name=f"市民{number}", phone=f"139{number:08d}", phone_index=blind_index(f"139{number:08d}"), created_at=now
        )
        for number in numbers
    ]
    return [citizen.pk for citizen in Citizen.objects.bulk_create(people)]


def _last(model) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
