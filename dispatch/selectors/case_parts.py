"""What the page of a case shows below the request from dispatch's own tables; a property for each section.

A section is read only when the template asks for it, and must cost the same however long the history is. To add one:
a property here that calls a selector of its subject, and a template `dispatch/_part_<subject>.html` that
`dispatch/case_more.html` includes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from dispatch.models import StageFact
from intake.models import Case

STAGES_SHOWN = 60


@dataclass
class CaseParts:
    """A case that `user` was found to see, and what dispatch knows of it."""

    case: Case
    user: Any
    now: datetime

    @cached_property
    def stages(self) -> list[StageFact]:
        """Return which unit had the case for what, oldest first: also those that handed it back."""
        facts = StageFact.objects.filter(case=self.case).select_related("unit")
        return sorted(facts.order_by("-id")[:STAGES_SHOWN], key=lambda fact: (fact.started_at, fact.pk))


def get_case_parts(user, case: Case, now: datetime) -> CaseParts:
    """Return the sections of a case that `user` was found to see."""
    return CaseParts(case, user, now)
