"""When a case may be closed: criteria by kind of request, as data; and how the citizen was told."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dispatch.choices import ClosingEvidence, ToldOf
from intake.choices import ReplyWay, RequestType

from .work_orders import WorkOrder


class ClosingCriterion(models.Model):
    """办结标准 of a kind of request (domain §4): what the reviewer checks off, and what the report must hold for it."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    request_type = models.CharField(_("Kind of request"), max_length=12, choices=RequestType, blank=True)
    name = models.CharField(_("Criterion"), max_length=120)
    name_en = models.CharField(_("English criterion"), max_length=160)
    evidence = models.CharField(_("The report must hold"), max_length=12, choices=ClosingEvidence, blank=True)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    class Meta:
        verbose_name = _("closing criterion")
        verbose_name_plural = _("closing criteria")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the criterion in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class Telling(models.Model):
    """受理告知, 办理告知: the citizen was told that the case was taken on, or what came of it. Rows are only added."""

    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="tellings")
    kind = models.CharField(_("Told of"), max_length=10, choices=ToldOf)
    way = models.CharField(_("Way"), max_length=12, choices=ReplyWay)
    at = models.DateTimeField(_("Time"))
    note = models.CharField(_("Note"), max_length=500, blank=True)
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        verbose_name = _("telling of a citizen")
        verbose_name_plural = _("tellings of citizens")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.work_order} {self.get_kind_display()}"
