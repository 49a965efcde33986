"""Rounds of the grid 网格巡查: what is walked when, the tasks of each day, and who was where."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grid.choices import CheckInWay
from grid.querysets import RoundTaskQuerySet, ScopedQuerySet
from grid.workflow import MISSED, PARTLY, ROUND_STATES, TO_WALK, UNDER_WAY

from .areas import Area
from .places import Building
from .staff import Staff
from .units import Unit


class RoundKind(models.Model):
    """What a round looks after 巡查类型, e.g. 消防安全; with the check list that new plans begin with."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    check_list = models.TextField(_("Check list"), blank=True, help_text=_("One line each."))
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    class Meta:
        verbose_name = _("kind of round")
        verbose_name_plural = _("kinds of rounds")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class RoundPlan(models.Model):
    """巡查计划: which points of an area are passed, how often and between which hours. Dated; ended, never deleted.

    A day is due when `every_days` since `valid_from` fit (and it is one of `weekdays`, 1 = Monday, where some are
    named); with `workdays_only` what falls on a day off moves to the next working day.
    """

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="round_plans")
    kind = models.ForeignKey(RoundKind, models.PROTECT, verbose_name=_("Kind"), related_name="plans")
    name = models.CharField(_("Name"), max_length=80)
    every_days = models.PositiveSmallIntegerField(_("Every … days"), default=1)
    weekdays = models.CharField(_("Weekdays"), max_length=7, blank=True)  # digits, 1 = Monday
    workdays_only = models.BooleanField(_("On working days only"), default=False)
    opens_at = models.TimeField(_("From"))
    closes_at = models.TimeField(_("Until"))
    check_list = models.TextField(_("Check list"), blank=True)
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    made_until = models.DateField(editable=False)  # the last day whose task was looked for
    made_by = models.CharField(_("Made by"), max_length=120)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("patrol plan")
        verbose_name_plural = _("patrol plans")
        ordering = ["area", "opens_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="round_plan_hours_in_order"),
            models.CheckConstraint(condition=Q(every_days__range=(1, 366)), name="round_plan_every_days"),
        ]
        indexes = [models.Index(fields=["made_until", "id"], name="round_plan_to_make")]

    def __str__(self) -> str:
        return self.name

    def is_raw_due(self, day) -> bool:
        """Whether the rhythm falls on `day`, whatever the calendar says of it."""
        fits = (day - self.valid_from).days % self.every_days == 0
        return fits and (not self.weekdays or str(day.isoweekday()) in self.weekdays)

    @property
    def checks(self) -> list[str]:
        """Return the lines of the check list."""
        return [line.strip() for line in self.check_list.splitlines() if line.strip()]


class RoundPoint(models.Model):
    """A point to pass: known by its place on the map, its building or the code that hangs there.

    Rows that are replaced stay, out of use: check-ins refer to them.
    """

    plan = models.ForeignKey(RoundPlan, models.PROTECT, related_name="points")
    order = models.PositiveSmallIntegerField(_("Order"))
    name = models.CharField(_("Name"), max_length=80)
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, verbose_name=_("Building"), related_name="+"
    )
    code = models.CharField(_("Code on the spot"), max_length=25, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)

    SCOPES = {"area": "plan__area"}

    class Meta:
        verbose_name = _("point of a round")
        verbose_name_plural = _("points of rounds")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> tuple[float | None, float | None]:
        """Return longitude and latitude: its own, else of its building."""
        if self.longitude is not None or self.building is None:
            return self.longitude, self.latitude
        return self.building.longitude, self.building.latitude

    @property
    def codes(self) -> set[str]:
        """Return the codes that prove that somebody stands there."""
        return {code for code in (self.code, self.building.code if self.building else "") if code}


class RoundTask(models.Model):
    """巡查任务: one plan on one day, walked by one team."""

    plan = models.ForeignKey(RoundPlan, models.PROTECT, related_name="tasks")
    day = models.DateField(_("Day"))
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Team"), related_name="+")
    opens_at = models.DateTimeField(_("From"))
    closes_at = models.DateTimeField(_("Until"))
    state = models.CharField(_("State"), max_length=10, choices=ROUND_STATES, default=TO_WALK)
    points = models.PositiveSmallIntegerField(_("Points"))
    point_ids = ArrayField(models.BigIntegerField(), default=list)  # as the plan had them when the task was made
    passed = models.PositiveSmallIntegerField(_("Passed"), default=0)
    doubtful = models.PositiveSmallIntegerField(_("Doubtful"), default=0)  # check-ins that no place proves
    reason = models.CharField(_("Reason"), max_length=300, blank=True)  # why it was missed, said afterwards
    reason_by = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(_("Made"))
    ended_at = models.DateTimeField(_("Ended"), null=True)

    objects = RoundTaskQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "unit"}

    class Meta:
        verbose_name = _("patrol round")
        verbose_name_plural = _("patrol rounds")
        ordering = ["-day", "opens_at", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "day"], name="round_task_once_a_day")]
        indexes = [
            models.Index(fields=["area", "-day", "-id"], name="round_task_of_area"),
            models.Index(fields=["unit", "day"], name="round_task_of_unit"),
            models.Index(fields=["-day", "-id"], name="round_task_of_day"),
            models.Index(
                fields=["closes_at", "id"], condition=Q(state__in=[TO_WALK, UNDER_WAY]), name="round_task_to_end"
            ),
            models.Index(
                fields=["area", "-day", "-id"], condition=Q(state__in=[MISSED, PARTLY]), name="round_task_missed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.day:%m-%d}"


class RoundCheckIn(models.Model):
    """到点打卡: somebody at one point of a round, and what proves it. Rows are only added."""

    task = models.ForeignKey(RoundTask, models.PROTECT, related_name="check_ins")
    point = models.ForeignKey(RoundPoint, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("Time"))
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("Member of staff"), related_name="+")
    way = models.CharField(_("Way"), max_length=8, choices=CheckInWay)
    metres = models.PositiveIntegerField(_("Metres from the point"), null=True)
    is_doubtful = models.BooleanField(_("Doubtful"), default=False)
    wrong = models.JSONField(_("Not in order"), default=list, blank=True)  # lines of the check list
    note = models.CharField(_("Note"), max_length=300, blank=True)

    SCOPES = {"area": "task__area", "unit": "task__unit"}

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["task", "point"], name="check_in_once_a_point")]

    def __str__(self) -> str:
        return f"{self.point} {self.at:%H:%M}"
