"""What leaves the portal as figures: keys of other systems, and open data as it was released."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.models import Area


class FeedKey(models.Model):
    """A key by which another system reads the figures of one area and of what lies below it.

    Only the SHA-256 of the key is stored; the key itself is shown once.
    """

    name = models.CharField(_("System"), max_length=60)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("Area"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("Begins with"), max_length=8, editable=False)
    created_at = models.DateTimeField(_("Created"))
    created_by = models.CharField(_("Created by"), max_length=120)
    revoked_at = models.DateTimeField(_("Revoked"), null=True)

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("key to figures")
        verbose_name_plural = _("keys to figures")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.prefix}…"


class OpenDataRelease(models.Model):
    """The figures of one month as open data, as they were released; never changed, a correction is a new one.

    `tables`: code of the table → {"columns", "rows"}; a cell is a number, or null where it was suppressed.
    """

    month = models.DateField(_("Month"))
    number = models.PositiveSmallIntegerField(_("Release"))
    tables = models.JSONField()
    threshold = models.PositiveSmallIntegerField(_("Threshold"))
    suppressed = models.PositiveIntegerField(_("Suppressed cells"))
    licence = models.CharField(_("Licence"), max_length=300)
    made_at = models.DateTimeField(_("Made"))
    made_by = models.CharField(_("Made by"), max_length=120)

    class Meta:
        verbose_name = _("open data release")
        verbose_name_plural = _("open data releases")
        ordering = ["-month", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["month", "number"], name="open_data_release_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="open_data_release_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} R{self.number}"
