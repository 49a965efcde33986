"""差评申诉: the unit that closed a case appeals against a bad score. Agreed: the score does not count in the figures.

The evaluation itself is never changed: the agreed request is the record (CaseRequest.evaluation).
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ClockKind, RequestKind
from dispatch.models import CaseRequest
from dispatch.selectors.requests import rated_round
from intake import services as intake
from intake.models import Evaluation
from intake.workflow import OPEN_STATES, UNDER_APPEAL
from shenzhen_gov.core import audit
from shenzhen_gov.core.exceptions import IllegalMove, Refused
from shenzhen_gov.core.parameters import get_parameter

from .asked import Asked, shown


def prepare(asked: Asked) -> dict[str, Any]:
    """Check what is asked: a bad score of the round rated last, in time, not appealed against before."""
    found = Evaluation.objects.filter(case=asked.case, round=rated_round(asked.case)).first()
    today = timezone.localdate(asked.now)
    if found is None or found.overall > int(get_parameter("appeal.most_score", today)):
        raise IllegalMove(_("The case has no bad score to appeal against."))
    if CaseRequest.objects.filter(evaluation=found, kind=RequestKind.SCORE_APPEAL).exists():
        raise Refused(_("There was an appeal against this score already."))
    limit = asked.book.limit(ClockKind.ASK_APPEAL, asked.case)
    last = asked.book.due(found.evaluated_at, limit)
    if asked.now > last:
        raise Refused(_("The appeal had to be filed by %(last)s.") % {"last": shown(last)})
    return {"evaluation": found}


def file(request: CaseRequest, asked: Asked) -> None:
    """Put the score under appeal: until it is decided, the case is not archived. A redo that it began goes on."""
    facts = {"score": request.evaluation.overall if request.evaluation else None}
    if asked.case.state in OPEN_STATES:
        audit.record("case.score_appealed", asked.case, by=asked.by, now=asked.now, changes=facts, note=request.reason)
        return
    intake.move_case(
        asked.case, "appeal", action="case.score_appealed", by=asked.by, now=asked.now, changes=facts,
        note=request.reason,
    )  # fmt: skip


def conclude(request: CaseRequest, asked: Asked) -> None:
    """Let the case be closed as before, whatever was decided."""
    if asked.case.state == UNDER_APPEAL:
        facts = {"request": request.pk, "outcome": request.state}
        intake.move_case(
            asked.case, "rule_appeal", action="case.appeal_ruled", by=asked.by, now=asked.now, changes=facts,
            note=request.opinion,
        )  # fmt: skip
