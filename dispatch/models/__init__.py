"""Tables of dispatch and handling."""

from .annotations import Annotation
from .call_backs import CallBack, CallBackTry
from .claims import CaseClaim, CaseSkip
from .clocks import Clock, ClockRule
from .closing import ClosingCriterion, Telling
from .co_tasks import Attendance, CoTask, SpotOrder
from .decisions import Decision, DutyGap
from .disputes import Docket, DocketCitation, DocketParty
from .exchange import ExchangeCase, ExchangeMessage, Peer
from .facts import StageFact
from .false_closures import ClosureCheck, ReportPrint
from .follow_ups import BatchFollowUp, BatchReplay, FollowUp
from .found import Finding
from .gate import CaseOpinion, DispatchWeek, GateCell, GateOutcome, GateSwitch
from .handling import Contact, Report, Review
from .requests import CaseRequest, RequestReason
from .rules import Rule, RuleAlarm, RuleHit, RuleReplay, RuleVersion
from .splits import CaseSplit
from .supervision import (
    Circular,
    CircularLine,
    CircularReading,
    Escalation,
    EscalationRule,
    Instruction,
    Supervision,
    Urge,
)
from .work_orders import Round, WorkOrder

__all__ = [
    "Finding",
    "Attendance",
    "ClosingCriterion",
    "CoTask",
    "SpotOrder",
    "Telling",
    "Annotation",
    "CallBack",
    "CallBackTry",
    "ClosureCheck",
    "ReportPrint",
    "RequestReason",
    "BatchFollowUp",
    "BatchReplay",
    "CaseClaim",
    "CaseOpinion",
    "CaseRequest",
    "CaseSkip",
    "CaseSplit",
    "Clock",
    "ClockRule",
    "Contact",
    "Decision",
    "DispatchWeek",
    "Docket",
    "DocketCitation",
    "DocketParty",
    "DutyGap",
    "ExchangeCase",
    "ExchangeMessage",
    "FollowUp",
    "GateCell",
    "GateOutcome",
    "GateSwitch",
    "Peer",
    "Report",
    "Review",
    "Round",
    "Rule",
    "RuleAlarm",
    "RuleHit",
    "RuleReplay",
    "RuleVersion",
    "StageFact",
    "Circular",
    "CircularLine",
    "CircularReading",
    "Escalation",
    "EscalationRule",
    "Instruction",
    "Supervision",
    "Urge",
    "WorkOrder",
]
