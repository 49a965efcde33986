"""What the page of a case shows below the request, from intake's own tables; a property for each section.

A section is read only when the template asks for it, and must cost the same however long the history is. To add one:
a property here that calls a selector of its subject, and a template `intake/_more_<subject>.html` that
`intake/case_more.html` includes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intake.models import Case


@dataclass
class CaseMore:
    """A case that `user` was found to see, and what belongs to it."""

    case: Case
    user: object
    now: datetime


def get_case_more(user, case: Case, now: datetime) -> CaseMore:
    """Return the sections of a case that `user` was found to see."""
    return CaseMore(case, user, now)
