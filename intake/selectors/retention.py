"""What the page of old personal data shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from intake.choices import RetentionKind
from intake.models import RetentionRun
from intake.services.retention import Limits, fresh_preview, limits_on
from shenzhen_gov.core.parameters import get_parameter

NEWEST = 10
FIGURES = ("citizens", "cases", "files", "bytes")


@dataclass(frozen=True)
class RetentionPage:
    """Limits of today, the newest preview by year, earlier runs, and what may be started."""

    limits: Limits
    every_days: int
    preview: RetentionRun | None
    years: list[tuple[str, dict]]
    totals: dict
    runs: list[RetentionRun]
    open_run: RetentionRun | None
    may_carry_out: bool

    @property
    def is_due(self) -> bool:
        """Whether the preview found anything to anonymise."""
        return bool(self.preview and (self.years or self.preview.result["calls"]))


def retention_page(now: datetime) -> RetentionPage:
    """Return what the page shows at `now`; the caller saw to it that the user administers the whole city."""
    runs = list(RetentionRun.objects.order_by("-pk")[:NEWEST])
    preview = next((run for run in runs if run.kind == RetentionKind.PREVIEW and run.ended_at), None)
    years = sorted(preview.result["years"].items()) if preview else []
    day = timezone.localdate(now)
    return RetentionPage(
        limits=limits_on(day),
        every_days=get_parameter("retention.every_days", day),
        preview=preview,
        years=years,
        totals={name: sum(row[name] for _year, row in years) for name in FIGURES},
        runs=runs,
        open_run=next((run for run in runs if run.ended_at is None), None),
        may_carry_out=fresh_preview(now) is not None,
    )
