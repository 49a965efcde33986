"""Tables of analytics, a file for each subject."""

from .figures import DayFigures, FiguresState, MonthFigures
from .indicators import Indicator, IndicatorVersion
from .postings import CasePosting
from .radar import RadarFinding, RadarRun

__all__ = [
    "CasePosting",
    "DayFigures",
    "FiguresState",
    "Indicator",
    "IndicatorVersion",
    "MonthFigures",
    "RadarFinding",
    "RadarRun",
]
