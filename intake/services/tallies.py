"""How often something may be done without log-in: counted in the database, so that all processes count together.

Neither the address nor the number that is counted for is stored: only an HMAC of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Tally
from shenzhen_gov.core.crypto import blind_index
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.parameters import get_parameter

COUNT = """
INSERT INTO intake_tally (digest, "window", count) VALUES (%(digest)s, %(now)s, 1)
ON CONFLICT (digest) DO UPDATE SET
   count = CASE WHEN intake_tally."window" > %(since)s THEN intake_tally.count + 1 ELSE 1 END,
   "window" = CASE WHEN intake_tally."window" > %(since)s THEN intake_tally."window" ELSE excluded."window" END
RETURNING count, "window"
"""
LONGEST = timedelta(days=1)  # no budget has a longer window


class TooMany(Refused):
    """The budget is used up for now; `wait` is the number of seconds until it begins anew."""

    status = 429
    code = "too_many"

    def __init__(self, text: str, *, wait: int):
        super().__init__(text)
        self.wait = wait


@dataclass(frozen=True)
class Budget:
    """So many of one thing in one window; the figure is the parameter."""

    parameter: str
    seconds: int


REPORTS_OF_ADDRESS = Budget("public.reports_per_address_hour", 3600)
REPORTS_OF_PHONE = Budget("public.reports_per_phone_hour", 3600)
REPORTS_OF_ALL = Budget("public.reports_per_minute", 60)
TRIES_OF_ADDRESS = Budget("public.tries_per_address_hour", 3600)
TRIES_OF_NUMBER = Budget("public.tries_per_number_hour", 3600)


def spend(budget: Budget, subject: str, *, now: datetime) -> None:
    """Count one more for `subject` (an address, a number; empty: everybody). Raises TooMany beyond the budget."""
    given: dict[str, Any] = {
        "digest": blind_index(f"tally:{budget.parameter}:{subject}"),
        "now": now,
        "since": now - timedelta(seconds=budget.seconds),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, given)
        count, began_at = cursor.fetchone()
    if count > get_parameter(budget.parameter, timezone.localdate(now)):
        wait = budget.seconds - int((now - began_at).total_seconds())
        text = _("Too many were sent from here in a short time. Please try again in %(minutes)s min.")
        raise TooMany(text % {"minutes": max(1, -(-wait // 60))}, wait=max(1, wait))


def forget_tallies(*, now: datetime) -> int:
    """Delete the tallies whose window is over and return how many they were."""
    return Tally.objects.filter(window__lt=now - LONGEST).delete()[0]
