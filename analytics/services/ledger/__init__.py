"""考核台账: months, schemes, exclusions, corrections."""

from .corrections import NewCorrection, correct
from .exclusions import NewExclusion, ask_exclusion, decide_exclusion, withdraw_exclusion
from .months import ask_freeze, freeze, freeze_due, move_month
from .schemes import GroundRow, SchemeRow, add_scheme, load_grounds, load_schemes, save_ground

__all__ = [
    "GroundRow",
    "NewCorrection",
    "NewExclusion",
    "SchemeRow",
    "add_scheme",
    "ask_exclusion",
    "ask_freeze",
    "correct",
    "decide_exclusion",
    "freeze",
    "freeze_due",
    "load_grounds",
    "load_schemes",
    "move_month",
    "save_ground",
    "withdraw_exclusion",
]
