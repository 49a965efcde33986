"""Who answers for an item in an area: version in force, overlay, row. What dispatch asks of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dutylist.models import Item, ItemVersion, Responsibility
from grid.models import Area


@dataclass(frozen=True)
class Duty:
    """What the list says about an item in an area. `overlay` is the local version that narrows it there, if any."""

    version: ItemVersion
    overlay: ItemVersion | None = None
    row: Responsibility | None = None

    @property
    def terms(self) -> ItemVersion:
        """Return the version whose time limits hold: the overlay's where it has its own."""
        return self.overlay if self.overlay and self.overlay.limit_normal else self.version


def duty_for(item_id: int, area: Area | None, on: date) -> Duty | None:
    """Return what the list says on the day `on`; None when the item is not in force."""
    return duties_for([(item_id, area)], on).get((item_id, area.pk if area else None))


def duties_for(pairs: Iterable[tuple[int, Area | None]], on: date) -> dict[tuple[int, int | None], Duty]:
    """Return (item id, area id) → duty for many cases, with two queries. Items not in force are left out.

    The most specific area that has a row answers; of two rows for one area the local list's. Without an area there is a
    version, and neither overlay nor row.
    """
    wanted = {(item_id, area.pk if area else None): _chain(area) for item_id, area in pairs}
    area_ids = {area_id for chain in wanted.values() for area_id in chain}
    versions, overlays = _in_force({item_id for item_id, _area in wanted}, area_ids, on)
    local = {key: _overlays_at(overlays[key[0]], chain) for key, chain in wanted.items()}
    places = {
        key: _places([versions[key[0]], *local[key]], chain) for key, chain in wanted.items() if key[0] in versions
    }
    rows = _rows({place for found in places.values() for place in found})
    return {
        key: Duty(
            versions[key[0]],
            local[key][-1] if local[key] else None,
            next((rows[place] for place in found if place in rows), None),
        )
        for key, found in places.items()
    }


def responsible_for(version: ItemVersion, area: Area) -> Responsibility | None:
    """Return the row of one version that answers for `area`, overlays left aside. None is a gap in the list."""
    return Responsibility.objects.answering(version.rows_id, area).select_related("lead_unit", "area").first()


def _in_force(
    item_ids: set[int], area_ids: set[int], on: date
) -> tuple[dict[int, ItemVersion], dict[int, list[ItemVersion]]]:
    """Return item id → version, and item id → versions of its overlays in these areas."""
    if not item_ids:
        return {}, defaultdict(list)
    items = Item.objects.filter(Q(pk__in=item_ids) | Q(narrows__in=item_ids, owner_area__in=area_ids))
    found = ItemVersion.objects.in_force_of(items, on)
    versions, overlays = {}, defaultdict(list)
    for version in found.select_related("item").order_by():
        if version.item_id in item_ids:
            versions[version.item_id] = version
        if version.item.narrows_id:
            overlays[version.item.narrows_id].append(version)
    return versions, overlays


def _overlays_at(overlays: list[ItemVersion], chain: list[int]) -> list[ItemVersion]:
    """Return the overlays of the areas around, widest first."""
    at = [overlay for overlay in overlays if overlay.item.owner_area_id in chain]
    return sorted(at, key=lambda overlay: chain.index(overlay.item.owner_area_id))


def _places(versions: list[ItemVersion], chain: list[int]) -> list[tuple[int, int]]:
    """Return where an answer may stand, as (version id, area id): the narrowest area first, there the local list."""
    return [(version.rows_id, area_id) for area_id in reversed(chain) for version in reversed(versions)]


def _rows(places: set[tuple[int, int]]) -> dict[tuple[int, int], Responsibility]:
    """Return the rows that stand at these places: exactly those, for a version may have one for every community."""
    if not places:
        return {}
    found = Responsibility.objects.at(places).select_related("lead_unit", "area")
    return {(row.version_id, row.area_id): row for row in found}


def _chain(area: Area | None) -> list[int]:
    """Return the ids of the areas around, widest first."""
    return [int(part) for part in area.path.strip("/").split("/")] if area else []
