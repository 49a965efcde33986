"""Imported cases read back in time order, as little as learning needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from dispatch.choices import DecisionMode
from dispatch.models import Decision
from grid.choices import Level
from grid.models import Area, Unit

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Past:
    """A case that was handled: what it was about, where, and by whom. None where the place is not known so closely."""

    case_id: int
    at: datetime
    item: int
    main: str
    top: str
    subdistrict: int | None
    community: int | None
    unit: int
    raw_name: str
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """What a unit does, and the area it does it in (None for the whole district)."""

    function: str
    home: int | None


def imported_cases(only: Collection[str] | None = None) -> Iterator[Past]:
    """Yield every imported case with a known unit, oldest first; or `only` those with these outside numbers."""
    places = _places()
    imported = Decision.objects.filter(mode=DecisionMode.IMPORTED)
    if only is not None:
        imported = imported.filter(case__external_id__in=list(only))
    decisions = imported.order_by("case__registered_at", "case_id").values_list(
        "case_id",
        "case__registered_at",
        "case__item_id",
        "case__item__entry__parent__name",
        "case__item__entry__parent__parent__name",
        "case__area_id",
        "unit_id",
        "case__legacy__unit_name",
        "case__channel_id",
    )
    for case_id, at, item, main, top, area, unit, raw_name, channel in decisions.iterator(chunk_size=CHUNK):
        subdistrict, community = places[area]
        yield Past(case_id, at, item, main, top, subdistrict, community, unit, raw_name or str(unit), channel)


def roles(unit_ids: set[int]) -> dict[int, Role]:
    """Return what each unit does and where; a unit with a function of its own does it wherever it is called."""
    units = Unit.objects.filter(pk__in=unit_ids).values_list(
        "pk", "code", "function", "home_area_id", "home_area__level"
    )
    return {
        pk: Role(function, home if level > Level.DISTRICT and function != code else None)
        for pk, code, function, home, level in units
    }


def _places() -> dict[int, tuple[int | None, int | None]]:
    """Return area → (subdistrict, community) that it is or lies in."""
    levels = dict(Area.objects.values_list("pk", "level"))
    found = {}
    for pk, path in Area.objects.values_list("pk", "path"):
        around = {levels[part]: part for part in map(int, path.strip("/").split("/"))}
        found[pk] = (around.get(Level.SUBDISTRICT), around.get(Level.COMMUNITY))
    return found
