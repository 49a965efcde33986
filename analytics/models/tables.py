"""Ad-hoc tables that somebody keeps: only the question, answered afresh for whoever opens it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.models import Unit


class KeptTable(models.Model):
    """A table under a name. `query` is what stands behind the address; with a unit, its people share it."""

    name = models.CharField(_("Name"), max_length=60)
    query = models.CharField(_("Question"), max_length=1000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("Owner"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("Shared in"))
    kept_at = models.DateTimeField(_("Kept"))

    class Meta:
        verbose_name = _("kept table")
        verbose_name_plural = _("kept tables")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="kept_table_name_once")]
        indexes = [models.Index(fields=["unit"], condition=Q(unit__isnull=False), name="kept_table_shared")]

    def __str__(self) -> str:
        return self.name
