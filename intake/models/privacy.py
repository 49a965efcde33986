"""Who may see a citizen, for how long, and what became of old personal data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.choices import IdentityState, RetentionKind

from .cases import Case


class IdentityRequest(models.Model):
    """查看诉求人身份: somebody says why, may see for a while, and every look is an audit entry.

    For an open case the view begins at once; for a confidential one somebody above decides first.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="identity_requests")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(_("Purpose"), max_length=200)
    state = models.CharField(_("State"), max_length=10, choices=IdentityState)
    asked_at = models.DateTimeField(_("Asked"))
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=120, blank=True)
    opinion = models.CharField(_("Opinion"), max_length=300, blank=True)
    visible_until = models.DateTimeField(_("Visible until"), null=True, blank=True)

    class Meta:
        verbose_name = _("request to see an identity")
        verbose_name_plural = _("requests to see identities")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "staff"], condition=Q(state="asked"), name="identity_request_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.staff}"


class RetentionRun(models.Model):
    """One run over old personal data: asked for by a person or by the clock, found by the sweep while it has no end."""

    kind = models.CharField(_("Kind"), max_length=10, choices=RetentionKind)
    day = models.DateField(_("As of"))
    asked_at = models.DateTimeField(_("Asked"))
    asked_by = models.CharField(_("Asked by"), max_length=120)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    result = models.JSONField(_("Result"), default=dict)

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(ended_at__isnull=True), name="retention_one_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"
