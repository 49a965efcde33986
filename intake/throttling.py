"""How often a channel may call in a minute: its own quota, else a parameter for all.

All server processes share one count in the database. A process takes a fiftieth of the quota out of it at a time, so
that almost no call costs a statement; when nothing is left it remembers that until the minute is over, and refuses by
the key's hash alone: before the database is asked and before the body is read.
"""

from __future__ import annotations

import time
from threading import Lock

from django.utils import timezone
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

from shenzhen_gov.core.parameters import get_parameter

from .models import ChannelToken
from .services.quota import lease_calls

MINUTE = 60
LEASES = 50  # a minute's quota is given out in so many parts


class Meter:
    """The calls this process may still let in during the running minute."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Know nothing (between tests)."""
        self.minute = 0
        self.left: dict[int, int] = {}
        self.refused: set[str] = set()

    def take(self, token: ChannelToken, quota: int) -> bool:
        """Whether one more call of this key is within its channel's quota."""
        channel_id = token.channel_id
        with self.lock:
            minute = self._turn()
            if self.left.get(channel_id, 0) > 0:
                self.left[channel_id] -= 1
                return True
        part = max(1, quota // LEASES)
        granted = lease_calls(channel_id, calls=part, quota=quota, minute=minute) if quota else 0
        with self.lock:
            if granted:
                self.left[channel_id] = self.left.get(channel_id, 0) + granted - 1
            elif minute == self.minute:
                self.refused.add(token.digest)
        return granted > 0

    def is_refused(self, digest: str) -> bool:
        """Whether calls with this key were refused in the running minute."""
        with self.lock:
            self._turn()
            return digest in self.refused

    def _turn(self) -> int:
        """Begin anew with each minute, and return it."""
        minute = int(time.time() // MINUTE)
        if minute != self.minute:
            self.minute, self.left, self.refused = minute, {}, set()
        return minute


meter = Meter()


def refuse_early(digest: str) -> None:
    """Raise Throttled for a key whose channel used up its minute."""
    if meter.is_refused(digest):
        raise Throttled(wait=seconds_left())


def seconds_left() -> float:
    """Return the seconds until the next minute begins."""
    return MINUTE - time.time() % MINUTE


class TokenThrottle(BaseThrottle):
    """Counts the calls of channels; people who are signed in are not counted."""

    def allow_request(self, request, view) -> bool:
        """Whether this call is still within the channel's quota."""
        token = request.auth
        if not isinstance(token, ChannelToken):
            return True
        quota = token.channel.quota
        if quota is None:
            quota = get_parameter("api.requests_per_minute", timezone.localdate())
        return meter.take(token, quota)

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return seconds_left()
