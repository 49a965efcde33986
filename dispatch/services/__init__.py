"""Every write of dispatch and handling; see the module of the verb."""

from dispatch.deciding import decide_many

from .assigning import PickUp, dispatch_awaiting, dispatch_by_hand, reconsider
from .handling import hand_down, record_contact, report, sign, sign_many
from .reviewing import approve, send_back
from .rules import load_clock_rules

__all__ = [
    "PickUp",
    "approve",
    "decide_many",
    "dispatch_awaiting",
    "dispatch_by_hand",
    "hand_down",
    "load_clock_rules",
    "reconsider",
    "record_contact",
    "report",
    "send_back",
    "sign",
    "sign_many",
]
