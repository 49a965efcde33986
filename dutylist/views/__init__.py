"""Pages of the duty list: the list and its items, batches and their lines."""

from .items import DutyList, item

__all__ = ["DutyList", "item"]
