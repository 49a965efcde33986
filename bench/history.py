"""Millions of cases over two years, with what belongs to them, as fast as the server takes them. Only for measuring.

By hour of the day, weekday and season; items and communities by power laws; returns 4 %, extensions 5 %, 6 % late,
verdicts on 35 % of the closings with 92 % satisfied, the others done again; calls, reports, urges. What is left out:
the audit log, contacts, reviews and messages (a case of a living portal has them besides).

Rows are written by SQL past the services and with triggers off, in chunks of one transaction each, so that memory
stays bounded; plain indexes are dropped before and made again after it. Killed in between, the database is to be
thrown away. Needs a superuser of the database server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
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
CHUNK = 50_000
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
TABLES = (
    "intake_case", "intake_casetext", "intake_evaluation", "intake_call", "dispatch_decision", "dispatch_round",
    "dispatch_workorder", "dispatch_clock", "dispatch_stagefact", "dispatch_report", "dispatch_telling",
    "dispatch_callback", "dispatch_caserequest", "dispatch_urge", "dispatch_supervision", "dispatch_closurecheck",
)  # fmt: skip
PLAIN_INDEXES = """
SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
 WHERE c.relname = ANY(%s) AND NOT x.indisunique ORDER BY c.relpages, i.relname
"""
SIZES = """
SELECT relname, pg_total_relation_size(oid), pg_indexes_size(oid) FROM pg_class
 WHERE relkind IN ('r', 'm') AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 16
"""


def generate_history(cases: int, *, workers: int = 2, seed: float = 0.2026, say: Callable = print) -> None:
    """Add `cases` cases, spread over the last two years; half a million of them open, or a twentieth of fewer."""
    values = _prepare(cases, seed)
    say(f"{values['items']} items in {values['areas']} communities, {values['citizens']:,} citizens")
    indexes = _drop_indexes()
    chunks = [(lo, min(lo + CHUNK - 1, cases)) for lo in range(1, cases + 1, CHUNK)]
    with ThreadPoolExecutor(workers) as pool:
        for number, _done in enumerate(pool.map(lambda span: _write_chunk(values, *span), chunks), 1):
            if number * 10 // len(chunks) > (number - 1) * 10 // len(chunks):
                say(f"{min(number * CHUNK, cases):,} cases written")
        say(f"making {len(indexes)} indexes")
        list(pool.map(_run_alone, indexes))
    _finish(values)


def sizes() -> list[tuple[str, int, int]]:
    """Return (table, bytes with indexes, bytes of the indexes) of the largest tables."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        return cursor.fetchall()


def _prepare(cases: int, seed: float) -> dict:
    citizens = _make_citizens(max(5_000, min(cases // 50, 200_000)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        for name in ("generate_places.sql", "history_prepare.sql"):
            for statement in statements(HERE / name):
                cursor.execute(statement, {"cases": cases, "days": DAYS, "seed": seed})
        cursor.execute("SELECT max(item_rank) + 1, max(area_rank) + 1 FROM bench.pair")
        items, areas = cursor.fetchone()
    _fill_pairs()
    known = dict(Channel.objects.values_list("code", "pk"))
    return {
        "cases": cases,
        "open_days": 2 * min(OPEN, cases * OPEN_SHARE) / (cases * 0.905) * DAYS,
        "items": items,
        "areas": areas,
        "channels": [known[code] for code in CHANNELS if code in known],
        "citizens": len(citizens),
        "first_citizen": citizens[0],
        "first_case": _last(Case),
        "first_decision": _last(Decision),
        "first_order": _last(WorkOrder),
    }


def _fill_pairs() -> None:
    """Write what the search finds cases by: the pairs of characters of their texts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, title, content, area_name FROM bench.pair")
        rows = [(pk, sorted(pairs_of(texts))) for pk, *texts in cursor.fetchall()]
        cursor.execute("CREATE TEMP TABLE filled (id integer, pairs integer[])")
        with cursor.copy("COPY filled FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("UPDATE bench.pair p SET pairs = f.pairs FROM filled f WHERE f.id = p.id")
        cursor.execute("DROP TABLE filled")
        cursor.execute("VACUUM ANALYZE bench.pair")


def _drop_indexes() -> list[str]:
    """Drop what is no constraint and return how to make it again, the small tables first."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_INDEXES, [list(TABLES)])
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _write_chunk(values: dict, lo: int, hi: int) -> None:
    """Write the cases of one chunk in a transaction of its own, on this thread's connection."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("SET LOCAL work_mem = '128MB'")
            for statement in statements(HERE / "history_chunk.sql"):
                cursor.execute(statement, {**values, "lo": lo, "hi": hi})
    finally:
        connection.close()


def _run_alone(statement: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute(statement)
    finally:
        connection.close()


def _finish(values: dict) -> None:
    with connection.cursor() as cursor:
        for model in (Case, Decision, WorkOrder):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - own name
        cursor.execute("DROP SCHEMA bench CASCADE")
        cursor.execute("VACUUM ANALYZE")


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
