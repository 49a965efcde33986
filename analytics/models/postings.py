"""What each case counts for: the one source of every total, of the lists behind it and of the assessment."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.querysets import CasePostingQuerySet
from dutylist.models import Item
from grid.models import Area
from intake.models import Case, Channel


class CasePosting(models.Model):
    """The postings of one case, side by side: `keys` say part and day (analytics/parts.py), `units` who, 0 for nobody.

    One row for each case keeps ten million of them small. Written by services/figures.py alone, replaced as a whole
    when the case changes. `is_excluded`: law enforcement and mediation, which stay out of rankings (W16).
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_index=False)
    is_excluded = models.BooleanField(_("Out of rankings"), default=False)
    keys = ArrayField(models.IntegerField())
    units = ArrayField(models.IntegerField())
    amounts = ArrayField(models.IntegerField())

    objects = CasePostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("postings of a case")
        verbose_name_plural = _("postings of cases")
        indexes = [GinIndex(fields=["keys"], name="posting_by_key", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.case_id)
