"""Lists too long to be written while somebody waits, and the files made of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ListExport(models.Model):
    """A list that somebody asked for as a file. `address` is the page with its filter; it waits until `ended_at`."""

    address = models.CharField(_("Address"), max_length=2000)
    name = models.CharField(_("File"), max_length=80)
    language = models.CharField(_("Language"), max_length=10)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("Asked by"))
    asked_at = models.DateTimeField(_("Asked at"))
    ended_at = models.DateTimeField(_("Ended"), null=True)
    rows = models.PositiveIntegerField(_("Rows"), default=0)
    problem = models.TextField(_("Why there is no file"), blank=True)
    file = models.FileField(upload_to="exports/", blank=True)

    class Meta:
        verbose_name = _("export of a list")
        verbose_name_plural = _("exports of lists")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(ended_at=None), name="list_export_waiting"),
            models.Index(fields=["ended_at"], name="list_export_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.asked_at:%Y-%m-%d %H:%M}"
