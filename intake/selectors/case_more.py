"""What the page of a case shows below the request, from intake's own tables; a property for each section.

A section is read only when the template asks for it and it has rows, and must cost the same however long the history
is. To add one: its rows in `filled`, a property here that calls a selector of its subject, and a template
`intake/_more_<subject>.html` that `intake/case_more.html` includes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from grid.access import can_see, why_not
from grid.choices import Act
from intake.choices import EmergencyService
from intake.models import ArticleUse, Call, Case, CaseLink, EmergencyHandoff, Evaluation, Mediation, Refusal, Supplement
from intake.workflow import OPEN_STATES, REGISTERED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.filled import find_filled

from .additions import additions_of, evaluations_of, may_make_rating_link
from .community import may_mediate, mediations_of
from .links import Linked, get_links
from .outcomes import article_used, handoffs_of, may_hand_over
from .presence import others_present
from .refusals import refusals_of
from .similar import SimilarCase, find_similar_to

SIMILAR_SHOWN, CALLS_SHOWN = 5, 5


@dataclass
class CaseMore:
    """A case that `user` was found to see, and what belongs to it."""

    case: Case
    user: Any
    now: datetime

    @cached_property
    def mediations(self) -> list[Mediation]:
        """Return the legal matters referred to advisers, newest first."""
        return mediations_of(self.case) if "mediations" in self.filled else []

    @cached_property
    def may_mediate(self) -> bool:
        """Whether the user refers a legal matter of this case to an adviser."""
        return self.case.area_id is not None and may_mediate(self.user, self.case)

    @cached_property
    def filled(self) -> set[str]:
        """Return which sections have rows."""
        case = self.case
        return find_filled(
            case,
            {
                "mediations": case.mediations.all(),
                "links": CaseLink.objects.filter(Q(main=case.pk) | Q(secondary=case.pk), undone_at=None),
                "article": ArticleUse.objects.filter(case=case),
                "refusals": case.refusals.all(),
                "handoffs": case.handoffs.all(),
                "calls": case.calls.all(),
                "additions": case.supplements.all(),
                "evaluations": case.evaluations.all(),
            },
        )

    @property
    def is_in_sight(self) -> bool:
        """Whether the case itself is in sight: a department that is called sees it through its work order alone."""
        return can_see(self.user, self.case)

    @cached_property
    def links(self) -> list[Linked]:
        """Return the linked cases in sight, the main one first."""
        return self._links[0]

    @property
    def more_links(self) -> bool:
        """Whether there are more linked cases than are shown."""
        return self._links[1]

    @cached_property
    def may_link(self) -> bool:
        """Whether `user` may link this case with others."""
        acts = (Act.DISPATCH_CASE.value, Act.REGISTER_CASE.value)
        return why_not(Actor.staff(self.user), acts, self.case) is None

    @cached_property
    def similar(self) -> list[SimilarCase]:
        """Return what may be about the same matter and is not linked yet, for who may link it."""
        if not self.may_link or self.case.state not in OPEN_STATES:
            return []
        linked = [row.case.pk for row in self.links]
        return find_similar_to(self.user, self.case, now=self.now, leave_out=linked, limit=SIMILAR_SHOWN)

    @cached_property
    def article_use(self) -> ArticleUse | None:
        """Return the article the case was answered from."""
        return article_used(self.case) if "article" in self.filled else None

    @cached_property
    def refusals(self) -> list[Refusal]:
        """Return what was proposed and what came of it."""
        return refusals_of(self.case) if "refusals" in self.filled else []

    @property
    def may_take_back(self) -> int | None:
        """Return the open proposal that `user` made."""
        if self.case.state != REGISTERED:
            return None
        own = (one.pk for one in self.refusals if one.is_confirmed is None and one.proposer_id == self.user.pk)
        return next(own, None)

    @cached_property
    def handoffs(self) -> list[EmergencyHandoff]:
        """Return the hand-overs to emergency services."""
        return handoffs_of(self.case) if "handoffs" in self.filled else []

    @property
    def may_hand_over(self) -> bool:
        """Whether `user` may record a hand-over."""
        return may_hand_over(self.user, self.case)

    @property
    def services(self) -> list[tuple]:
        """Return whom an emergency is handed to."""
        return EmergencyService.choices

    @cached_property
    def calls(self) -> list[Call]:
        """Return the newest telephone calls of the case."""
        return list(self.case.calls.select_related("agent")[:CALLS_SHOWN]) if "calls" in self.filled else []

    @property
    def others(self) -> list[str]:
        """Return who else has the case open now; the section itself says that `user` has."""
        return others_present(self.user, [self.case.pk], now=self.now).get(self.case.pk, [])

    @cached_property
    def additions(self) -> list[Supplement]:
        """Return the newest additions of the citizen."""
        return additions_of(self.case) if "additions" in self.filled else []

    @cached_property
    def evaluations(self) -> list[Evaluation]:
        """Return how each round was rated."""
        return evaluations_of(self.case) if "evaluations" in self.filled else []

    @cached_property
    def may_make_rating_link(self) -> bool:
        """Whether `user` may make a link to rate the present round with."""
        return may_make_rating_link(self.user, self.case, {row.round for row in self.evaluations})

    @cached_property
    def _links(self) -> tuple[list[Linked], bool]:
        return get_links(self.user, self.case) if "links" in self.filled else ([], False)


def get_case_more(user, case: Case, now: datetime) -> CaseMore:
    """Return the sections of a case that `user` was found to see."""
    return CaseMore(case, user, now)
