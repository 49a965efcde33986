"""What came to a case after it was registered: additions and evaluations."""

from __future__ import annotations

from grid import access
from intake.models import Case, Evaluation, Supplement
from intake.services.evaluations import MAY_MAKE_LINK
from intake.workflow import CASE
from shenzhen_gov.core.actor import Actor

SHOWN = 20


def additions_of(case: Case) -> list[Supplement]:
    """Return the newest additions, oldest of them first."""
    return list(case.supplements.order_by("-pk")[:SHOWN])[::-1]


def evaluations_of(case: Case) -> list[Evaluation]:
    """Return the evaluations, one a round."""
    return list(case.evaluations.order_by("round")[:SHOWN])


def may_make_rating_link(user, case: Case, rated_rounds: set[int]) -> bool:
    """Whether `user` may make a link to rate the present round with."""
    if case.round in rated_rounds or CASE.why_not("evaluate", case) is not None:
        return False
    return access.why_not(Actor.staff(user), MAY_MAKE_LINK, case) is None
