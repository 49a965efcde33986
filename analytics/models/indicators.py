"""The catalogue of indicators: data with versions, dates, sources and targets."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from analytics.choices import Better, IndicatorGroup, Measure
from analytics.querysets import IndicatorVersionQuerySet


class Indicator(models.Model):
    """指标: a name that stays; what it means on a day is said by its version in force."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    group = models.CharField(_("Group"), max_length=12, choices=IndicatorGroup)
    name = models.CharField(_("Name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    owner = models.CharField(_("Answered for by"), max_length=80)
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if _is_chinese() else self.name_en


class IndicatorVersion(models.Model):
    """What an indicator means from a day on. Never changed: a new meaning is a new version, history keeps the old one.

    The value is the sum of the parts of the numerator over that of the denominator, in the unit of `measure`; without
    a denominator it is the sum. `weights` (indicator code → weight) makes it the weighted mean of others instead.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="versions", verbose_name=_("Indicator"))
    number = models.PositiveSmallIntegerField(_("Version"))
    effective_from = models.DateField(_("In force from"))
    numerator = ArrayField(models.CharField(max_length=30), verbose_name=_("Numerator"), blank=True, default=list)
    denominator = ArrayField(models.CharField(max_length=30), verbose_name=_("Denominator"), blank=True, default=list)
    weights = models.JSONField(_("Weights"), default=dict, blank=True)
    is_ranked_only = models.BooleanField(
        _("Without law enforcement and mediation"), default=False, help_text=_("执法办案, 行政调解 are left out (W16).")
    )
    measure = models.CharField(_("Measure"), max_length=10, choices=Measure)
    better = models.CharField(_("Better is"), max_length=6, choices=Better, default=Better.HIGHER)
    target = models.DecimalField(_("Target"), max_digits=8, decimal_places=2, null=True, blank=True)
    formula = models.CharField(_("In words"), max_length=300)
    formula_en = models.CharField(_("In English words"), max_length=400)
    source = models.CharField(_("Source"), max_length=120)
    published_at = models.DateTimeField(_("Published"))
    published_by = models.CharField(_("Published by"), max_length=120)

    objects = IndicatorVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an indicator")
        verbose_name_plural = _("versions of indicators")
        ordering = ["indicator", "-number"]
        triggers = [pgtrigger.Protect(name="indicator_version_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_version_number_once"),
            models.UniqueConstraint(fields=["indicator", "effective_from"], name="indicator_version_day_once"),
            models.CheckConstraint(
                condition=Q(numerator__len__gt=0) | ~Q(weights={}), name="indicator_version_counts_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} V{self.number}"

    @property
    def words(self) -> str:
        """Return the formula in the language of the page."""
        return self.formula if _is_chinese() else self.formula_en


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
