"""What the page of a case shows below the request from dispatch's own tables; a property for each section.

A section is read only when the template asks for it and it has rows, and must cost the same however long the history
is. To add one: its rows in `filled`, a property here that calls a selector of its subject, and a template
`dispatch/_part_<subject>.html` that `dispatch/case_more.html` includes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from dispatch.choices import WorkRole
from dispatch.models import Annotation, CallBack, CaseSplit, CoTask, Docket, Round, StageFact, Telling
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.filled import find_filled

from .call_backs import calls_of
from .checks import CheckPage, checks_of, get_check_page
from .co_tasks import list_parts, list_tellings, with_steps
from .disputes import list_dockets
from .requests import ShownRequest, list_requests
from .splitting import get_splits
from .supervision import Said, get_said, said_rows

STAGES_SHOWN = 60


@dataclass
class CaseParts:
    """A case that `user` was found to see, and what dispatch knows of it."""

    case: Case
    user: Any
    now: datetime

    @cached_property
    def filled(self) -> set[str]:
        """Return which sections have rows; those of `said` by the names of its fields."""
        case = self.case
        return find_filled(
            case,
            {
                "co_tasks": case.work_orders.exclude(role=WorkRole.LEAD),
                "tellings": Telling.objects.filter(work_order__case=case),
                "calls": case.call_backs.all(),
                "checks": case.closure_checks.all(),
                "annotations": case.annotations.all(),
                "requests": case.requests.decided(),
                "dockets": case.dockets.all(),
                "splits": case.part_of_splits.all(),
                **said_rows(case),
            },
        )

    @cached_property
    def stages(self) -> list[StageFact]:
        """Return which unit had the case for what, oldest first: also those that handed it back."""
        facts = StageFact.objects.filter(case=self.case).select_related("unit")
        return sorted(facts.order_by("-id")[:STAGES_SHOWN], key=lambda fact: (fact.started_at, fact.pk))

    @cached_property
    def co_tasks(self) -> list[CoTask]:
        """Return co-handlers and ordered departments, newest first, each with the steps open to the user."""
        return with_steps(list_parts(self.case), Actor.staff(self.user)) if "co_tasks" in self.filled else []

    @cached_property
    def tellings(self) -> list[Telling]:
        """Return when and how the citizen was told of the case's acceptance and result."""
        return list_tellings(self.case) if "tellings" in self.filled else []

    @cached_property
    def said(self) -> Said:
        """Return what the line above has said: urges, supervision, instructions, circulars, warnings."""
        return get_said(self.case, self.filled)

    @cached_property
    def rounds(self) -> list[Round]:
        """Return the rounds with their verdicts, oldest first."""
        return list(self.case.rounds.order_by("number"))

    @cached_property
    def calls(self) -> list[CallBack]:
        """Return the calls after each round."""
        return calls_of(self.case) if "calls" in self.filled else []

    @cached_property
    def checks(self) -> list[CheckPage]:
        """Return the checks of the case's closings with what spoke for each."""
        found = checks_of(self.case) if "checks" in self.filled else []
        return [get_check_page(self.user, check) for check in found]

    @cached_property
    def annotations(self) -> list[Annotation]:
        """Return what was written about the case after it was archived."""
        return list(self.case.annotations.order_by("pk")) if "annotations" in self.filled else []

    @cached_property
    def requests(self) -> list[ShownRequest]:
        """Return what was asked of the level above and came to an end, newest first."""
        return list_requests(self.case, self.user, self.now) if "requests" in self.filled else []

    @cached_property
    def dockets(self) -> list[Docket]:
        """Return the disputes about who is responsible, newest first, with their rulings."""
        return list_dockets(self.case) if "dockets" in self.filled else []

    @cached_property
    def splits(self) -> list[CaseSplit]:
        """Return how one request became several cases, with the words it had before."""
        return get_splits(self.case) if "splits" in self.filled else []


def get_case_parts(user, case: Case, now: datetime) -> CaseParts:
    """Return the sections of a case that `user` was found to see."""
    return CaseParts(case, user, now)
