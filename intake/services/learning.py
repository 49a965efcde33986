"""A person said which duty item a case is: the one thing that suggestions learn from."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from intake.models import Case

# One statement, because every registration by a person pays for it. An unchanged choice is not written again: a new
# revision would make every process read it for nothing.
CONFIRM = """
INSERT INTO intake_confirmation AS c (case_id, item_id, suggested_id, confirmed_by, confirmed_at, revision)
VALUES (%s, %s, %s, %s, %s, nextval(pg_get_serial_sequence('intake_confirmation', 'id')))
    ON CONFLICT (case_id) DO UPDATE
   SET item_id = excluded.item_id, suggested_id = coalesce(excluded.suggested_id, c.suggested_id),
       confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at, revision = excluded.revision
 WHERE c.item_id <> excluded.item_id OR c.confirmed_by <> excluded.confirmed_by
"""


def confirm_item(
    case: Case, item_id: int | None, *, suggested_id: int | None, confirmed_by: str, now: datetime
) -> None:
    """Note that a person chose this item for the case, and what had been suggested first (None: nothing, or unknown).

    Within the transaction of the choice. Choosing another item later replaces it: the last person is right.
    """
    with connection.cursor() as cursor:
        cursor.execute(CONFIRM, [case.pk, item_id, suggested_id, confirmed_by, now])
