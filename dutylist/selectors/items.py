"""Reading the duty list: what is in force, what a text is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dutylist.models import Item, ItemVersion
from dutylist.ranking import FoundItem, ItemIndex, index_on


def version_in_force(item_id: int, on: date) -> ItemVersion | None:
    """Return the version of one item in force on the day `on`; None when it is not yet or no longer in force."""
    return ItemVersion.objects.of_item(item_id, on)


def versions_in_force(item_ids: Iterable[int], on: date) -> dict[int, ItemVersion]:
    """Return item id → version in force on the day `on`, with one query."""
    versions = ItemVersion.objects.in_force(on).filter(item_id__in=set(item_ids)).select_related("item")
    return {version.item_id: version for version in versions}


def list_in_force(on: date):
    """Return the whole list as of the day `on`, in the order of its codes."""
    return ItemVersion.objects.in_force(on).select_related("item__owner_area", "item__narrows").order_by("item__code")


def get_item_id(code: str) -> int | None:
    """Return the id of the item with this stable code, or None."""
    return Item.objects.filter(code=code).values_list("pk", flat=True).first()


def search_items(text: str, *, on: date, limit: int = 8) -> list[FoundItem]:
    """Return the items in force on `on` that fit `text` best, best first; empty for an empty text."""
    return index_on(on).rank(text, limit)


def item_index(on: date) -> ItemIndex:
    """Return the index of the items in force on `on`, for whoever ranks by more than the words of the list."""
    return index_on(on)
