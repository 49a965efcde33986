"""What the community's work leaves with cases: meeting items handed on, counters of service sites, mediation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.models import Adviser, GatheringItem, ServiceSite
from grid.querysets import ScopedQuerySet
from intake.workflow import MEDIATION_OPEN, MEDIATION_STATES

from .cases import Case
from .leads import Lead


class ItemFiling(models.Model):
    """The one case or lead that an item of a meeting or visit became."""

    item = models.OneToOneField(GatheringItem, models.PROTECT, verbose_name=_("Item"), related_name="filing")
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, verbose_name=_("Case"), related_name="item_filing"
    )
    lead = models.ForeignKey(
        Lead, models.PROTECT, null=True, blank=True, verbose_name=_("Lead"), related_name="item_filings"
    )
    filed_at = models.DateTimeField(_("Filed"))

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "item__gathering__area"}

    class Meta:
        verbose_name = _("item handed on")
        verbose_name_plural = _("items handed on")
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=True, lead__isnull=False) | Q(case__isnull=False, lead__isnull=True),
                name="item_filing_is_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.case or self.lead)


class SiteCase(models.Model):
    """A case that was taken at the counter of a service site."""

    case = models.OneToOneField(Case, models.CASCADE, verbose_name=_("Case"), related_name="site_case")
    site = models.ForeignKey(ServiceSite, models.PROTECT, verbose_name=_("Service site"), related_name="site_cases")
    at = models.DateTimeField(_("Registered"))

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "site__area"}

    class Meta:
        verbose_name = _("case taken at a counter")
        verbose_name_plural = _("cases taken at counters")
        indexes = [models.Index(fields=["site", "at"], name="site_case_by_day")]

    def __str__(self) -> str:
        return f"{self.site} · {self.case}"


class Mediation(models.Model):
    """法治前哨: a legal matter of a case in the hands of an adviser; 化解中, 化解成功 or 未成."""

    case = models.ForeignKey(Case, models.CASCADE, verbose_name=_("Case"), related_name="mediations")
    adviser = models.ForeignKey(Adviser, models.PROTECT, verbose_name=_("Adviser"), related_name="mediations")
    state = models.CharField(_("State"), max_length=10, choices=MEDIATION_STATES, default=MEDIATION_OPEN)
    matter = models.CharField(_("Legal matter"), max_length=300)
    result = models.CharField(_("Result"), max_length=500, blank=True)
    opened_at = models.DateTimeField(_("Referred"))
    opened_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "case__area", "unit": "case__holder"}

    class Meta:
        verbose_name = _("mediation")
        verbose_name_plural = _("mediations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=MEDIATION_OPEN), name="mediation_one_open_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.adviser}"
