"""Who of the dispatchers has which waiting case before them, and which ones they put off."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from intake.models import Case


class CaseClaim(models.Model):
    """A waiting case that lies before one dispatcher; nobody else acts on it until it is released or expires."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="claim", primary_key=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("Dispatcher"), related_name="+")
    claimed_at = models.DateTimeField(_("Since"))
    expires_at = models.DateTimeField(_("Until"))

    class Meta:
        verbose_name = _("case before a dispatcher")
        verbose_name_plural = _("cases before dispatchers")

    def __str__(self) -> str:
        return f"{self.case} · {self.staff}"


class CaseSkip(models.Model):
    """A waiting case that a dispatcher put off: it comes last for them, not for the others."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    skipped_at = models.DateTimeField(_("Put off"))

    class Meta:
        verbose_name = _("case put off")
        verbose_name_plural = _("cases put off")
        constraints = [models.UniqueConstraint(fields=["staff", "case"], name="case_skip_once")]

    def __str__(self) -> str:
        return f"{self.case} · {self.staff}"
