"""Reading parameters: the value in force at a moment, from a short-lived per-process copy of the small table."""

import time
from datetime import date

from .exceptions import Refused
from .models import Parameter

SECONDS_KEPT = 5
_copy: tuple[float, dict[str, list[tuple[date, object]]]] = (0.0, {})


def get_parameter(key: str, on: date):
    """Return the value of `key` in force on the day `on`; raises Refused naming the key when there is none."""
    for effective_from, value in _table().get(key, []):
        if effective_from <= on:
            return value
    from django.utils.translation import gettext as _

    raise Refused(_("The parameter “%(key)s” has no value for %(day)s.") % {"key": key, "day": on})


def forget() -> None:
    """Drop the copy, so that the next read sees the table (after a change, and between tests)."""
    global _copy
    _copy = (0.0, {})


def _table() -> dict[str, list[tuple[date, object]]]:
    global _copy
    loaded_at, table = _copy
    if time.monotonic() - loaded_at > SECONDS_KEPT or not table:
        table = {}
        for row in Parameter.objects.order_by("key", "-effective_from"):
            table.setdefault(row.key, []).append((row.effective_from, row.value))
        _copy = (time.monotonic(), table)
    return table
