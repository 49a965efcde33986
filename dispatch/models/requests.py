"""Requests: return, extend, suspend, … decided one level above, while the clocks run on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import RequestKind, RequestState
from grid.models import Unit
from intake.models import Case

from .work_orders import WorkOrder


class CaseRequest(models.Model):
    """申请: who asks what of which level, why, and what was decided."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, blank=True, related_name="requests")
    kind = models.CharField(_("Kind"), max_length=12, choices=RequestKind)
    state = models.CharField(_("State"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    asked_by_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    asked_by = models.CharField(_("Asked by"), max_length=120)
    asked_at = models.DateTimeField(_("Asked"))
    reason = models.TextField(_("Reason"))
    asked_value = models.JSONField(_("Asked for"), default=dict)
    deciding_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Decided by"), related_name="+")
    decided_by = models.CharField(_("Decided by"), max_length=120, blank=True)
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    opinion = models.TextField(_("Opinion"), blank=True)

    SCOPES = {"unit": "deciding_unit"}

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "work_order", "kind"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="request_one_open_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"
