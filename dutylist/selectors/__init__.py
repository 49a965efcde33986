"""Reading the duty list."""

from dutylist.ranking import FoundItem, ItemIndex, found_item

from .batches import get_batch
from .compare import ChangeKind, ItemChange, compare_days, count_kinds, list_items
from .conflicts import Conflict, get_conflicts
from .drafts import Draft, DraftItem, get_draft
from .duties import Duty, duties_for, duty_for, responsible_for
from .feed import Change, list_changes, list_versions, newest_change
from .item_page import Difference, ItemPage, ItemQuery, compare_contents, get_item_page
from .items import (
    get_item_id,
    item_index,
    list_in_force,
    search_items,
    version_in_force,
    versions_in_force,
)
from .line_diff import FieldDiff, LineDiff, RowDiff, get_line_diff
from .preview import BatchSummary, Check, get_batch_summary, get_check, get_findings
from .told import get_told, list_told, rows_told
from .tree import Branch, count_below, get_tree, list_branches, list_owners
from .unit_duties import Duties, Part, describe_duties, find_unit, list_unit_duties
from .unit_news import count_unit_news, list_unit_news

__all__ = [
    "count_unit_news",
    "list_unit_news",
    "BatchSummary",
    "Check",
    "Conflict",
    "FieldDiff",
    "LineDiff",
    "RowDiff",
    "get_batch_summary",
    "get_check",
    "get_conflicts",
    "get_findings",
    "get_line_diff",
    "Branch",
    "Change",
    "ChangeKind",
    "Draft",
    "DraftItem",
    "Difference",
    "Duties",
    "ItemChange",
    "ItemQuery",
    "Part",
    "compare_contents",
    "compare_days",
    "count_below",
    "count_kinds",
    "describe_duties",
    "find_unit",
    "get_batch",
    "get_draft",
    "get_tree",
    "list_branches",
    "list_changes",
    "list_items",
    "list_owners",
    "get_told",
    "list_told",
    "list_unit_duties",
    "list_versions",
    "rows_told",
    "newest_change",
    "Duty",
    "FoundItem",
    "ItemIndex",
    "found_item",
    "item_index",
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
