"""Every write of dispatch and handling; see the module of the verb."""

from dispatch.deciding import decide_many

from .assigning import PickUp, dispatch_awaiting, dispatch_by_hand, reconsider
from .follow_ups import begin_following, decide_follow_up, follow_some
from .handling import hand_down, record_contact, report, sign, sign_many
from .previews import ask_replay, count_cases, run_replay
from .rehoming import rehome_some
from .reviewing import approve, send_back
from .rules import load_clock_rules

__all__ = [
    "PickUp",
    "approve",
    "ask_replay",
    "begin_following",
    "count_cases",
    "decide_follow_up",
    "decide_many",
    "dispatch_awaiting",
    "dispatch_by_hand",
    "follow_some",
    "hand_down",
    "load_clock_rules",
    "reconsider",
    "record_contact",
    "rehome_some",
    "report",
    "run_replay",
    "send_back",
    "sign",
    "sign_many",
]
