"""Work orders, what is done on them, and the stages they go through."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkRole(models.TextChoices):
    """主办, 协办, 发令."""

    LEAD = "lead", _("Lead")
    CO = "co", _("Co-handler")
    ORDER = "order", _("Order to the spot")


class Stage(models.TextChoices):
    """环节: what a unit had a case for."""

    DISPATCH = "dispatch", pgettext_lazy("stage", "Dispatch")
    SIGN = "sign", pgettext_lazy("stage", "Signing")
    HANDLING = "handling", pgettext_lazy("stage", "Handling")
    REVIEW = "review", pgettext_lazy("stage", "Review")
    ON_HOLD = "on_hold", pgettext_lazy("stage", "Suspended or closed for this stage")


class StageEnd(models.TextChoices):
    """How a stage ended."""

    PASSED = "passed", pgettext_lazy("stage", "Passed on")
    SENT_BACK = "sent_back", pgettext_lazy("stage", "Sent back")
    RETURNED = "returned", pgettext_lazy("stage", "Returned")
    TAKEN_BACK = "taken_back", pgettext_lazy("stage", "Taken back")
    ENDED = "ended", pgettext_lazy("stage", "Case ended")


class ContactResult(models.TextChoices):
    """联系诉求人: what came of it."""

    REACHED = "reached", _("Reached")
    UNREACHABLE = "unreachable", _("Could not be reached")
    REFUSED = "refused", _("Did not want to talk")


class Verdict(models.TextChoices):
    """审核: what the reviewer said."""

    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent_back", _("Sent back")


class SendBackReason(models.TextChoices):
    """不予办结的理由 (domain §4)."""

    NONE = "", "—"
    NOT_HANDLED = "not_handled", _("Not handled")
    NOT_TOLD = "not_told", _("Citizen not told")
    PERFUNCTORY = "perfunctory", _("Perfunctory")
    NO_PHOTOS = "no_photos", _("No comparison photos")
    HAZARD_REMAINS = "hazard_remains", _("Hazard remains")


class ClosingEvidence(models.TextChoices):
    """What a report must hold for a closing criterion."""

    NONE = "", _("Nothing: the reviewer checks it")
    TOLD = "told", _("How the citizen was told")
    COURSE = "course", _("When it was dealt with, how, and the result")
    ADOPTION = "adoption", _("Whether the suggestion is adopted, and why")
    PHOTOS = "photos", _("Photos from before and after")


class Adoption(models.TextChoices):
    """What became of a suggestion."""

    NONE = "", "—"
    ADOPTED = "adopted", _("Adopted")
    PARTLY = "partly", _("Partly adopted")
    NOT = "not", _("Not adopted")


class ToldOf(models.TextChoices):
    """受理告知, 办理告知: what the citizen was told of."""

    ACCEPTED = "accepted", _("Taken on")
    RESULT = "result", pgettext_lazy("telling", "Result")
