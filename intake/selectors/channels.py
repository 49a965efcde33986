"""What calls of outside systems ask about keys and their own cases."""

from __future__ import annotations

from django.db import connection

from intake.models import Case, Channel, ChannelToken

KEY_IN_FORCE = """
SELECT t.id, t.channel_id, t.prefix, c.id, c.code, c.is_active
  FROM intake_channeltoken t JOIN intake_channel c ON c.id = t.channel_id
 WHERE t.digest = %s AND t.revoked_at IS NULL
"""


def find_token(digest: str) -> ChannelToken | None:
    """Return the key in force with this digest, with its channel, or None. Every call of the API asks this."""
    with connection.cursor() as cursor:
        cursor.execute(KEY_IN_FORCE, [digest])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ChannelToken.from_db("default", ("id", "channel_id", "prefix"), row[:3])
    token.channel = Channel.from_db("default", ("id", "code", "is_active"), row[3:])
    return token


def case_of_channel(channel: Channel, number: str) -> Case | None:
    """Return the channel's own case, or None."""
    return Case.objects.select_related("area", "item").filter(channel=channel, number=number).first()
