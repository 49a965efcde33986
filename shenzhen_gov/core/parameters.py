"""Reading parameters: the value in force at a moment, from a short-lived copy of the small table."""

from datetime import date

from django.utils.translation import gettext as _

from .exceptions import Refused
from .kept import kept
from .models import Parameter


def get_parameter(key: str, on: date):
    """Return the value of `key` in force on the day `on`; raises Refused naming the key when there is none."""
    for effective_from, value in _table().get(key, []):
        if effective_from <= on:
            return value
    raise Refused(_("The parameter “%(key)s” has no value for %(day)s.") % {"key": key, "day": on})


@kept
def _table() -> dict[str, list[tuple[date, object]]]:
    table: dict[str, list[tuple[date, object]]] = {}
    for row in Parameter.objects.order_by("key", "-effective_from"):
        table.setdefault(row.key, []).append((row.effective_from, row.value))
    return table


forget = _table.forget
