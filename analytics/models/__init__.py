"""Tables of analytics, a file for each subject."""

from .exclusions import ExclusionFile, ExclusionRequest
from .feeds import FeedKey, OpenDataRelease
from .figures import DayFigures, FiguresState, MonthFigures
from .indicators import Indicator, IndicatorVersion
from .ledger import AssessmentMonth, Correction, FrozenPosting, FrozenResult, FrozenScore
from .postings import CasePosting
from .radar import RadarFinding, RadarRun
from .reports import Report, ReportSubscription
from .schemes import AssessmentScheme, ExclusionGround
from .tables import KeptTable
from .themes import SpecialTheme, ThemeCase, ThemeReview, ThemeStep
from .warnings import DetectorRun, EarlyWarning

__all__ = [
    "AssessmentMonth",
    "AssessmentScheme",
    "CasePosting",
    "Correction",
    "DayFigures",
    "DetectorRun",
    "EarlyWarning",
    "ExclusionFile",
    "ExclusionGround",
    "ExclusionRequest",
    "FeedKey",
    "FiguresState",
    "FrozenPosting",
    "FrozenResult",
    "FrozenScore",
    "Indicator",
    "IndicatorVersion",
    "KeptTable",
    "MonthFigures",
    "OpenDataRelease",
    "RadarFinding",
    "RadarRun",
    "Report",
    "ReportSubscription",
    "SpecialTheme",
    "ThemeCase",
    "ThemeReview",
    "ThemeStep",
]
