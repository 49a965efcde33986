"""Co-tasks: what another unit does for a case beside the lead, as co-handler (协办) or ordered to the spot (发令)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.querysets import CoTaskQuerySet
from grid.models import Unit
from intake.models import Case

from .work_orders import WorkOrder


class SpotOrder(models.Model):
    """发令单: a community or subdistrict calls departments to a place; each gets a work order of its own."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="spot_orders")
    caller = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Ordered by"), related_name="+")
    task = models.CharField(_("Task"), max_length=500)
    place = models.CharField(_("Place"), max_length=200)
    ordered_by = models.CharField(_("Ordered by"), max_length=120)
    ordered_at = models.DateTimeField(_("Ordered"))

    SCOPES = {"unit": "caller"}

    class Meta:
        verbose_name = _("order sheet")
        verbose_name_plural = _("order sheets")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.case} {self.caller}"


class CoTask(models.Model):
    """What the work order of a co-handler or an ordered department is for; `caller` asked for it and judges it.

    `unit` and `ended_at` repeat the work order's, to make the list of co-tasks one index scan. `due_at` is the arrival
    limit of an order, and the handling deadline of a co-handler.
    """

    work_order = models.OneToOneField(WorkOrder, models.PROTECT, related_name="co_task")
    sheet = models.ForeignKey(SpotOrder, models.PROTECT, null=True, blank=True, related_name="tasks")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="+", db_index=False)
    caller = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Asked by"), related_name="+", db_index=False)
    task = models.CharField(_("Task"), max_length=500)
    asked_by = models.CharField(_("Asked by"), max_length=120)
    asked_at = models.DateTimeField(_("Asked"))
    due_at = models.DateTimeField(_("Due"))
    arrived_at = models.DateTimeField(_("Arrived"), null=True)
    is_absent = models.BooleanField(_("Nobody came"), default=False)
    ended_at = models.DateTimeField(_("Ended"), null=True)

    objects = CoTaskQuerySet.as_manager()

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("co-task")
        verbose_name_plural = _("co-tasks")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["caller", "due_at", "id"], condition=Q(ended_at=None), name="co_task_asked_by"),
            models.Index(fields=["unit", "due_at", "id"], condition=Q(ended_at=None), name="co_task_asked_of"),
            models.Index(fields=["caller", "-id"], condition=Q(ended_at__isnull=False), name="co_task_asked_by_done"),
            models.Index(fields=["unit", "-id"], condition=Q(ended_at__isnull=False), name="co_task_asked_of_done"),
            models.Index(fields=["-due_at", "id"], condition=Q(is_absent=True), name="co_task_absent"),
        ]

    def __str__(self) -> str:
        return f"{self.work_order} {self.unit}"


class Attendance(models.Model):
    """到场: who of an ordered department came, and when; the limit it is measured by is that of the order."""

    co_task = models.ForeignKey(CoTask, models.PROTECT, related_name="attendances")
    name = models.CharField(pgettext_lazy("person", "Name"), max_length=40)
    arrived_at = models.DateTimeField(_("Arrived"))
    is_late = models.BooleanField(pgettext_lazy("attendance", "Late"), default=False)
    noted_by = models.CharField(_("Noted by"), max_length=120)
    noted_at = models.DateTimeField(_("Noted"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["arrived_at", "id"]

    def __str__(self) -> str:
        return f"{self.co_task} {self.name}"
