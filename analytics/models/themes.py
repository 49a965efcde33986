"""专项治理: a kind of case that is to be ended: who does what until when, what it is measured by, what became of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.choices import ThemeTarget
from analytics.querysets import ThemeQuerySet
from analytics.workflow import PROPOSED, THEME_STATES
from dutylist.models import Batch, Item
from grid.models import Area, Unit
from intake.models import Case

from .indicators import Indicator
from .warnings import EarlyWarning


class SpecialTheme(models.Model):
    """A special theme: its items in its area are counted from the roll-ups, before and after its first day.

    The target is a share by which the cases of its items fall, or the value of an indicator of the area.
    """

    title = models.CharField(_("Title"), max_length=120)
    warning = models.ForeignKey(
        EarlyWarning, models.PROTECT, null=True, blank=True, verbose_name=_("Early warning"), related_name="themes"
    )
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="+")
    items = models.ManyToManyField(Item, verbose_name=_("Duty items"), related_name="+")
    words = ArrayField(
        models.CharField(max_length=30), verbose_name=pgettext_lazy("theme", "Words"), blank=True, default=list
    )
    reason = models.TextField(_("Why"), blank=True)
    owner = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit in charge"), related_name="+")
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("In charge"), related_name="+"
    )
    target = models.CharField(_("Target"), max_length=10, choices=ThemeTarget)
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    target_value = models.DecimalField(_("Target value"), max_digits=8, decimal_places=2)
    target_on = models.DateField(_("To be reached by"))
    started_on = models.DateField(_("First day"))
    ended_on = models.DateField(_("Last day"), null=True, blank=True)
    outcome = models.CharField(pgettext_lazy("theme", "What came of it"), max_length=500, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=THEME_STATES, default=PROPOSED)
    cases = models.ManyToManyField(Case, through="ThemeCase", related_name="+")
    batches = models.ManyToManyField(Batch, verbose_name=_("Batches of the duty list"), related_name="+", blank=True)
    is_sample = models.BooleanField(_("Sample"), default=False)
    opened_at = models.DateTimeField(_("Opened"))
    opened_by = models.CharField(_("Opened by"), max_length=120)
    row_version = models.PositiveIntegerField(default=1)

    objects = ThemeQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "owner"}

    class Meta:
        verbose_name = _("special theme")
        verbose_name_plural = _("special themes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target="indicator", indicator__isnull=False) | Q(target="fewer", indicator=None),
                name="theme_target_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(target_on__gt=models.F("started_on")), name="theme_target_after_its_first_day"
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="theme_by_state")]

    def __str__(self) -> str:
        return self.title


class ThemeStep(models.Model):
    """One step of the plan: what, by whom, until when."""

    theme = models.ForeignKey(SpecialTheme, models.CASCADE, related_name="steps")
    text = models.CharField(pgettext_lazy("theme", "Step"), max_length=200)
    who = models.CharField(pgettext_lazy("theme", "Who"), max_length=80)
    due_on = models.DateField(pgettext_lazy("theme", "Until"))
    done_at = models.DateTimeField(_("Done"), null=True, blank=True)
    done_by = models.CharField(_("Done by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("step of a theme")
        verbose_name_plural = _("steps of themes")
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text


class ThemeReview(models.Model):
    """The review of one month: asked for when the month is over, to be written until `due_on`."""

    theme = models.ForeignKey(SpecialTheme, models.CASCADE, related_name="reviews")
    month = models.DateField(_("Month"))
    due_on = models.DateField(pgettext_lazy("theme", "Until"))
    text = models.TextField(pgettext_lazy("theme", "Review"), blank=True)
    written_at = models.DateTimeField(_("Written"), null=True, blank=True)
    written_by = models.CharField(_("Written by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("review of a theme")
        verbose_name_plural = _("reviews of themes")
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["theme", "month"], name="theme_review_once_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ThemeCase(models.Model):
    """A case linked by hand."""

    theme = models.ForeignKey(SpecialTheme, models.CASCADE, related_name="links")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    linked_at = models.DateTimeField(_("Linked"))
    linked_by = models.CharField(_("Linked by"), max_length=120)

    class Meta:
        verbose_name = _("case of a theme")
        verbose_name_plural = _("cases of themes")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["theme", "case"], name="theme_case_once")]

    def __str__(self) -> str:
        return str(self.case_id)
