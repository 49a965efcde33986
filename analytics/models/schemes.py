"""考核办法: which indicators count in an assessment, with which weights, for whom. Data with dates and sources."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from analytics.choices import PlaceKind
from analytics.querysets import AssessmentSchemeQuerySet
from grid.choices import Level, UnitKind


class AssessmentScheme(models.Model):
    """A peer group and what it is measured by, from a month on. Never changed: a later row of the code follows it.

    The group is every area of a level, or every unit of a kind and level. `weights` are indicator code → weight; one
    with the weight 0 is shown and not weighed. Who has fewer than `minimum` of the part `counted_by` is listed, not
    ranked.
    """

    code = models.SlugField(_("Code"), max_length=30)
    name = models.CharField(_("Name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    place = models.CharField(_("Ranks"), max_length=6, choices=PlaceKind)
    level = models.PositiveSmallIntegerField(_("Level"), choices=Level)
    unit_kind = models.CharField(_("Kind of unit"), max_length=20, choices=UnitKind, blank=True)
    weights = models.JSONField(_("Weights"))
    counted_by = models.CharField(_("Size is counted by"), max_length=30)
    minimum = models.PositiveIntegerField(_("Ranked from"), default=0)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    effective_from = models.DateField(_("In force from"))
    source = models.CharField(_("Source"), max_length=120)
    is_sample = models.BooleanField(_("Example"), default=False)

    objects = AssessmentSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment scheme")
        verbose_name_plural = _("assessment schemes")
        ordering = ["order", "code", "-effective_from"]
        triggers = [pgtrigger.Protect(name="assessment_scheme_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["code", "effective_from"], name="assessment_scheme_day_once"),
            models.CheckConstraint(
                condition=Q(place="area", unit_kind="") | (Q(place="unit") & ~Q(unit_kind="")),
                name="assessment_scheme_has_a_group",
            ),
            models.CheckConstraint(condition=Q(effective_from__day=1), name="assessment_scheme_begins_a_month"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class ExclusionGround(models.Model):
    """剔除事由: why a unit may ask that a case does not count."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    source = models.CharField(_("Source"), max_length=120)
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("ground for an exclusion")
        verbose_name_plural = _("grounds for exclusions")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en
