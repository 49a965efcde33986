"""Re-cuts of communities and cells on their day: not while the list would still name what ends."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.selectors.recuts import count_rows_for
from grid import services as grid
from grid.models import Recut
from shenzhen_gov.core.actor import Actor


def carry_out_due_recuts(*, by: Actor, now: datetime) -> int:
    """Cut every area whose day has come, each in a transaction of its own; returns how many were cut.

    What stands in the way is noted with the plan, which is looked at again at the next call.
    """
    due = Recut.objects.due(timezone.localdate(now)).select_related("area")
    return sum(grid.cut(plan.pk, by=by, now=now, obstacle=_obstacle(plan, now)) for plan in due)


def _obstacle(plan: Recut, now: datetime) -> str:
    count = count_rows_for(plan.area, timezone.localdate(now)) if plan.ends else 0
    if not count:
        return ""
    text = _("%(count)s items of the duty list still name %(area)s or its unit: change them by a batch first.")
    return text % {"count": count, "area": plan.area}
