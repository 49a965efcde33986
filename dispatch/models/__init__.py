"""Tables of dispatch and handling."""

from .claims import CaseClaim, CaseSkip
from .clocks import Clock, ClockRule
from .decisions import Decision, DutyGap
from .exchange import ExchangeCase, ExchangeMessage, Peer
from .facts import StageFact
from .follow_ups import BatchFollowUp, BatchReplay, FollowUp
from .handling import Contact, Report, Review
from .requests import CaseRequest
from .splits import CaseSplit
from .work_orders import Round, WorkOrder

__all__ = [
    "BatchFollowUp",
    "BatchReplay",
    "CaseClaim",
    "CaseRequest",
    "CaseSkip",
    "CaseSplit",
    "Clock",
    "ClockRule",
    "Contact",
    "Decision",
    "DutyGap",
    "ExchangeCase",
    "ExchangeMessage",
    "FollowUp",
    "Peer",
    "Report",
    "Review",
    "Round",
    "StageFact",
    "WorkOrder",
]
