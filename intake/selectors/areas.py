"""Areas by what somebody types."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from grid.choices import Level
from grid.models import Area
from intake.location import path_names

PLACES_SHOWN = 8


def search_areas(text: str, limit: int = PLACES_SHOWN) -> list[Area]:
    """Return the areas in use whose name or code fits `text`, every word of it; wider areas first.

    A word may be of any area around: "坪山 和平" finds 和平社区 in 坪山区.
    """
    words = [word for word in text.replace("›", " ").split() if word][:4]
    if not words:
        return []
    areas = Area.objects.filter(is_active=True, level__gt=1)
    found = areas.filter(Q(name__contains=words[-1]) | Q(code__startswith=words[-1])).order_by("level", "path")
    if len(words) > 1:
        found = found.filter(_around(areas, words[:-1]))
    return list(found[:limit])


def area_ids_by_words() -> dict[str, tuple[int, int]]:
    """Return (id, level) of every area in use down to the community, by its code and by its names: 南山区/粤海街道."""
    areas = list(Area.objects.filter(is_active=True, level__range=(Level.DISTRICT, Level.COMMUNITY)).order_by("level"))
    paths: dict[int, str] = {}
    found = {}
    for area in areas:
        above = paths.get(area.parent_id or 0)
        paths[area.pk] = f"{above}/{area.name}" if above else area.name
        found[paths[area.pk]] = found[area.code] = (area.pk, area.level)
    return found


def area_path(area: Area | None) -> list[str]:
    """Return the names from the district down to the area."""
    return path_names(area) if area else []


def _around(areas: QuerySet[Area], words: list[str]) -> Q:
    """Return the condition that an area lies in one named by each of `words`."""
    condition = Q()
    for word in words:
        inside = Q(pk__in=[])
        for path in areas.filter(name__contains=word).values_list("path", flat=True)[:30]:
            inside |= Q(path__startswith=path)
        condition &= inside
    return condition
