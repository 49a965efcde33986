"""Who called before, as far as the agent may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from intake.models import Case, Citizen
from intake.services.citizens import find_by_phone, normal_phone
from intake.workflow import OPEN_STATES
from shenzhen_gov.core.parameters import get_parameter


@dataclass(frozen=True)
class Caller:
    """What an agent sees of a caller: masked, with the cases that the agent may see."""

    citizen: Citizen | None
    phone: str  # masked
    open_cases: list[Case]
    recent_cases: list[Case]
    count: int
    first_on: date | None
    recent_count: int  # cases in the days of the parameter
    is_repeat: bool


def caller_history(user, phone: str, *, now: datetime) -> Caller | None:
    """Return who called from this number before, as far as `user` may see; None for a number never seen.

    Raises BadInput(field="phone") for what is no phone number.
    """
    today = timezone.localdate(now)
    known = find_by_phone(normal_phone(phone))
    if not known:
        return None
    cases = Case.objects.visible_to(user).filter(citizen__in=known).select_related("area", "item_version")
    seen = list(cases.order_by("-pk")[:100])
    recent, days = get_parameter("history.recent_cases", today), get_parameter("repeat.days", today)
    lately = sum(case.registered_at > now - timedelta(days=days) for case in seen)
    return Caller(
        citizen=next((citizen for citizen in known if citizen.name), known[0]),
        phone=known[0].masked_phone,
        open_cases=[case for case in seen if case.state in OPEN_STATES],
        recent_cases=[case for case in seen if case.state not in OPEN_STATES][:recent],
        count=len(seen),
        first_on=timezone.localdate(seen[-1].registered_at) if seen else None,
        recent_count=lately,
        is_repeat=lately >= get_parameter("repeat.cases", today) or any(case.state in OPEN_STATES for case in seen),
    )
