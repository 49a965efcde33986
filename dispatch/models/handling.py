"""What was done on a work order: contacts, reports, reviews. Rows are only added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dispatch.choices import Adoption, ContactResult, SendBackReason, Verdict
from grid.models import Unit
from intake.choices import ReplyWay
from intake.models import Attachment

from .work_orders import WorkOrder


class Contact(models.Model):
    """联系诉求人: one attempt to reach the citizen."""

    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="contacts")
    at = models.DateTimeField(_("Time"))
    way = models.CharField(_("Way"), max_length=12, choices=ReplyWay)
    result = models.CharField(_("Result"), max_length=12, choices=ContactResult)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.work_order} {self.get_result_display()}"


class StandingReports(models.Manager):
    """The reports that stand; one taken back within its minute stays on record and is read by nobody."""

    def get_queryset(self) -> models.QuerySet:
        """Return the reports that were not taken back."""
        return super().get_queryset().filter(taken_back_at=None)


class Report(models.Model):
    """处置反馈: what was done, and how the citizen was told (办理告知)."""

    work_order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="reports")
    at = models.DateTimeField(_("Time"))
    text = models.TextField(_("What was done"))
    told_way = models.CharField(_("Citizen told by"), max_length=12, choices=ReplyWay, blank=True)
    told_at = models.DateTimeField(_("Citizen told"), null=True, blank=True)
    done_on = models.DateField(_("Dealt with on"), null=True, blank=True)
    result = models.CharField(_("Result"), max_length=500, blank=True)
    adoption = models.CharField(_("Suggestion"), max_length=8, choices=Adoption, blank=True)
    adoption_reason = models.CharField(_("Why"), max_length=500, blank=True)
    photos = models.ManyToManyField(Attachment, verbose_name=_("Photos"), related_name="+", blank=True)
    by = models.CharField(_("By"), max_length=120)
    taken_back_at = models.DateTimeField(_("Taken back"), null=True, blank=True, editable=False)

    objects = StandingReports()
    everything = models.Manager()  # noqa: DJ012 (beside the one above)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.work_order} {self.at:%Y-%m-%d %H:%M}"


class Review(models.Model):
    """审核: one verdict of one level on one report."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="reviews")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="+")
    at = models.DateTimeField(_("Time"))
    verdict = models.CharField(_("Verdict"), max_length=10, choices=Verdict)
    reason = models.CharField(_("Reason"), max_length=14, choices=SendBackReason, blank=True)
    opinion = models.CharField(_("Opinion"), max_length=500, blank=True)
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_verdict_display()}"
