"""Changing a parameter: always a new value from a day on, never the past."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.access import require_administration
from shenzhen_gov.core import audit, parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.models import Parameter


def set_parameter(
    key: str, value: Any, *, effective_from: date, source: str, by: Actor, now: datetime, note: str = ""
) -> Parameter:
    """Let `key` have `value` from `effective_from` (today or later) on, and return the row.

    What was in force before that day stays. Raises BadInput naming the field: an unknown key, a day in the past, a
    value of another kind than the present one, no source.
    """
    with transaction.atomic():
        require_administration(by, None)
        rows = list(Parameter.objects.select_for_update().filter(key=key).order_by("effective_from"))
        _check(rows, value, effective_from, source, timezone.localdate(now))
        row = next((one for one in rows if one.effective_from == effective_from), None)
        before = row.value if row else _value_on(rows, effective_from)
        if row is None:
            row = Parameter(key=key, effective_from=effective_from, unit=rows[-1].unit)
        row.value, row.source, row.note = value, source.strip(), note.strip() or rows[-1].note
        row.save()
        audit.record(
            "parameter.changed", row, by=by, now=now, note=row.source,
            changes={key: [before, value], "effective_from": effective_from.isoformat()},
        )  # fmt: skip
        transaction.on_commit(parameters.forget)
    return row


def read_value(text: str) -> Any:
    """Return the JSON value in `text`. Raises BadInput(field="value")."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(_('must be JSON, e.g. 20 or "text"'), field="value") from error


def _check(rows: list[Parameter], value: Any, effective_from: date, source: str, today: date) -> None:
    if not rows:
        raise BadInput(_("There is no such parameter."), field="key")
    if effective_from < today:
        raise BadInput(_("The past is not changed: choose today or a later day."), field="effective_from")
    if not source.strip():
        raise BadInput(_("must not be empty"), field="source")
    present = _value_on(rows, today) if rows[0].effective_from <= today else rows[0].value
    if _kind(value) != _kind(present):
        text = _("The value must be of the same kind as the present one: %(value)s.")
        raise BadInput(text % {"value": json.dumps(present, ensure_ascii=False)}, field="value")


def _value_on(rows: list[Parameter], day: date) -> Any:
    return next((row.value for row in reversed(rows) if row.effective_from <= day), None)


def _kind(value: Any) -> type:
    """Whole and broken numbers are one kind; yes and no are none of them."""
    return float if type(value) is int else type(value)
