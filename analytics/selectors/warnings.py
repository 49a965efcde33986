"""Reading early warnings, narrowed to what one may see: the list, one with its evidence, the precision of detectors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from analytics.choices import WARNING_READERS, WarningKind
from analytics.models import DetectorRun, EarlyWarning, SpecialTheme
from analytics.workflow import WARNING_FALSE, WARNING_JUDGED_TRUE, WARNING_OPEN
from grid import access
from grid.choices import Act
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.parameters import get_parameter


@dataclass(frozen=True)
class Precision:
    """How one detector does: warnings that wait for a verdict, and the verdicts of the last days."""

    kind: WarningKind
    waiting: int
    true: int
    judged: int

    @property
    def share(self) -> int | None:
        """Return the share of true ones among the judged, in per cent; None before the first verdict."""
        return round(100 * self.true / self.judged) if self.judged else None


def list_warnings(user) -> QuerySet[EarlyWarning]:
    """Return the warnings in sight, with what a row shows."""
    return EarlyWarning.objects.visible_to(user).select_related("area", "owner_unit")


def get_warning(pk: int, user) -> EarlyWarning | None:
    """Return one warning in sight, or None."""
    related = ("area", "item__entry", "unit", "owner_unit", "owner")
    return EarlyWarning.objects.visible_to(user).select_related(*related).filter(pk=pk).first()


def may_read(user) -> bool:
    """Whether somebody reads early warnings anywhere."""
    return user.is_superuser or bool(access.grants_of(user).acts().intersection(WARNING_READERS))


def why_not_read(user, warning: EarlyWarning) -> str | None:
    """Return None for who reads figures there or works at the unit that owns the warning, else the reason."""
    by = Actor.staff(user)
    reason = None if user.is_superuser else access.why_not(by, WARNING_READERS, warning)
    if reason and warning.owner_unit and access.why_not(by, (Act.HANDLE_CASE.value,), warning.owner_unit) is None:
        return None
    return reason


def count_precision(user, now: datetime) -> list[Precision]:
    """Return every detector with its open warnings and verdicts in somebody's sight."""
    since = now - timedelta(days=get_parameter("warning.precision_days", timezone.localdate(now)))
    lately = Q(judged_at__gte=since)
    rows = EarlyWarning.objects.visible_to(user).filter(Q(state=WARNING_OPEN) | lately).order_by()
    counted = rows.values("kind").annotate(
        waiting=Count("pk", filter=Q(state=WARNING_OPEN)),
        true=Count("pk", filter=lately & Q(state__in=WARNING_JUDGED_TRUE)),
        false=Count("pk", filter=lately & Q(state=WARNING_FALSE)),
    )
    found = {row["kind"]: row for row in counted}
    empty = {"waiting": 0, "true": 0, "false": 0}
    told = [(kind, found.get(kind.value, empty)) for kind in WarningKind]
    return [Precision(kind, row["waiting"], row["true"], row["true"] + row["false"]) for kind, row in told]


def last_look() -> datetime | None:
    """Return when a detector other than that of risk words looked last."""
    runs = DetectorRun.objects.exclude(kind=WarningKind.RISK).order_by("-id")
    return runs.values_list("ended_at", flat=True).first()


def cases_of(warning: EarlyWarning, user) -> list[Case]:
    """Return the cases a warning rests on that are in sight, newest first; at most as many as are kept."""
    rows = Case.objects.visible_to(user).filter(pk__in=warning.case_ids)
    return list(rows.select_related("area", "holder", "item_version").order_by("-pk"))


def themes_of(warning: EarlyWarning, user) -> list[SpecialTheme]:
    """Return the special themes that were made of a warning, those in sight."""
    return list(SpecialTheme.objects.visible_to(user).filter(warning=warning).order_by("-pk")[:5])


def possible_owners(warning: EarlyWarning) -> list[Unit]:
    """Return the units at home in the areas around a warning, nearest first: who may be asked to act on it."""
    around = [int(part) for part in warning.area.path.strip("/").split("/")]
    rows = Unit.objects.filter(home_area__in=around, closed_on=None).order_by("-level", "path")
    return list(rows.only("pk", "name", "level"))
