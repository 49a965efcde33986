"""法治前哨: lawyers and mediators with the days on which they are on duty for an area."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid.models import Adviser
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from .keeping import keep


@dataclass(frozen=True, kw_only=True)
class AdviserData:
    """An adviser. `weekdays`: ISO digits of the days on duty, e.g. "25"."""

    area_id: int
    kind: str
    name: str
    weekdays: str
    begins_on: date
    ends_on: date | None = None
    body: str = ""
    duty: str = ""
    source: str = ""


@transaction.atomic
def keep_adviser(pk: int | None, data: AdviserData, *, by: Actor, now: datetime) -> Adviser:
    """Add or change an adviser. Raises BadInput(field)."""
    if not data.weekdays or set(data.weekdays) - set("1234567"):
        raise BadInput(_("Choose at least one weekday."), field="weekdays")
    if data.ends_on is not None and data.ends_on < data.begins_on:
        raise BadInput(_("It ends before it begins."), field="ends_on")
    values = asdict(data) | {"weekdays": "".join(sorted(set(data.weekdays)))}
    return keep(Adviser, pk, values, by=by, now=now)
