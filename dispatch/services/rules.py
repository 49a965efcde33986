"""Writing the time limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind
from dispatch.models import ClockRule
from dutylist.choices import LimitUnit
from intake.models import Channel
from shenzhen_gov.core.exceptions import BadInput


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
            raise BadInput(
                _("Row %(line)s: this limit exists already and reads otherwise; give it a later date.")
                % {
                    "line": line,
                }
            )
    return added, len(records) - added


def _scope(line: int, record: dict[str, str], channels: dict[str, int]) -> dict:
    """Return the columns that identify a limit, checked."""
    for column, allowed in (("kind", ClockKind.values), ("unit", LimitUnit.values)):
        if record.get(column) not in allowed:
            raise BadInput(
                _("Row %(line)s, column “%(column)s”: unknown value “%(value)s”.")
                % {
                    "line": line,
                    "column": column,
                    "value": record.get(column),
                }
            )
    if not record.get("amount", "").isdigit() or int(record["amount"]) == 0:
        raise BadInput(_("Row %(line)s, column “amount”: must be a whole number above 0.") % {"line": line})
    code = record.get("channel", "")
    if code and code not in channels:
        raise BadInput(_("Row %(line)s, column “channel”: unknown value “%(value)s”.") % {"line": line, "value": code})
    return {
        "kind": record["kind"],
        "request_type": record.get("request_type", ""),
        "urgency": record.get("urgency", ""),
        "channel_id": channels.get(code),
        "effective_from": date.fromisoformat(record["effective_from"]),
    }
