"""Tables of intake."""

from .attachments import Attachment
from .cases import Case
from .channels import Channel, ChannelToken, ChannelUsage, IdempotencyKey
from .citizens import Citizen
from .community import ItemFiling, Mediation, SiteCase
from .connectors import LookupConnector, LookupUse
from .deliveries import Delivery
from .desk import Call, CaseDraft, CasePresence, Seat, StandardText
from .follow import CaseLink, Evaluation, Supplement
from .knowledge import Article, ArticleCorrection, ArticleUse, ArticleVersion
from .leads import Lead
from .learning import Confirmation, HintWord, PlaceName
from .privacy import IdentityRequest, RetentionRun
from .public import RatingLink, ReportPoint, ScreeningWord, Tally, Theme
from .refusals import EmergencyHandoff, Refusal, RefusalReason
from .search import CaseText

__all__ = [
    "Article",
    "ArticleCorrection",
    "ArticleUse",
    "ArticleVersion",
    "Attachment",
    "Call",
    "Case",
    "CaseDraft",
    "CaseLink",
    "CasePresence",
    "CaseText",
    "Channel",
    "ChannelToken",
    "ChannelUsage",
    "Citizen",
    "Confirmation",
    "Delivery",
    "EmergencyHandoff",
    "Evaluation",
    "HintWord",
    "IdempotencyKey",
    "IdentityRequest",
    "ItemFiling",
    "Lead",
    "Mediation",
    "SiteCase",
    "LookupConnector",
    "LookupUse",
    "PlaceName",
    "RatingLink",
    "Refusal",
    "RefusalReason",
    "ReportPoint",
    "RetentionRun",
    "ScreeningWord",
    "Seat",
    "StandardText",
    "Supplement",
    "Tally",
    "Theme",
]
