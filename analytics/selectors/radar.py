"""Reading what analytics found, narrowed to what somebody may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from analytics.choices import FindingState, RadarKind
from analytics.models import RadarFinding, RadarRun


@dataclass(frozen=True)
class KindCount:
    """How many open findings of one kind there are in somebody's sight."""

    kind: RadarKind
    count: int


def list_findings(user) -> QuerySet[RadarFinding]:
    """Return the findings in sight, with what a row shows."""
    return RadarFinding.objects.visible_to(user).select_related("item__owner_area", "item__entry", "area", "other")


def count_by_kind(user) -> list[KindCount]:
    """Return every kind with its open findings in sight."""
    rows = RadarFinding.objects.visible_to(user).filter(state=FindingState.OPEN).order_by()
    counts = dict(rows.values_list("kind").annotate(Count("pk")))
    return [KindCount(kind, counts.get(kind.value, 0)) for kind in RadarKind]


def get_finding(finding_id: int, user) -> RadarFinding | None:
    """Return one finding in sight, or None."""
    return list_findings(user).filter(pk=finding_id).first()


def newest_runs() -> tuple[RadarRun | None, RadarRun | None]:
    """Return the run that waits or is under way, and the last one that ended."""
    runs = list(RadarRun.objects.order_by("-id")[:2])
    waiting = next((run for run in runs if run.ended_at is None), None)
    return waiting, next((run for run in runs if run.ended_at is not None), None)
