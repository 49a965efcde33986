"""不予受理 and the hand-over of emergencies: reasons as data, proposals that a shift leader confirms."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from intake.choices import EmergencyService, ReplyWay

from .cases import Case


@pghistory.track(append_only=True)
class RefusalReason(models.Model):
    """Why a request may be refused, and what the citizen is told."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Reason"), max_length=80)
    name_en = models.CharField(_("English reason"), max_length=120)
    told = models.CharField(_("What the citizen is told"), max_length=300)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    class Meta:
        verbose_name = _("reason for refusing")
        verbose_name_plural = _("reasons for refusing")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the reason in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class Refusal(models.Model):
    """An agent proposes not to accept a case; the shift leader confirms or sends it on its way."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="refusals")
    reason = models.ForeignKey(RefusalReason, models.PROTECT, verbose_name=_("Reason"), related_name="+")
    note = models.CharField(_("Note"), max_length=300, blank=True)
    told_way = models.CharField(_("Citizen told by"), max_length=12, choices=ReplyWay)
    proposed_at = models.DateTimeField(_("Proposed"))
    proposed_by = models.CharField(_("Proposed by"), max_length=120)
    proposer_id = models.BigIntegerField(null=True, editable=False)
    is_confirmed = models.BooleanField(_("Confirmed"), null=True)
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=120, blank=True)
    opinion = models.CharField(_("Opinion"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("proposed refusal")
        verbose_name_plural = _("proposed refusals")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_confirmed__isnull=True), name="refusal_one_open_a_case"
            )
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_confirmed__isnull=True), name="refusal_open")]

    def __str__(self) -> str:
        return f"{self.case} {self.reason}"


class EmergencyHandoff(models.Model):
    """A caller was handed over to 110, 119 or 120."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="handoffs")
    service = models.CharField(_("Service"), max_length=6, choices=EmergencyService)
    reference = models.CharField(_("Their number"), max_length=60, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    handed_at = models.DateTimeField(_("Handed over"))
    handed_by = models.CharField(_("Handed over by"), max_length=120)

    class Meta:
        verbose_name = _("emergency hand-over")
        verbose_name_plural = _("emergency hand-overs")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case} {self.service}"
