"""What was found on rounds of the grid."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingKind(models.TextChoices):
    """一般事件 goes to dispatch; 即采即办 was found, solved and closed in one step."""

    GENERAL = "general", _("For dispatch")
    ON_SPOT = "on_spot", _("Solved on the spot")


class ReviewCause(models.TextChoices):
    """Why something solved on the spot is reviewed before it is closed."""

    SWITCHED_OFF = "off", _("Closing without review is switched off")
    NOT_OWN = "not_own", _("The community is not the one the list names first")
    COMPONENT = "component", _("A city facility")
    URGENT = "urgent", _("An emergency")
    SAMPLE = "sample", _("Audit sample")
