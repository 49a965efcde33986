"""Tables of dispatch and handling."""

from .clocks import Clock, ClockRule
from .decisions import Decision, DutyGap
from .handling import Contact, Report, Review
from .requests import CaseRequest
from .work_orders import Round, WorkOrder

__all__ = [
    "CaseRequest",
    "Clock",
    "ClockRule",
    "Contact",
    "Decision",
    "DutyGap",
    "Report",
    "Review",
    "Round",
    "WorkOrder",
]
