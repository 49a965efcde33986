"""What of intake follows a re-cut of areas: the cases that dispatch names, QR points, leads that are not done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from grid.models import Area
from intake.models import Case, Lead, ReportPoint
from intake.workflow import LEAD_DISMISSED, LEAD_DONE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor

BATCH = 500


def move_to_areas(cases: Sequence[Case], areas: Mapping[int, Area], *, by: Actor, now: datetime) -> None:
    """Put cases whose rows the caller has locked into other areas (case id → area), with an entry of the audit each."""
    entries = []
    for case in cases:
        before, case.area = case.area, areas[case.pk]
        entries.append(audit.Record("case.area_recut", case, {"area": [str(before), str(case.area)]}))
    Case.objects.bulk_update(cases, ["area"])
    audit.record_many(entries, by=by, now=now)


@transaction.atomic
def follow_recuts(*, limit: int = BATCH) -> int:
    """Let QR points and leads in areas that ended go on in their successors; returns how many. Safe at any moment."""
    moved = 0
    ended = Area.objects.filter(successor__isnull=False, is_active=False, successor__is_active=True)
    for area in ended.select_related("successor"):
        moved += _move(ReportPoint.objects.filter(area=area), area.successor, limit)
        moved += _move(
            Lead.objects.filter(area=area).exclude(state__in=(LEAD_DONE, LEAD_DISMISSED)), area.successor, limit
        )
    return moved


def _move(rows, into: Area | None, limit: int) -> int:
    return rows.model.objects.filter(pk__in=rows.order_by("pk").values("pk")[:limit]).update(area=into)
