"""What a channel may call in a minute, shared by all server processes: each takes a few calls out of it at a time."""

from __future__ import annotations

from django.db import connection

# A machine whose clock is behind counts onto the newer minute, so that none sets the count back.
LEASE = """
INSERT INTO intake_channelusage AS u (channel_id, minute, used) VALUES (%(channel)s, %(minute)s, %(calls)s)
ON CONFLICT (channel_id) DO UPDATE
   SET minute = greatest(u.minute, excluded.minute),
       used = CASE WHEN u.minute < excluded.minute THEN excluded.used ELSE u.used + excluded.used END
RETURNING used
"""


def lease_calls(channel_id: int, *, calls: int, quota: int, minute: int) -> int:
    """Take up to `calls` out of the channel's `quota` for `minute` (since 1970) and return how many are granted."""
    with connection.cursor() as cursor:
        cursor.execute(LEASE, {"channel": channel_id, "minute": minute, "calls": calls})
        before = cursor.fetchone()[0] - calls
    return max(0, min(calls, quota - before))
