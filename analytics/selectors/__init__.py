"""Reading what analytics works out."""

from .catalogue import defining, get_indicator, list_catalogue, versions_of
from .levels import Figures, LevelRow, Levels, get_area, get_levels, home_area, may_open
from .radar import KindCount, count_by_kind, get_finding, list_findings, newest_runs

__all__ = [
    "versions_of",
    "list_catalogue",
    "get_indicator",
    "defining",
    "Figures",
    "KindCount",
    "LevelRow",
    "Levels",
    "count_by_kind",
    "get_area",
    "get_finding",
    "get_levels",
    "home_area",
    "list_findings",
    "may_open",
    "newest_runs",
]
