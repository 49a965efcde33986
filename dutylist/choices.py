"""Words of the duty list."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core import audit


class ManagementType(models.TextChoices):
    """管理类型: whose list an item belongs to."""

    CITY = "A", _("A City item")
    HANDED_DOWN = "B", _("B District item handed down by the city")
    DISTRICT = "C", _("C District's own item")


class LimitUnit(models.TextChoices):
    """Units of a time limit (core/worktime)."""

    WORKDAY = "workday", _("working days")
    DAY = "day", _("calendar days")
    WORKHOUR = "workhour", _("working hours")
    HOUR = "hour", _("hours")
    MINUTE = "minute", _("minutes")


class Source(models.TextChoices):
    """Where a catalogue comes from; everything but OFFICIAL is labelled wherever it is shown."""

    OFFICIAL = "official", _("Official list")
    SAMPLE = "sample", _("Sample")
    LEGACY = "legacy", _("Pingshan 2018 sample")


audit.register(
    {
        "item.created": _("Duty item entered"),
        "item.version_published": _("Version of a duty item published"),
        "item.responsibility_set": _("Responsible unit set"),
        "catalogue.loaded": _("Catalogue loaded"),
    }
)
