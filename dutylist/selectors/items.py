"""Reading the duty list: what is in force, who is responsible, what a text is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dutylist.models import Item, ItemVersion, Responsibility
from dutylist.ranking import FoundItem, index_on
from grid.access import visible_to
from grid.models import Area

from .duties import responsible_for


def version_in_force(item_id: int, on: date) -> ItemVersion | None:
    """Return the version of one item in force on the day `on`; None when it is not yet or no longer in force."""
    return ItemVersion.objects.of_item(item_id, on)


def versions_in_force(item_ids: Iterable[int], on: date) -> dict[int, ItemVersion]:
    """Return item id → version in force on the day `on`, with one query."""
    versions = ItemVersion.objects.in_force(on).filter(item_id__in=set(item_ids)).select_related("item")
    return {version.item_id: version for version in versions}


def list_in_force(on: date):
    """Return the whole list as of the day `on`, in the order of its codes."""
    return ItemVersion.objects.in_force(on).select_related("item__entry__parent__parent").order_by("item__code")


def get_item_id(code: str) -> int | None:
    """Return the id of the item with this stable code, or None."""
    return Item.objects.filter(code=code).values_list("pk", flat=True).first()


def search_items(text: str, *, on: date, limit: int = 8) -> list[FoundItem]:
    """Return the items in force on `on` that fit `text` best, best first; empty for an empty text."""
    return index_on(on).rank(text, limit)


@dataclass(frozen=True)
class ItemPage:
    """One item as its page shows it. `shown` is the version in force on the day, else the first one there is."""

    item: Item
    shown: ItemVersion
    is_in_force: bool
    versions: list[ItemVersion]
    rows: list[Responsibility]
    rows_in_all: int
    own: Responsibility | None
    own_area: Area | None


ROWS_SHOWN = 60


def get_item_page(code: str, on: date, user, area_name: str = "") -> ItemPage | None:
    """Return the page of the item with this code, or None; rows are those in the user's sight."""
    item = Item.objects.select_related("owner_area").filter(code=code).first()
    versions = list(item.versions.order_by("-effective_from", "-number")) if item else []
    if item is None or not versions:
        return None
    current = next((version for version in versions if version.effective_from <= on), None)
    shown = current or versions[-1]
    rows = visible_to(Responsibility.objects.filter(version=shown.rows_id), user).select_related(
        "lead_unit", "area__parent"
    )
    if area_name:
        rows = rows.filter(area__name__icontains=area_name)
    own_area = user.unit.home_area if user.unit_id else None
    return ItemPage(
        item=item,
        shown=shown,
        is_in_force=current is not None and not current.is_retired,
        versions=versions,
        rows=list(rows.prefetch_related("co_units").order_by("area__path")[:ROWS_SHOWN]),
        rows_in_all=rows.count(),
        own=responsible_for(shown, own_area) if own_area else None,
        own_area=own_area,
    )
