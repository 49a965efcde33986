"""Keeps the index that finds cases by words: found by what is missing, written many at once."""

from __future__ import annotations

from django.db import connection, transaction

from intake.models import CaseText
from intake.text_keys import keys_of
from shenzhen_gov.core.bulk import copy_in

BATCH = 1_000
LOOKED_BACK = 20_000  # ids are drawn before their transactions end, so a lower one may appear after a higher one
MISSING = """
SELECT c.id, c.number, c.title, c.content, c.address
  FROM intake_case c
 WHERE c.id > %s AND NOT EXISTS (SELECT FROM intake_casetext t WHERE t.case_id = c.id)
 ORDER BY c.id LIMIT %s
"""


@transaction.atomic
def index_texts(*, everything: bool = False) -> int:
    """Index up to BATCH cases that are not yet; returns how many. Derived data: no case changes, nothing is recorded.

    `everything` looks for gaps in the whole history, not only among the latest cases.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('intake.index_texts'))")
        cursor.execute("SELECT coalesce(max(case_id), 0) FROM intake_casetext")
        since = 0 if everything else cursor.fetchone()[0] - LOOKED_BACK
        cursor.execute(MISSING, [since, BATCH])
        rows = cursor.fetchall()
    return copy_in(
        CaseText,
        ({"case_id": pk, "backwards": number[::-1].upper(), "keys": keys_of(pk, texts)} for pk, number, *texts in rows),
    )
