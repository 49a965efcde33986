"""Writing the time limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind
from dispatch.models import ClockRule
from dutylist.choices import LimitUnit
from intake.choices import RequestType, Urgency
from intake.models import Channel
from shenzhen_gov.core.csv_files import bad_row


@transaction.atomic
def load_clock_rules(records: Sequence[tuple[int, dict[str, str]]]) -> tuple[int, int]:
    """Add the time limits that are not there yet; returns (added, unchanged). `records` are (line, columns).

    A limit that exists for the same scope and day is never changed: raises BadInput naming the row.
    """
    channels = dict(Channel.objects.values_list("code", "pk"))
    added = 0
    for line, record in records:
        scope = _scope(line, record, channels)
        values = {"amount": int(record["amount"]), "unit": record["unit"], "source": record["source"]}
        rule, created = ClockRule.objects.get_or_create(**scope, defaults=values)
        added += created
        if not created and (rule.amount, rule.unit) != (values["amount"], values["unit"]):
            raise bad_row(line, "amount", _("this limit exists already and reads otherwise; give it a later date"))
    return added, len(records) - added


def _scope(line: int, record: dict[str, str], channels: dict[str, int]) -> dict:
    """Return the columns that identify a limit, checked."""
    words = {
        "kind": ClockKind.values,
        "unit": LimitUnit.values,
        "request_type": ["", *RequestType.values],
        "urgency": ["", *Urgency.values],
        "channel": ["", *channels],
    }
    for column, allowed in words.items():
        if record[column] not in allowed:
            raise bad_row(line, column, _("unknown value “%(value)s”") % {"value": record[column]})
    if not record["amount"].isdigit() or int(record["amount"]) == 0:
        raise bad_row(line, "amount", _("must be a whole number above 0"))
    try:
        effective_from = date.fromisoformat(record["effective_from"])
    except ValueError as error:
        raise bad_row(line, "effective_from", _("must be a day such as 2018-01-01")) from error
    scope = {name: record[name] for name in ("kind", "request_type", "urgency")}
    return scope | {"channel_id": channels.get(record["channel"]), "effective_from": effective_from}
