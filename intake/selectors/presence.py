"""Who else has a case open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone

from intake.models import Case, CasePresence
from shenzhen_gov.core.parameters import get_parameter


def others_present(user, case_ids: Collection[int], *, now: datetime) -> dict[int, list[str]]:
    """Return, by case id, the names of the others who have it open now; only of cases that `user` may see."""
    if not case_ids:
        return {}
    since = now - timedelta(seconds=get_parameter("presence.seconds", timezone.localdate(now)))
    rows = CasePresence.objects.filter(case_id__in=case_ids, seen_at__gte=since).exclude(staff_id=user.pk)
    seen = rows.filter(case__in=Case.objects.visible_to(user)).select_related("staff").order_by("seen_at")[:100]
    found = defaultdict(list)
    for row in seen:
        found[row.case_id].append(row.staff.get_full_name() or row.staff.get_username())
    return dict(found)
