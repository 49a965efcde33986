"""What the dispatch desk shows of disputes beside a waiting case: earlier rulings, and who could handle it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dispatch.choices import RequestKind
from dispatch.models import CaseRequest
from dutylist.selectors import duty_for
from grid.access import why_not
from grid.choices import Act
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core.actor import Actor

from .precedents import Precedent, find_precedents

SHOWN = 3


@dataclass(frozen=True)
class DeskDispute:
    """Precedents for a waiting case, and the units that a dispatcher may let handle it until a ruling."""

    precedents: list[Precedent]
    units: list[Unit]


def get_desk_dispute(user, case: Case, now: datetime) -> DeskDispute:
    """Return what speaks for a ruling on a case that `user` was found to dispatch."""
    day, by = timezone.localdate(now), Actor.staff(user)
    asked = CaseRequest.objects.filter(case=case, kind=RequestKind.RETURN, work_order__round=case.round)
    returns = asked.select_related("asked_by_unit", "proposed_unit").order_by("id")[:12]
    duty = duty_for(case.item_id, case.area, day) if case.item_id and case.area else None
    named: list[Unit | None] = [unit for one in returns for unit in (one.asked_by_unit, one.proposed_unit)]
    named += [duty.row.lead_unit, duty.row.fallback_unit] if duty and duty.row else []
    units = {unit.pk: unit for unit in named if unit is not None and unit.closed_on is None}
    precedents = find_precedents(user, case, list(units), "", limit=SHOWN)
    acts = (Act.DISPATCH_CASE.value,)
    return DeskDispute(precedents, [unit for unit in units.values() if why_not(by, acts, unit) is None])
