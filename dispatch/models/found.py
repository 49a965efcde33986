"""Findings of the grid: the cases that a round, or somebody on the way, brought to light."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dispatch.choices import FindingKind, ReviewCause
from grid.models import RoundTask
from grid.querysets import ScopedQuerySet
from intake.models import Case


class Finding(models.Model):
    """A case that was found on the spot, and the round it was found on."""

    case = models.OneToOneField(Case, models.PROTECT, verbose_name=_("Case"), related_name="finding")
    task = models.ForeignKey(
        RoundTask, models.PROTECT, null=True, blank=True, verbose_name=_("Patrol round"), related_name="findings"
    )
    kind = models.CharField(_("Kind"), max_length=8, choices=FindingKind)
    review_cause = models.CharField(_("Reviewed because"), max_length=10, choices=ReviewCause, blank=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("Found by"), related_name="+")
    found_at = models.DateTimeField(_("Found"))

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "case__area", "unit": "case__holder"}

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [models.Index(fields=["found_by", "-found_at", "-id"], name="finding_by_person")]

    def __str__(self) -> str:
        return str(self.case)
