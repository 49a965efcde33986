"""How a case was ended at the desk, for its page."""

from __future__ import annotations

from grid import access
from grid.choices import Act
from intake.models import ArticleUse, Case, EmergencyHandoff
from intake.workflow import OPEN_STATES
from shenzhen_gov.core.actor import Actor

HANDOFFS_SHOWN = 10


def article_used(case: Case) -> ArticleUse | None:
    """Return which version of which article a case was answered from."""
    return ArticleUse.objects.select_related("version__article").filter(case=case).first()


def handoffs_of(case: Case) -> list[EmergencyHandoff]:
    """Return the hand-overs to emergency services, the newest first."""
    return list(case.handoffs.order_by("-id")[:HANDOFFS_SHOWN])


def may_hand_over(user, case: Case) -> bool:
    """Whether `user` may record a hand-over on this case."""
    return case.state in OPEN_STATES and access.why_not(Actor.staff(user), (Act.REGISTER_CASE,), case) is None
