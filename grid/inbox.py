"""The inbox: messages to oneself, and to the units where one holds the act they are for."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import islice

from django.db.models import QuerySet

from grid import access
from grid.choices import MessageWay
from grid.models import Message, MessageMark

SHOWN = 30
COUNTED = 99


def get_inbox(user, before: int | None = None, limit: int = SHOWN) -> list[Message]:
    """Return the newest messages, or those older than the message `before`."""
    streams = [rows.filter(pk__lt=before) if before else rows for rows in _streams(user)]
    newest = [list(rows.select_related("unit").order_by("-id")[:limit]) for rows in streams]
    return list(islice(merge(*newest, key=lambda row: -row.pk), limit))


def count_unseen(user) -> int:
    """Return how many messages came since the person last looked, counted no further than 99."""
    seen = MessageMark.objects.filter(user=user).values_list("seen_id", flat=True).first() or 0
    return min(COUNTED, sum(rows.filter(pk__gt=seen).order_by()[:COUNTED].count() for rows in _streams(user)))


def get_seen(user) -> int:
    """Return up to which message the person has looked."""
    return MessageMark.objects.filter(user=user).values_list("seen_id", flat=True).first() or 0


def _streams(user) -> Iterator[QuerySet[Message]]:
    """Yield the rows of each source, every one an index scan."""
    shown = Message.objects.filter(way=MessageWay.PORTAL)
    yield shown.filter(user=user)
    for unit_id, acts in access.posts_of(user).items():
        yield shown.filter(user=None, unit=unit_id, act__in=acts)
