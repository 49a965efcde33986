"""Rounds of the grid: kinds, plans, the tasks of a day, check-ins."""

from .check_ins import Here, check_in
from .kinds import KindRow, load_round_kinds, save_round_kind
from .plans import NewPlan, NewRoundPoint, change_plan, create_plan, end_plan
from .tasks import end_rounds, explain_round, make_rounds

__all__ = [
    "Here",
    "KindRow",
    "NewPlan",
    "NewRoundPoint",
    "change_plan",
    "check_in",
    "create_plan",
    "end_plan",
    "end_rounds",
    "explain_round",
    "load_round_kinds",
    "make_rounds",
    "save_round_kind",
]
