"""Finding buildings: by words of name and address, by the beginning of a code; and what lies in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet

from grid import access
from grid.choices import Level
from grid.geometry import area_id_at
from grid.keys import BLOCKS, block_of, keys_in
from grid.models import Area, Building, Room
from grid.models.places import AreaOutline, PlaceImport
from shenzhen_gov.core.models import JobRun
from shenzhen_gov.core.nearness import degrees
from shenzhen_gov.core.pairs import pairs_of, search_words

from .territory import BUILDING_DIGITS, COMMUNITY_DIGITS, ROOM_DIGITS

FOUND = 50
SHORTEST_CODE = 6
MOST_PAIRS = 8  # asked of the index; the texts themselves are asked for the whole words
FEW_BLOCKS = 16
MOST_AREAS = 2_000
ROOMS_SHOWN = 500
MOST_BESIDE = 30


@dataclass(frozen=True)
class Found:
    """Buildings found; `is_cut`: there are more."""

    rows: list[Building]
    is_cut: bool = False


def find_buildings(text: str, user, limit: int = FOUND) -> Found:
    """Return the buildings in sight of `user` that a text means: words of name and address, or a code's beginning.

    A house code of a room finds its building. Words shorter than two characters are left out; without any, nothing is
    found. Of the whole city those of the first communities come first, by name within what was found.
    """
    code = "".join(text.split()).upper()
    if _is_code(code):
        return _cut(_by_code(code, user, limit + 1), limit)
    words = search_words(text.replace("\x00", ""))
    return _cut(_by_words(words, user, limit + 1), limit) if words else Found([])


def area_at(longitude: float | None, latitude: float | None) -> Area | None:
    """Return the smallest area in use whose outline holds the point; None where none does, or without a point."""
    if longitude is None or latitude is None:
        return None
    area_id = area_id_at(longitude, latitude)
    return Area.objects.filter(pk=area_id).first() if area_id is not None else None


def areas_beside(area: Area, longitude: float, latitude: float, metres: float) -> QuerySet[Area]:
    """Return the other areas of the same level that a point of `area` may have within `metres`, at most MOST_BESIDE.

    Those whose outline's box comes so near, across every border; then, for places whose outlines are not known, those
    below the same parent.
    """
    north, east = degrees(metres, latitude)
    near = AreaOutline.objects.filter(
        west__lte=longitude + east, east__gte=longitude - east, south__lte=latitude + north, north__gte=latitude - north
    )
    rows = Area.objects.filter(level=area.level, is_active=True).exclude(pk=area.pk)
    rows = rows.annotate(is_near=Q(pk__in=near.values("area")))
    return rows.filter(Q(is_near=True) | Q(parent=area.parent_id)).order_by("-is_near", "pk")[:MOST_BESIDE]


def get_building(user, code: str) -> Building | None:
    """Return the building with this code, if `user` may see it."""
    return _shown(Building.objects.visible_to(user)).filter(code=code).first()


def rooms_of(building: Building) -> list[Room]:
    """Return the rooms in use, lowest code first, at most ROOMS_SHOWN."""
    return list(building.rooms.filter(is_active=True).order_by("code")[:ROOMS_SHOWN])


def list_imports(user, tables: Sequence[str], limit: int = 10) -> list[PlaceImport]:
    """Return the latest imports of these tables that `user` sent; everybody's to who administers the city."""
    rows = PlaceImport.objects.select_related("asked_by").filter(table__in=tables).order_by("-pk")
    return list((rows if _administers(user) else rows.filter(asked_by=user.pk))[:limit])


def get_import(user, import_id: int) -> PlaceImport | None:
    """Return an import that `user` sent, any to who administers the city."""
    rows = PlaceImport.objects.select_related("asked_by").filter(pk=import_id)
    return (rows if _administers(user) else rows.filter(asked_by=user.pk)).first()


def progress_of(name: str) -> JobRun | None:
    """Return the newest job run of this name."""
    return JobRun.objects.filter(job=name).order_by("-pk").first()


def _administers(user) -> bool:
    return user.is_superuser or access.holds_everywhere(user, "manage_system")


def _is_code(code: str) -> bool:
    """Whether a text is the beginning of a house code: digits, later letters among them."""
    return (
        SHORTEST_CODE <= len(code) <= ROOM_DIGITS
        and code.isascii()
        and code.isalnum()
        and code[:COMMUNITY_DIGITS].isdigit()
    )


def _by_code(code: str, user, limit: int) -> list[Building]:
    visible = Building.objects.visible_to(user).filter(is_active=True)
    if len(code) > BUILDING_DIGITS:
        rooms = Room.objects.filter(is_active=True, **_beginning(code)).order_by("code")
        rows = visible.filter(pk__in=set(rooms.values_list("building", flat=True)[:limit]))
    elif len(code) >= COMMUNITY_DIGITS or _area_ids(user) is None:
        rows = visible.filter(**_beginning(code))
    else:
        rows = visible.filter(pk__in=_ids_by_areas(code, user, limit))
    ids = list(rows.order_by("code").values_list("pk", flat=True)[:limit])
    return list(_shown(Building.objects.visible_to(user)).filter(pk__in=ids).order_by("code"))


def _beginning(code: str) -> dict[str, str]:
    """Return the condition for codes that begin so, as a range: unlike LIKE, their order goes by the same index."""
    return {"code__gte": code, "code__lte": code.ljust(ROOM_DIGITS, "Z")}


def _ids_by_areas(code: str, user, limit: int) -> list[int]:
    """Return the first buildings of each area in sight: the whole list goes by many that are none of theirs."""
    own = Building.objects.filter(area=OuterRef("pk"), is_active=True, **_beginning(code)).order_by("code")
    areas = Area.objects.visible_to(user).filter(level__gte=Level.COMMUNITY).order_by("code")[:MOST_AREAS]
    found = areas.values_list(ArraySubquery(own.values("pk")[:limit]), flat=True)
    return [pk for ids in found for pk in ids or ()]


def _by_words(words: list[str], user, limit: int) -> list[Building]:
    area_ids, pairs = _area_ids(user), sorted(pairs_of(words))[:MOST_PAIRS]
    ids: list[int] = []
    for blocks in _blocks(user, area_ids):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT grid_buildings_with_pairs(%s::integer[], %s::text[], %s::bigint[], %s)",
                [keys_in(blocks, pairs), words, area_ids, limit - len(ids)],
            )
            ids += [pk for (pk,) in cursor.fetchall()]
        if len(ids) >= limit:
            break
    rows = _shown(Building.objects.visible_to(user)).filter(pk__in=ids)
    return sorted(rows, key=lambda row: (words[0] not in row.name, row.name, row.code))


def _area_ids(user) -> list[int] | None:
    """Return the areas in sight; None means all."""
    sight = access.grants_of(user).sight
    if sight.whole_city or user.is_superuser:
        return None
    return sight.area_ids


def _blocks(user, area_ids: list[int] | None) -> list[list[int]]:
    """Return the blocks to be asked, a few of them first: for a common word they are enough."""
    if area_ids is None:
        blocks = list(range(BLOCKS))
    else:
        areas = Area.objects.visible_to(user).filter(level__gte=Level.COMMUNITY)
        blocks = sorted({block_of(code) for code in areas.values_list("code", flat=True)})
    return [part for part in (blocks[:FEW_BLOCKS], blocks[FEW_BLOCKS:]) if part]


def _shown(rows: QuerySet[Building]) -> QuerySet[Building]:
    """Return buildings in use as lists show them: with their area, how many rooms, without their keys."""
    rooms = Count("rooms", filter=Q(rooms__is_active=True))
    return (
        rows.filter(is_active=True).select_related("area__parent").defer("keys", "outline").annotate(room_count=rooms)
    )


def _cut(rows: list[Building], limit: int) -> Found:
    return Found(rows[:limit], len(rows) > limit)


def lines_of(building: Building) -> list[Area]:
    """Return the areas a building lies in, widest first."""
    return list(Area.objects.containing(building.area))
