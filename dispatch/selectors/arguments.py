"""What was argued about a case before it came to the desk again: who gave it back, why, and who agreed."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.choices import DecisionOutcome, RequestKind
from dispatch.models import CaseRequest, Decision
from intake.models import Case

SHOWN = 12


@dataclass(frozen=True)
class Argument:
    """One return: how the case had come to the unit (by which entry), what the unit said, what was decided."""

    number: int
    request: CaseRequest
    decision: Decision | None
    following: Decision | None  # where it went then

    @property
    def unit_id(self) -> int:
        """Return the unit that gave the case back."""
        return self.request.asked_by_unit_id


def get_arguments(case: Case) -> list[Argument]:
    """Return the returns of a case, the newest first; nothing is read for a case that was never dispatched."""
    if case.due_at is None:
        return []
    requests = list(
        CaseRequest.objects.filter(case=case, kind=RequestKind.RETURN)
        .select_related("asked_by_unit", "deciding_unit", "cited_item__entry", "proposed_unit", "ground")
        .order_by("-id")[:SHOWN]
    )
    sent = Decision.objects.filter(case=case, outcome=DecisionOutcome.DISPATCHED)
    decisions = list(sent.select_related("unit", "item_version", "responsibility__area").order_by("-id")[: 2 * SHOWN])
    count = len(requests)
    return [
        Argument(
            number=count - place,
            request=request,
            decision=next((one for one in decisions if one.made_at <= request.asked_at), None),
            following=next((one for one in reversed(decisions) if one.made_at > request.asked_at), None),
        )
        for place, request in enumerate(requests)
    ]
