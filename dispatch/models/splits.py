"""One request about several matters, taken apart: what it said before, kept for ever."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from intake.models import Case


class CaseSplit(models.Model):
    """A case that was split: the words it had before, and the cases it became (the first one is itself)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="splits")
    key = models.CharField(max_length=64, unique=True, editable=False)  # the same command twice is one split
    title = models.CharField(_("Title"), max_length=120)
    content = models.TextField(_("Content"))
    cases = models.ManyToManyField(Case, verbose_name=_("Parts"), related_name="part_of_splits")
    split_at = models.DateTimeField(_("Split"))
    split_by = models.CharField(_("Split by"), max_length=120)

    class Meta:
        verbose_name = _("split of a case")
        verbose_name_plural = _("splits of cases")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case} {self.title}"[:60]
