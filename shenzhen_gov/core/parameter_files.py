"""Loading parameters: every app ships its own as data/parameters.csv; what somebody set is never overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import audit, parameters
from .actor import Actor
from .csv_files import bad_row, read_rows
from .models import Parameter

COLUMNS = ["key", "value", "unit", "effective_from", "source", "note"]
audit.register({"parameter.loaded": gettext_lazy("Parameter loaded")})


@dataclass(frozen=True)
class ParameterRow:
    """One line of a file."""

    key: str
    value: Any
    unit: str
    effective_from: date
    source: str
    note: str


def shipped_files() -> list[Path]:
    """Return the parameter file of every app that has one."""
    files = (Path(config.path) / "data" / "parameters.csv" for config in apps.get_app_configs())
    return [path for path in files if path.exists()]


def read_parameters(path: Path) -> list[ParameterRow]:
    """Return the rows of one file. Raises BadInput naming row and column."""
    rows, seen = [], set()
    for number, row in read_rows(path, COLUMNS):
        parsed = _parse(number, row)
        if (parsed.key, parsed.effective_from) in seen:
            raise bad_row(number, "key", _("this key and date stand in the file twice"))
        seen.add((parsed.key, parsed.effective_from))
        rows.append(parsed)
    return rows


@transaction.atomic
def load_parameters(rows: Iterable[ParameterRow], *, by: Actor, now: datetime) -> list[str]:
    """Add the parameters that are missing and return what was done, a line each.

    A value that differs from the shipped one was set by somebody: it stays, and the line says so.
    """
    known = {(row.key, row.effective_from): row for row in Parameter.objects.select_for_update()}
    told, missing = [], []
    for row in rows:
        there = known.get((row.key, row.effective_from))
        if there is None:
            missing.append(Parameter(**asdict(row)))
            told.append(f"+ {row.key} = {json.dumps(row.value)}")
        elif there.value != row.value:
            told.append(f"= {row.key}: {json.dumps(there.value)} ({_('shipped')}: {json.dumps(row.value)})")
    added = Parameter.objects.bulk_create(missing)
    entries = [audit.Record("parameter.loaded", parameter, {"value": [None, parameter.value]}) for parameter in added]
    audit.record_many(entries, by=by, now=now)
    parameters.forget()
    return told


def _parse(number: int, row: dict[str, str]) -> ParameterRow:
    for column in ("key", "value", "source"):
        if not row[column]:
            raise bad_row(number, column, _("must not be empty"))
    try:
        value = json.loads(row["value"])
    except ValueError as error:
        raise bad_row(number, "value", _('must be JSON, e.g. 20 or "text"')) from error
    try:
        effective_from = date.fromisoformat(row["effective_from"])
    except ValueError as error:
        raise bad_row(number, "effective_from", _("must be a date like 2026-01-31")) from error
    return ParameterRow(row["key"], value, row["unit"], effective_from, row["source"], row["note"])
