"""What somebody asks, checked as far as every kind has it in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from dispatch.clocks import ClockBook
from dispatch.models import RequestReason, WorkOrder
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.worktime import SHANGHAI


@dataclass
class Asked:
    """A request that is being made, or decided: about a locked case, or one of its work orders."""

    case: Case
    order: WorkOrder | None
    kind: str
    by: Actor
    now: datetime
    value: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    @cached_property
    def book(self) -> ClockBook:
        """Return the time limits and the calendar."""
        return ClockBook(self.now)

    @property
    def lead(self) -> WorkOrder:
        """Return the work order; only for kinds that are asked about one."""
        if self.order is None:
            raise BadInput(_("This is asked about a work order."), field="kind")
        return self.order

    @cached_property
    def ground(self) -> RequestReason | None:
        """Return the ground that was named. Raises BadInput for one that does not exist for this kind."""
        code = self.value.get("ground")
        if not code:
            return None
        found = RequestReason.objects.filter(code=str(code)[:40], kind=self.kind, is_active=True).first()
        if found is None:
            raise BadInput(_("Choose the ground."), field="ground")
        return found

    def moment(self, name: str = "until") -> datetime | None:
        """Return the moment of that name: a moment, a day (from its beginning), or either as text."""
        given = self.value.get(name)
        if given in (None, ""):
            return None
        if isinstance(given, str):
            given = _parsed(given)
        if isinstance(given, date) and not isinstance(given, datetime):
            given = datetime.combine(given, time.min)
        if not isinstance(given, datetime):
            raise BadInput(_("Give a day."), field=name)
        return given if timezone.is_aware(given) else given.replace(tzinfo=SHANGHAI)


def level_above(order: WorkOrder) -> Unit:
    """Return who decides what the unit of a work order asks: who handed it down, else the unit above in the tree.

    What the centre of the city itself asks, another person there decides.
    """
    return order.parent.unit if order.parent else order.unit.parent or order.unit


def shown(at: datetime) -> str:
    """Return a moment as refusals name it, in the time of the city."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _parsed(text: str) -> datetime | date | None:
    try:
        return parse_datetime(text[:40]) or parse_date(text[:40])
    except ValueError:
        return None
