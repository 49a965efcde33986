"""批注: what is still written about an archived case. Rows are only added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from intake.models import Case


class Annotation(models.Model):
    """A remark on a case that nobody can change any more."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="annotations")
    at = models.DateTimeField(_("Time"))
    by = models.CharField(_("By"), max_length=120)
    text = models.CharField(_("Annotation"), max_length=1000)

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]
