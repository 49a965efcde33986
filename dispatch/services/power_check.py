"""社区准入: a community is given only what its own list says; what is not there is refused with the entry quoted."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from dispatch.selectors.power_check import power_check
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.parameters import get_parameter

__all__ = ["admit", "power_check"]


def admit(unit: Unit, case: Case, now: datetime, *, field: str) -> str | None:
    """Refuse to give a case to a community whose list does not have it; returns the warning where it only warns."""
    on = timezone.localdate(now)
    text = power_check(unit, case, on)
    if text and get_parameter("power_check.refuses", on):
        raise BadInput(text, field=field)
    return text
