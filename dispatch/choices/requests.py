"""What units ask of the level above, and disputes about who is responsible."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    """Requests are records on the case, not states (domain §4)."""

    RETURN = "return", _("Return")
    PART_RETURN = "part_return", _("Return a part")
    EXTEND = "extend", _("Extend")
    SUSPEND = "suspend", _("Suspend")
    STAGE_CLOSE = "stage_close", _("Close for this stage")
    VOID = "void", _("Void")
    SEE_IDENTITY = "see_identity", _("See the citizen's identity")
    SCORE_APPEAL = "score_appeal", _("Appeal against the score")


class RequestState(models.TextChoices):
    """Where a request stands."""

    OPEN = "open", _("Undecided")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OVERTAKEN = "overtaken", _("Overtaken by events")


class DocketOrigin(models.TextChoices):
    """Why a docket was opened."""

    RETURNS = "returns", _("Returned twice")
    HOPS = "hops", _("Sent to too many units")
    DISPATCHER = "dispatcher", _("Asked for by a dispatcher")


class RulingPrinciple(models.TextChoices):
    """裁决原则 (F seeds 快处快裁, W3)."""

    CITIZEN = "citizen", _("What serves the request best")
    LICENCE = "licence", _("Who licenses supervises")
    CHARGE = "charge", _("Who is in charge answers")
