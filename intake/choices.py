"""Words of intake."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core import audit


class RequestType(models.TextChoices):
    """What somebody wants."""

    CONSULT = "consult", _("Question")
    HELP = "help", _("Request for help")
    COMPLAINT = "complaint", _("Complaint")
    REPORT = "report", _("Report of an offence")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")
    OTHER = "other", _("Other")


class Urgency(models.TextChoices):
    """How fast."""

    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    EMERGENCY = "emergency", _("Emergency")


class ReplyWay(models.TextChoices):
    """How the citizen wants to be told, and was told."""

    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    LETTER = "letter", _("Letter")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("E-mail")
    OTHER = "other", _("Other way")
    NOT_NEEDED = "not_needed", _("Not needed")
    UNREACHABLE = "unreachable", _("Could not be reached")


class AttachmentKind(models.TextChoices):
    """What a file shows."""

    EVIDENCE = "evidence", _("Evidence")
    BEFORE = "before", _("Before handling")
    AFTER = "after", _("After handling")
    REPLY = "reply", _("Reply")


class PlaceSource(models.TextChoices):
    """How the place was found."""

    CHOSEN = "chosen", _("Chosen by a person")
    HOUSE_CODE = "house_code", _("House code")
    TEXT = "text", _("Place names in the text")
    IMPORTED = "imported", _("Imported")
    UNKNOWN = "unknown", _("Unknown")


audit.register(
    {
        "case.registered": _("Case registered"),
        "case.accepted": _("Accepted"),
        "case.answered": _("Answered on the spot"),
        "case.refused": _("Not accepted"),
        "case.reclassified": _("Classification changed"),
        "case.imported": _("Imported"),
        "case.attachment_added": _("Attachment added"),
        "citizen.viewed": _("Citizen's identity viewed"),
        "channel.changed": _("Channel changed"),
        "channel.token_created": _("Channel key created"),
        "channel.token_revoked": _("Channel key revoked"),
    }
)
