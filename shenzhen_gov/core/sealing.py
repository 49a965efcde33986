"""Seals of the audit log: one root over every entry of the transactions that ended since the last seal.

Transactions are numbered by the server as they begin to write. Everything below the lowest number still at work is
finished and can gain no entry any more, so a seal over it is final: an entry removed, changed or slipped in
afterwards shows (verify_audit). Nobody ever waits for a seal.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from .models import AuditEntry, AuditSeal

logger = logging.getLogger(__name__)

MOST = 100_000  # entries under one seal, unless one transaction wrote more
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('core_auditseal', 0))"
ROOT = "SELECT core_audit_root(%s, %s, %s, %s)"


def seal(now: datetime) -> list[AuditSeal]:
    """Seal what is finished and return the seals made: none when nothing was written, or when another process seals.

    The newest root goes to the log as well: kept elsewhere, it proves that no seal was cut off the end.
    """
    made = []
    while new := _seal_once(now):
        logger.info("audit sealed: %s entries up to transaction %s, root %s", new.entries, new.to_transaction, new.root)
        made.append(new)
    return made


def finished_below() -> int:
    """Return the server's number below which every transaction has ended."""
    return _ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


@transaction.atomic
def _seal_once(now: datetime) -> AuditSeal | None:
    if not _ask(LOCK):
        return None
    last = AuditSeal.objects.first()
    start, root, shift = (last.to_transaction, last.root, last.shift) if last else (0, "", 0)
    waiting = AuditEntry.objects.filter(transaction__gte=start, transaction__lt=finished_below() + shift)
    numbers = waiting.order_by("transaction").values_list("transaction", flat=True)
    first, newest = numbers.first(), numbers.last()
    if first is None or newest is None:
        return None
    end = next(iter(numbers[MOST : MOST + 1]), newest + 1)
    end = max(end, first + 1)
    return AuditSeal.objects.create(
        at=now,
        from_transaction=start,
        to_transaction=end,
        previous_root=root,
        shift=shift,
        entries=waiting.filter(transaction__lt=end).count(),
        root=_ask(ROOT, root, start, end, shift),
    )


def _ask(sql: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]
