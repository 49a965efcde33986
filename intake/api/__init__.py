"""The channel API: outside systems register cases and follow them (docs/how-to/channel-api.md)."""

from .calls import CallsView
from .cases import AttachmentsView, CasesView, CaseView
from .commands import EvaluationView, SupplementsView, WithdrawalView
from .leads import LeadsView

__all__ = [
    "AttachmentsView",
    "CallsView",
    "CaseView",
    "CasesView",
    "EvaluationView",
    "LeadsView",
    "SupplementsView",
    "WithdrawalView",
]
