"""Reading the duty list."""

from dutylist.ranking import FoundItem

from .duties import Duty, duties_for, duty_for, responsible_for
from .items import (
    ItemPage,
    get_item_id,
    get_item_page,
    list_in_force,
    search_items,
    version_in_force,
    versions_in_force,
)

__all__ = [
    "Duty",
    "FoundItem",
    "duties_for",
    "duty_for",
    "ItemPage",
    "get_item_id",
    "get_item_page",
    "list_in_force",
    "responsible_for",
    "search_items",
    "version_in_force",
    "versions_in_force",
]
