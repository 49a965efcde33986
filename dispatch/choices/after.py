"""What comes after a closing: rounds, call-backs, doubted closings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoundJudge(models.TextChoices):
    """Who said whether a round was good."""

    NONE = "", "—"
    EVALUATION = "evaluation", _("Evaluation")
    CALL_BACK = "call_back", _("Call-back")
    CHECK = "check", _("Check of the closing")
    SUPERVISOR = "supervisor", _("Supervisor")


class CallBackReason(models.TextChoices):
    """Why a citizen is called after the end of a case."""

    WANTED = "wanted", _("Wants a call")
    SAMPLE = "sample", pgettext_lazy("call-back", "Drawn as a sample")
    UNRATED = "unrated", _("Not evaluated")


class CallResult(models.TextChoices):
    """What came of one call."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    REFUSED = "refused", _("Did not want to talk")


class DoubtKind(models.TextChoices):
    """Why a closing is doubted."""

    SAME_MATTER = "same_matter", _("The same matter was reported again at the same place")
    NOT_SOLVED = "not_solved", _("The citizen said on the phone that it is not solved")
    TEMPLATE = "template", _("The report reads like many others of the unit")
