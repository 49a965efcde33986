"""The table of holidays and made-up working days (调休): exceptions only, year by year.

A weekday without a row is ordinary. A year counts only when its CalendarYear row exists and is complete.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CalendarYear(models.Model):
    """One year of the table: whether it may be used, and where it comes from."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    complete = models.BooleanField(
        _("complete"), default=False, help_text=_("Deadlines are worked out only in complete years.")
    )
    provisional = models.BooleanField(
        _("provisional"),
        default=False,
        help_text=_("Taken from the law; the yearly notice is not published yet."),
    )
    source = models.TextField(_("source"))
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        """Years in order; those before 1992 had daylight saving, which the clock does not know."""

        ordering = ("year",)
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        constraints = (
            models.CheckConstraint(condition=Q(year__range=(1992, 2200)), name="core_calendaryear_range"),
            models.CheckConstraint(condition=~Q(source=""), name="core_calendaryear_has_source"),
        )

    def __str__(self) -> str:
        """Return the year."""
        return str(self.year)


class CalendarDay(models.Model):
    """One day that differs from the ordinary week, or lies inside a published holiday."""

    class Kind(models.TextChoices):
        """What the day is."""

        HOLIDAY = "holiday", _("Holiday")
        WORKDAY = "workday", _("Make-up working day")

    date = models.DateField(_("date"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=60)
    source = models.TextField(_("source"))

    class Meta:
        """Days in order."""

        ordering = ("date",)
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=["holiday", "workday"]), name="core_calendarday_kind"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(source=""), name="core_calendarday_named"),
        )

    def __str__(self) -> str:
        """Return the day and its name."""
        return f"{self.date} {self.name}"
