"""Who called before, as far as the agent may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intake.models import Case, Citizen
from intake.services.citizens import find_by_phone, normal_phone
from intake.workflow import OPEN_STATES


@dataclass(frozen=True)
class Caller:
    """What an agent sees of a caller: masked, with the cases that the agent may see."""

    citizen: Citizen | None
    phone: str  # masked
    open_cases: list[Case]
    recent_cases: list[Case]
    count: int
    first_on: date | None


def caller_history(user, phone: str, *, recent: int) -> Caller | None:
    """Return who called from this number before, as far as `user` may see; None for a number never seen.

    Raises BadInput(field="phone") for what is no phone number.
    """
    known = find_by_phone(normal_phone(phone))
    if not known:
        return None
    cases = Case.objects.visible_to(user).filter(citizen__in=known).select_related("area", "item_version")
    seen = list(cases.order_by("-pk")[:100])
    return Caller(
        citizen=next((citizen for citizen in known if citizen.name), known[0]),
        phone=known[0].masked_phone,
        open_cases=[case for case in seen if case.state in OPEN_STATES],
        recent_cases=[case for case in seen if case.state not in OPEN_STATES][:recent],
        count=len(seen),
        first_on=seen[-1].registered_at.date() if seen else None,
    )
