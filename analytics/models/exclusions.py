"""剔除申请: a unit asks that a case does not count for an indicator, with evidence; the level above decides."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.querysets import ExclusionRequestQuerySet
from analytics.workflow import EXCLUSION, EXCLUSION_AGREED, EXCLUSION_OPEN
from grid.models import Staff, Unit
from intake.models import Case

from .indicators import Indicator
from .ledger import Correction
from .schemes import ExclusionGround


class ExclusionRequest(models.Model):
    """One case, one indicator, one unit, one month. Agreed before the freeze it does not count; later it is corrected.

    While it is undecided the case counts: asking alone changes nothing.
    """

    month = models.DateField(_("Month"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name=_("Case"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("Indicator"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("Unit that asks"))
    ground = models.ForeignKey(ExclusionGround, models.PROTECT, related_name="+", verbose_name=_("Ground"))
    reason = models.CharField(_("Reason"), max_length=500)
    state = models.CharField(_("State"), max_length=10, choices=[*EXCLUSION.states.items()], default=EXCLUSION_OPEN)
    asked_at = models.DateTimeField(_("Asked"))
    asked_by = models.CharField(_("Asked by"), max_length=120)
    asker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("Decided"), null=True)
    decided_by = models.CharField(_("Decided by"), max_length=120, blank=True)
    opinion = models.CharField(_("Opinion"), max_length=500, blank=True)
    correction = models.ForeignKey(Correction, models.PROTECT, null=True, related_name="+")

    objects = ExclusionRequestQuerySet.as_manager()

    SCOPES = {"unit": "unit", "area": "unit__home_area"}

    class Meta:
        verbose_name = _("request for an exclusion")
        verbose_name_plural = _("requests for exclusions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "indicator", "unit", "month"],
                condition=Q(state__in=(EXCLUSION_OPEN, EXCLUSION_AGREED)),
                name="exclusion_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(EXCLUSION_OPEN, "withdrawn")) | Q(decided_at__isnull=False) & ~Q(opinion=""),
                name="exclusion_decided_with_opinion",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="exclusion_month_is_its_first_day"),
        ]
        indexes = [
            models.Index(fields=["month"], condition=Q(state=EXCLUSION_AGREED), name="exclusion_agreed"),
            models.Index(fields=["unit", "-id"], name="exclusion_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.case_id} {self.indicator_id}"


def stored_name(file, _filename: str) -> str:
    """Return where evidence is stored: by content hash, never under the name it came with."""
    return f"ledger/{file.sha256[:2]}/{file.sha256}"


class ExclusionFile(models.Model):
    """Evidence of a request. `name` is what the sender called it."""

    request = models.ForeignKey(ExclusionRequest, models.PROTECT, related_name="files")
    file = models.FileField(_("File"), upload_to=stored_name)
    name = models.CharField(_("Name"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("Size"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("evidence of an exclusion")
        verbose_name_plural = _("evidence of exclusions")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "sha256"], name="exclusion_file_once")]

    def __str__(self) -> str:
        return self.name
