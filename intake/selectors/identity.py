"""Requests to see who called: the own one about a case, and those that wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.choices import IdentityState
from intake.models import Case, IdentityRequest
from intake.services.identity import current_grant, is_hidden_from, why_not_decide
from shenzhen_gov.core.actor import Actor

SHOWN = 100


@dataclass(frozen=True)
class OwnRequest:
    """Where somebody stands with a case: may look, waits, was refused, or has not asked."""

    grant: IdentityRequest | None
    asked: IdentityRequest | None
    refused: IdentityRequest | None
    is_hidden: bool  # a level above decides


def own_request(user, case: Case, now: datetime) -> OwnRequest:
    """Return how the newest request of `user` about a case stands."""
    newest = IdentityRequest.objects.filter(case=case, staff=user).order_by("-pk").first()
    state, by = newest.state if newest else "", Actor.staff(user)
    return OwnRequest(
        grant=current_grant(case, by, now),
        asked=newest if state == IdentityState.ASKED else None,
        refused=newest if state == IdentityState.REFUSED else None,
        is_hidden=is_hidden_from(by, case),
    )


def identity_requests(user) -> list[IdentityRequest]:
    """Return the undecided requests that `user` decides, oldest first."""
    by = Actor.staff(user)
    asked = (
        IdentityRequest.objects.filter(state=IdentityState.ASKED, case__in=Case.objects.visible_to(user))
        .select_related("case__area", "case__holder", "staff__unit")
        .order_by("asked_at", "pk")
    )
    return [request for request in asked[:SHOWN] if why_not_decide(request, by) is None]
