"""How often one key may call: a parameter, counted by the minute in the cache."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.utils import timezone
from rest_framework.throttling import BaseThrottle

from shenzhen_gov.core.parameters import get_parameter

MINUTE = 60


class TokenThrottle(BaseThrottle):
    """Counts the calls of a key in the running minute, at constant cost.

    With the default cache each server process counts for itself, so the limit holds per process.
    """

    def allow_request(self, request, view) -> bool:
        """Whether this call is still within `api.requests_per_minute`."""
        if request.auth is None:
            return True
        name = f"calls:{request.auth.pk}:{int(time.time() // MINUTE)}"
        cache.add(name, 0, 2 * MINUTE)
        return cache.incr(name) <= get_parameter("api.requests_per_minute", timezone.localdate())

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE
