"""What grid itself holds follows a re-cut: patrol plans with the rounds under way, party and partners, the outline."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from grid.geometry import current
from grid.models import Area, AreaOutline, RoundPlan, RoundTask, ServiceSite, Unit
from grid.selectors.recut_places import Follower
from grid.workflow import TO_WALK, UNDER_WAY

from .outline_checks import as_shape, outline_shape


def follow(followers: Iterable[Follower], units: Mapping[int, Unit | None], now: datetime) -> dict[str, int]:
    """Move what follows, end what cannot; returns how many of each model. Within the transaction of the cut."""
    moved, ended = defaultdict(list), []
    for one in followers:
        if one.ends:
            ended.append(one)
        elif one.into is not None:
            moved[type(one.row), one.into.pk].append(one.row.pk)
    counts: Counter[str] = Counter()
    for (model, area_id), ids in moved.items():
        counts[model._meta.model_name or ""] += model._default_manager.filter(pk__in=ids).update(area=area_id)
        if model is RoundPlan:
            _follow_rounds(ids, area_id, units.get(area_id))
    for one in ended:
        _end(one, now)
    return dict(counts)


def _follow_rounds(plan_ids: list[int], area_id: int, unit: Unit | None) -> None:
    """Hand the rounds that are not over to the team of the new area."""
    into = {"area": area_id} | ({"unit": unit} if unit is not None else {})
    RoundTask.objects.filter(plan__in=plan_ids, state__in=[TO_WALK, UNDER_WAY]).update(**into)


def _end(one: Follower, now: datetime) -> None:
    row: Any = one.row
    if isinstance(row, ServiceSite):
        ServiceSite.objects.filter(pk=row.pk).update(is_active=False)
    else:
        day = max(timezone.localdate(now), row.begins_on)
        type(row)._default_manager.filter(pk=row.pk).update(ends_on=day)


def follow_outline(area: Area, heir: Area, *, is_new: bool, source: str, now: datetime) -> None:
    """Give the outline of an area that ends to the one that takes all of it, beside that one's own.

    One that was there before and has none gets none: a part of it would stand for the whole.
    """
    import shapely

    rows = {row.area_id: row for row in AreaOutline.objects.filter(area__in=[area, heir])}
    if area.pk not in rows or not (is_new or heir.pk in rows):
        return
    shape = shapely.union_all([as_shape(row.polygons) for row in rows.values()])
    polygons = shapely.multipolygons(shapely.get_parts(shape))
    west, south, east, north = polygons.bounds
    AreaOutline.objects.update_or_create(
        area=heir,
        defaults={
            "polygons": outline_shape(polygons), "west": west, "south": south, "east": east, "north": north,
            "source": source[:120], "imported_at": now,
        },
    )  # fmt: skip
    current.drop()
