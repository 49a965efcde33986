"""Words of dispatch and handling, a file for each subject."""

from . import actions  # noqa: F401 - imported to be registered
from .after import CallBackReason, CallResult, DoubtKind, RoundJudge
from .clocks import (
    CircularReason,
    CircularState,
    ClockKind,
    ClockOutcome,
    ClockStage,
    EscalateTo,
    EscalateWhat,
    SupervisionReason,
    UrgeKind,
)
from .deciding import (
    CellState,
    DecisionMode,
    DecisionOutcome,
    Evidence,
    ItemBasis,
    NeedsPerson,
    RuleProblem,
    ShutReason,
)
from .exchange import ExchangeDirection, ExchangeKind, ExchangeRole, ExchangeState
from .found import FindingKind, ReviewCause
from .handling import (
    Adoption,
    ClosingEvidence,
    ContactResult,
    SendBackReason,
    Stage,
    StageEnd,
    ToldOf,
    Verdict,
    WorkRole,
)
from .list_changes import UNDO, FollowReason, FollowState, ReplayState
from .requests import DocketOrigin, RequestKind, RequestState, RulingPrinciple

__all__ = [
    "FindingKind",
    "ReviewCause",
    "Adoption",
    "CallBackReason",
    "CallResult",
    "CellState",
    "CircularReason",
    "CircularState",
    "ClockKind",
    "ClockOutcome",
    "ClockStage",
    "ClosingEvidence",
    "ContactResult",
    "DecisionMode",
    "DecisionOutcome",
    "DocketOrigin",
    "DoubtKind",
    "EscalateTo",
    "EscalateWhat",
    "Evidence",
    "ExchangeDirection",
    "ExchangeKind",
    "ExchangeRole",
    "ExchangeState",
    "FollowReason",
    "FollowState",
    "ItemBasis",
    "NeedsPerson",
    "ReplayState",
    "RequestKind",
    "RequestState",
    "RoundJudge",
    "RuleProblem",
    "RulingPrinciple",
    "SendBackReason",
    "ShutReason",
    "Stage",
    "StageEnd",
    "SupervisionReason",
    "ToldOf",
    "UNDO",
    "UrgeKind",
    "Verdict",
    "WorkRole",
]
