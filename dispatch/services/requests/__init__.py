"""申请: requests as records, decided one level above while the clocks run on (domain §4)."""

from . import needs  # noqa: F401  registers the need of the moves
from .asking import ask, withdraw_request
from .deciding import decide_request
from .holding import wake_case, wake_next
from .reasons import RequestReasonRow, load_request_reasons, save_request_reason
from .returning import return_order

__all__ = [
    "RequestReasonRow",
    "ask",
    "decide_request",
    "load_request_reasons",
    "return_order",
    "save_request_reason",
    "wake_case",
    "wake_next",
    "withdraw_request",
]
