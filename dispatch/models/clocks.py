"""Clocks: deadlines as stored rows, computed from events. An edit never moves one."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import ClockKind, ClockOutcome
from dispatch.querysets import ClockQuerySet
from dutylist.choices import LimitUnit
from dutylist.models import Item
from grid.choices import Level
from intake.choices import RequestType, Urgency
from intake.models import Case, Channel

from .requests import CaseRequest
from .work_orders import WorkOrder


@pghistory.track(append_only=True)
class ClockRule(models.Model):
    """A time limit as data: for which cases, how long, since when, by which rule. Empty scope fields match all.

    Of the rules that fit a case, the one whose scope comes first in SCOPE_ORDER wins, so that no two ever tie; of one
    scope, the latest in force. A rule that names a duty item, or a redo, also goes before the item's own limit: the
    first is how a statutory limit (法定程序) is entered, the second is 重办 3 个工作日.
    """

    # What decides first when several rules fit: the duty item, then whether it is a redo, and so on.
    SCOPE_ORDER = ("item_id", "is_redo", "urgency", "channel_id", "request_type", "level")

    kind = models.CharField(_("Clock"), max_length=14, choices=ClockKind)
    request_type = models.CharField(_("Kind of request"), max_length=12, choices=RequestType, blank=True)
    urgency = models.CharField(_("Urgency"), max_length=10, choices=Urgency, blank=True)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, verbose_name=_("Channel"))
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, verbose_name=_("Duty item"), related_name="+")
    level = models.PositiveSmallIntegerField(_("Level of the unit"), choices=Level, null=True, blank=True)
    is_redo = models.BooleanField(_("Redo only"), default=False)
    amount = models.PositiveIntegerField(_("Limit"))
    unit = models.CharField(_("Unit of the limit"), max_length=10, choices=LimitUnit)
    effective_from = models.DateField(_("In force from"))
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["kind", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "kind",
                    "request_type",
                    "urgency",
                    "channel",
                    "item",
                    "level",
                    "is_redo",
                    "effective_from",
                ],
                nulls_distinct=False,
                name="clock_rule_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="clock_rule_amount_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.get_unit_display()}"


class Clock(models.Model):
    """One deadline of one case or work order; `due_at` is written once.

    Clocks are found by their case (`of`), also those of a work order (docs/adr/0013).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks", db_index=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="clocks", db_index=False)
    request = models.ForeignKey(CaseRequest, models.PROTECT, null=True, related_name="clocks", db_index=False)
    kind = models.CharField(_("Clock"), max_length=14, choices=ClockKind)
    started_at = models.DateTimeField(_("Started"))
    yellow_at = models.DateTimeField(pgettext_lazy("clock", "Warning"))
    due_at = models.DateTimeField(_("Due"))
    stopped_at = models.DateTimeField(_("Stopped"), null=True)
    outcome = models.CharField(_("Outcome"), max_length=10, choices=ClockOutcome, default=ClockOutcome.RUNNING)
    rule = models.CharField(pgettext_lazy("ground", "By"), max_length=200)
    # When the line above must hear of it next (services/escalating.py); null when nothing further follows.
    next_step_at = models.DateTimeField(_("Next escalation"), null=True, editable=False)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ["due_at"]
        indexes = [
            models.Index(fields=["case"], name="clock_by_case"),
            models.Index(fields=["due_at", "id"], condition=Q(outcome="running"), name="clock_running"),
            # The scan of the escalation reads from here on, and never meets a clock that is not due.
            models.Index(
                fields=["next_step_at", "id"],
                condition=Q(outcome="running", next_step_at__isnull=False),
                name="clock_next_step",
            ),
            # The queue of the dispatchers: only the few cases that wait for a person.
            models.Index(
                fields=["due_at", "case"], condition=Q(outcome="running", kind="dispatch"), name="clock_dispatch_queue"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "work_order", "request", "kind"],
                condition=Q(outcome="running"),
                nulls_distinct=False,
                name="clock_one_running_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("started_at")), name="clock_due_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_at:%Y-%m-%d %H:%M}"
