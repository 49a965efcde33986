"""Every write of party and partners."""

from .advisers import AdviserData, keep_adviser
from .estates import EstateData, keep_estate
from .gatherings import (
    GatheringData,
    add_item,
    answer_item,
    escalate_item,
    keep_gathering,
    lock_item,
    settle_item,
)
from .liaisons import LiaisonData, keep_liaison
from .sites import SiteData, checked_hours, keep_site
from .volunteers import (
    ReporterData,
    TaskData,
    cancel_task,
    claim_own_task,
    claim_task,
    keep_reporter,
    keep_task,
    mark_presence,
    record_day,
    withdraw_claim,
    withdraw_own_claim,
)

__all__ = [
    "AdviserData",
    "EstateData",
    "GatheringData",
    "LiaisonData",
    "ReporterData",
    "SiteData",
    "TaskData",
    "add_item",
    "answer_item",
    "cancel_task",
    "checked_hours",
    "claim_own_task",
    "claim_task",
    "escalate_item",
    "keep_adviser",
    "keep_estate",
    "keep_gathering",
    "keep_liaison",
    "keep_reporter",
    "keep_site",
    "keep_task",
    "lock_item",
    "mark_presence",
    "record_day",
    "settle_item",
    "withdraw_claim",
    "withdraw_own_claim",
]
