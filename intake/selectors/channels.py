"""What calls of outside systems ask about keys and their own cases."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection

from intake.models import Case, Channel, ChannelToken
from shenzhen_gov.core.by_hand import first_row

KEY_IN_FORCE = """
SELECT t.id, t.channel_id, t.digest, t.prefix, t.secret,
       c.id, c.code, c.default_type, c.rights, c.quota, c.needs_signature, c.is_active
  FROM intake_channeltoken t JOIN intake_channel c ON c.id = t.channel_id
 WHERE t.digest = %s AND t.revoked_at IS NULL
"""
# in the order of the models: `from_db` deals the values out in it
TOKEN_FIELDS = ("id", "channel_id", "digest", "prefix", "secret")
CHANNEL_FIELDS = ("id", "code", "default_type", "rights", "quota", "needs_signature", "is_active")


def find_token(digest: str) -> ChannelToken | None:
    """Return the key in force with this digest, with its channel, or None. Every call of the API asks this."""
    row = first_row(KEY_IN_FORCE, [digest])
    if row is None:
        return None
    secret = ChannelToken._meta.get_field("secret").from_db_value(row[4], None, connection)
    rights = json.loads(row[8]) if isinstance(row[8], str) else row[8]
    token = ChannelToken.from_db("default", TOKEN_FIELDS, (*row[:4], secret))
    token.channel = Channel.from_db("default", CHANNEL_FIELDS, (*row[5:8], rights, *row[9:]))
    return token


def case_of_channel(channel: Channel, number: str) -> Case | None:
    """Return the channel's own case, or None."""
    return Case.objects.select_related("area", "item").filter(channel=channel, number=number).first()


def cases_of_channel(
    channel: Channel, *, since: datetime | None = None, until: datetime | None = None, external_id: str = ""
):
    """Return the channel's own cases registered from `since` to before `until`; every filter has its index."""
    cases = Case.objects.filter(channel=channel).select_related("area", "item")
    if external_id:
        cases = cases.filter(external_id=external_id)
    if since:
        cases = cases.filter(registered_at__gte=since)
    return cases.filter(registered_at__lt=until) if until else cases
