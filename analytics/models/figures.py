"""Roll-ups: how much was posted, by day and by month, for areas, units, items and channels. Never the full cross."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.choices import Dimension
from analytics.querysets import FiguresQuerySet


class Figures(models.Model):
    """The sums of one period. Which scope and key a row has follows from its dimension (choices.Dimension).

    Rows of what stays out of rankings stand apart (`is_excluded`): both together are everything. The columns are the
    parts of analytics/parts.py, in its order; a test holds them together.
    """

    dimension = models.PositiveSmallIntegerField(choices=Dimension)
    scope_id = models.BigIntegerField()
    key_id = models.BigIntegerField(default=0)
    is_excluded = models.BooleanField(default=False)

    registered = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    not_accepted = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    repeated = models.IntegerField(default=0)
    dispatched = models.IntegerField(default=0)
    dispatched_right = models.IntegerField(default=0)
    dispatched_alone = models.IntegerField(default=0)
    sign_due = models.IntegerField(default=0)
    signed_in_time = models.IntegerField(default=0)
    contact_due = models.IntegerField(default=0)
    contacted_in_time = models.IntegerField(default=0)
    handling_due = models.IntegerField(default=0)
    handled_in_time = models.IntegerField(default=0)
    case_due = models.IntegerField(default=0)
    closed_in_time = models.IntegerField(default=0)
    extended = models.IntegerField(default=0)
    late_minutes = models.BigIntegerField(default=0)
    late_limit_minutes = models.BigIntegerField(default=0)
    closed = models.IntegerField(default=0)
    natural_minutes = models.BigIntegerField(default=0)
    working_minutes = models.BigIntegerField(default=0)
    rateable = models.IntegerField(default=0)
    evaluated = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    dissatisfied = models.IntegerField(default=0)
    redone = models.IntegerField(default=0)
    returns_decided = models.IntegerField(default=0)
    returns_agreed = models.IntegerField(default=0)
    to_tell = models.IntegerField(default=0)
    told_acceptance = models.IntegerField(default=0)
    told_result = models.IntegerField(default=0)
    asked_solved = models.IntegerField(default=0)
    solved = models.IntegerField(default=0)
    urged = models.IntegerField(default=0)
    supervised = models.IntegerField(default=0)
    false_closures = models.IntegerField(default=0)
    voided = models.IntegerField(default=0)
    calls = models.IntegerField(default=0)
    calls_answered_fast = models.IntegerField(default=0)

    objects = FiguresQuerySet.as_manager()

    class Meta:
        abstract = True


class DayFigures(Figures):
    """What was posted on one day."""

    period = models.DateField(_("Day"))

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of days")
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "scope_id", "period", "key_id", "is_excluded"], name="day_figures_once"
            )
        ]
        indexes = [
            models.Index(fields=["key_id", "period"], condition=Q(dimension=Dimension.ITEM), name="day_figures_by_item")
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()} {self.scope_id} {self.period}"


class MonthFigures(Figures):
    """What was posted in one month; `period` is its first day."""

    period = models.DateField(_("Month"))

    class Meta:
        verbose_name = _("figures of a month")
        verbose_name_plural = _("figures of months")
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "scope_id", "period", "key_id", "is_excluded"], name="month_figures_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()} {self.scope_id} {self.period}"


class FiguresState(models.Model):
    """How far the figures have come: one row. Changes of transactions below `read_until` are in them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    read_until = models.BigIntegerField(_("Read until"), default=0)
    refreshed_at = models.DateTimeField(_("Refreshed"), null=True)
    # What stands on the day of a deadline is in the roll-ups up to the day before; null before the first rebuild.
    due_until = models.DateField(_("Deadlines counted until"), null=True)
    rebuild_asked_at = models.DateTimeField(_("Rebuild asked for"), null=True)
    rebuild_asked_by = models.CharField(_("Rebuild asked for by"), max_length=120, blank=True)
    rebuilt_at = models.DateTimeField(_("Rebuilt"), null=True)

    class Meta:
        verbose_name = _("state of the figures")
        verbose_name_plural = _("state of the figures")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="figures_state_one_row")]

    def __str__(self) -> str:
        return f"{self.refreshed_at:%Y-%m-%d %H:%M}" if self.refreshed_at else "—"
