"""What published batches changed for one unit lately: how a unit is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q, QuerySet

from dutylist.models import Batch, BatchLine, ItemVersion, Responsibility
from grid.models import Unit

NEWS_DAYS = 30
KEPT_SECONDS = 60


def list_unit_news(unit: Unit, now: datetime, user) -> QuerySet[BatchLine]:
    """Return the lines published in the last month that name `unit` before or after, latest first.

    Only lists that `user` reads; two or three queries, whatever the history.
    """
    since = now - timedelta(days=NEWS_DAYS)
    lines = BatchLine.objects.filter(batch__published_at__gte=since).order_by("-batch__published_at", "position")
    if not Batch.objects.filter(published_at__gte=since).exists():
        return lines.none()
    naming = _versions_naming(unit)
    concerned = Q()
    for version in ("published", "before"):
        own = {f"{version}__in": naming, f"{version}__rows_from": None}
        concerned |= Q(**own) | Q(**{f"{version}__rows_from__in": naming})
    readable = ItemVersion.objects.open_to(user).filter(batch__published_at__gte=since)
    return lines.filter(concerned, published__in=readable).select_related("batch", "published")


def count_unit_news(unit: Unit | None, now: datetime, user) -> int:
    """Return how many lines `list_unit_news` has; a figure up to a minute old, for desks that are opened all day."""
    if unit is None:
        return 0
    key = f"unit-news:{unit.pk}:{user.pk}"
    count = cache.get(key)
    if count is None:
        count = list_unit_news(unit, now, user).count()
        cache.set(key, count, KEPT_SECONDS)
    return count


def _versions_naming(unit: Unit) -> list[int]:
    """Return the versions with rows that name the unit, found by the index of each part."""
    parts = [
        Responsibility.objects.filter(**{name: unit}).values_list("version")
        for name in ("lead_unit", "co_units", "fallback_unit")
    ]
    return [version_id for (version_id,) in parts[0].union(*parts[1:])]
