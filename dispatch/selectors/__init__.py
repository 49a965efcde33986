"""Reading for the pages of dispatch and handling. Everything here is narrowed to what the person asking may see."""

from .cases import (
    CasePage,
    find_case,
    get_ahead,
    get_case,
    get_case_page,
    get_current,
    get_timeline,
    get_work_order,
    state_label,
)
from .desk import (
    WAITING_SHOWN,
    Candidate,
    find_units,
    get_area_chain,
    get_candidates,
    get_dispatchable_units,
    get_waiting,
    why_label,
)
from .lookup import find_by_number, find_by_tail
from .paging import Page, paginate
from .queue import REVIEW_TABS, TABS, Tab, count_tabs, get_own_units, get_reviewing_units, get_tab, of_units, reviewed_by
from .steps import NEXT_STEPS, Step, acting_unit, choose_work_order, find_units_below, get_steps, nearest_unit, next_step

__all__ = [
    "NEXT_STEPS", "REVIEW_TABS", "TABS", "WAITING_SHOWN", "Candidate", "CasePage", "Page", "Step", "Tab", "acting_unit", "choose_work_order", "count_tabs",
    "find_by_number", "find_by_tail", "find_case", "find_units", "find_units_below", "get_area_chain",
    "get_candidates", "get_case", "get_case_page", "get_current", "get_dispatchable_units", "get_own_units", "get_reviewing_units",
    "get_ahead", "get_steps", "get_tab", "get_timeline", "get_waiting", "get_work_order", "nearest_unit", "next_step", "of_units", "paginate",
    "reviewed_by", "state_label", "why_label",
]
