"""The district exchange."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExchangeRole(models.TextChoices):
    """What this platform is in a case of the district exchange."""

    OWNER = "owner", _("Owner: handed it over")
    HANDLER = "handler", _("Handler: took it on")


class ExchangeDirection(models.TextChoices):
    """Which way a message went."""

    OUT = "out", _("Sent")
    IN = "in", _("Received")


class ExchangeKind(models.TextChoices):
    """What a message of the exchange says (dispatch/exchange/messages.py)."""

    REPORT = "report", pgettext_lazy("message", "Case handed over")
    SIGN = "sign", _("Signed")
    NOTIFY = "notify", _("Citizen contacted")
    RETURN = "return", _("Return")
    EXTEND = "extend", _("Extend")
    DECIDE = "decide", pgettext_lazy("message", "Decision")
    DONE = "done", _("Reported done")
    REVIEW = "review", pgettext_lazy("message", "Review")
    CLOSE = "close", _("Closed")
    EVALUATE = "evaluate", _("Evaluated")
    URGE = "urge", _("Urged")
    SUPERVISE = "supervise", _("Put under supervision")
    VOID = "void", _("Void")


class ExchangeState(models.TextChoices):
    """Where a message of the exchange stands."""

    WAITING = "waiting", pgettext_lazy("message", "Waiting")
    DONE = "done", pgettext_lazy("message", "Arrived")
    REFUSED = "refused", pgettext_lazy("message", "Refused")
    STUCK = "stuck", pgettext_lazy("message", "Stuck")
    DROPPED = "dropped", pgettext_lazy("message", "Given up")
