"""重复诉求: whether somebody who asks has asked before."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from intake.models import Case, Citizen
from intake.workflow import OPEN_STATES
from shenzhen_gov.core.parameters import get_parameter

LATEST = 20


def asks_again(citizen: Citizen | None, *, now: datetime) -> bool:
    """Whether this citizen has an open case, or `repeat.cases` cases in the last `repeat.days` days ([P]).

    One statement, and none for who was not known a moment ago.
    """
    if citizen is None or citizen.created_at >= now:
        return False
    latest = list(Case.objects.filter(citizen=citizen).order_by("-pk").values_list("state", "registered_at")[:LATEST])
    today = timezone.localdate(now)
    since = now - timedelta(days=get_parameter("repeat.days", today))
    recent = sum(registered_at >= since for _state, registered_at in latest)
    return any(state in OPEN_STATES for state, _at in latest) or recent >= get_parameter("repeat.cases", today)
