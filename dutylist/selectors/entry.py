"""What the form of a line starts from, and the choices it offers: items, areas, units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from dutylist.choices import ManagementType
from dutylist.content import Content, contents_of, empty_content
from dutylist.models import Batch, Item, ItemVersion
from grid.models import Area, Unit

CHOICES_SHOWN = 12


@dataclass(frozen=True)
class EntryStart:
    """What the form of a line starts from: the item it changes (None: a new one) and how it reads now."""

    item: Item | None
    narrows: Item | None
    before: ItemVersion | None
    content: Content


def get_start(batch: Batch, user, *, code: str = "", narrows: str = "") -> EntryStart | None:
    """Return what the form of a line of this batch starts from, or None when the item is on no list of this batch.

    Without a code: a new item; with `narrows`, the overlay of that city item, whose path and name it takes over.
    """
    if not code:
        wide = _item(Item.objects.open_to(user).filter(narrows=None), narrows) if narrows else None
        if narrows and wide is None:
            return None
        return EntryStart(None, wide, None, _overlay_content(wide) if wide else empty_content())
    item = _item(Item.objects.filter(owner_area=batch.owner_area_id), code)
    before = ItemVersion.objects.filter(item=item).order_by("-number").first() if item else None
    if item is None or before is None:
        return None
    return EntryStart(item, item.narrows, before, contents_of([before])[before.pk])


def _item(items: QuerySet[Item], code: str) -> Item | None:
    return items.filter(code=code).select_related("owner_area", "narrows").first()


def _overlay_content(item: Item) -> Content:
    newest = ItemVersion.objects.filter(item=item).order_by("-number").first()
    paths = contents_of([newest], with_rows=False)[newest.pk] if newest else {}
    return empty_content() | {name: paths[name] for name in ("level1", "level2", "name") if name in paths}


def find_items(batch: Batch, text: str, user) -> list[ItemVersion]:
    """Return items a line of this batch may be about: its own list, and what a local list may narrow."""
    own = Q(item__owner_area=batch.owner_area_id)
    if batch.owner_area.level > 1:
        own |= Q(item__narrows=None, item__management_type__in=[ManagementType.CITY, ManagementType.HANDED_DOWN])
    words = text.strip()
    fits = Q(path_text__icontains=words) | Q(item__code__istartswith=words) | Q(keywords__contains=[words])
    found = ItemVersion.objects.newest().open_to(user).filter(own, fits, is_retired=False)
    return list(found.select_related("item").order_by("item__code")[:CHOICES_SHOWN])


def find_row_units(batch: Batch, name: str, on: date) -> list[Unit]:
    """Return the units of the batch's territory and around it that have or had a name containing `name`."""
    around = [int(part) for part in batch.owner_area.path.strip("/").split("/")]
    near = Q(home_area__path__startswith=batch.owner_area.path) | Q(home_area__in=around)
    found = Unit.objects.open_on(on).filter(near, names__name__icontains=name.strip())
    return list(found.distinct().order_by("level", "path")[:CHOICES_SHOWN])


def find_row_areas(batch: Batch, name: str) -> list[Area]:
    """Return the areas of the batch's territory whose name or code fits, wider ones first."""
    areas = Area.objects.below(batch.owner_area).filter(is_active=True, level__lte=4)
    found = areas.filter(Q(name__icontains=name.strip()) | Q(code__startswith=name.strip()))
    return list(found.select_related("parent").order_by("level", "path")[:CHOICES_SHOWN])


def get_unit_name(pk) -> str:
    """Return the name of the unit that is picked in a form, or nothing."""
    unit = Unit.objects.filter(pk=int(pk)).first() if str(pk or "").isdecimal() else None
    return unit.name if unit else ""


def name_rows(rows: list[dict]) -> list[dict]:
    """Return responsibility rows with the names of their areas and units, in the order of the areas; two queries."""
    areas = Area.objects.in_bulk({row["area"] for row in rows})
    ids = {unit for row in rows for unit in (row["lead"], row["fallback"], *row["co"]) if unit}
    units = Unit.objects.in_bulk(ids)
    named = [
        {
            "ids": row,
            "area": areas[row["area"]],
            "lead": units.get(row["lead"]),
            "co": [units[unit] for unit in row["co"] if unit in units],
            "fallback": units.get(row["fallback"]),
            "note": row["note"],
        }
        for row in rows
        if row["area"] in areas
    ]
    return sorted(named, key=lambda row: (row["area"].level, row["area"].path))
