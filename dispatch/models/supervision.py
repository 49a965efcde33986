"""Supervision: urges, supervision orders, instructions, circulars, and the rules by which overdue clocks escalate."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import (
    CircularReason,
    CircularState,
    ClockKind,
    ClockStage,
    EscalateTo,
    EscalateWhat,
    SupervisionReason,
    UrgeKind,
)
from grid.choices import Act
from grid.models import Unit
from grid.querysets import ScopedQuerySet
from intake.models import Case

from .clocks import Clock


@pghistory.track(append_only=True)
class EscalationRule(models.Model):
    """One step up the line: when a clock of this kind reaches this stage, who is told what.

    An empty clock means all of them. `days` are whole working days after the deadline; the step is taken when the last
    of them begins. Several rules hold at once; one that no longer holds ends with `effective_until`.
    """

    clock = models.CharField(_("Clock"), max_length=14, choices=ClockKind, blank=True)
    stage = models.CharField(_("Stage"), max_length=8, choices=ClockStage)
    days = models.PositiveSmallIntegerField(_("Working days overdue"), default=0)
    whom = models.CharField(_("Whom"), max_length=10, choices=EscalateTo)
    what = models.CharField(_("What"), max_length=10, choices=EscalateWhat)
    effective_from = models.DateField(_("In force from"))
    effective_until = models.DateField(_("In force until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        ordering = ["clock", "stage", "days", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "stage", "days", "whom", "what", "effective_from"], name="escalation_rule_once"
            ),
            models.CheckConstraint(condition=Q(stage="red") | Q(days=0), name="escalation_rule_days_when_red"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.days} {self.get_what_display()}"


class Circular(models.Model):
    """通报: the cases of a period that a centre tells all its units about. A draft collects, publishing closes it."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Published by"), related_name="circulars")
    title = models.CharField(_("Title"), max_length=120)
    text = models.TextField(_("Text"), blank=True)
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("Until"))
    state = models.CharField(_("State"), max_length=10, choices=CircularState, default=CircularState.DRAFT)
    opened_at = models.DateTimeField(_("Opened"))
    opened_by = models.CharField(_("Opened by"), max_length=120)
    published_at = models.DateTimeField(_("Published"), null=True)
    published_by = models.CharField(_("Published by"), max_length=120, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("circular")
        verbose_name_plural = _("circulars")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "first_day"], condition=Q(state="draft"), name="circular_one_draft_a_period"
            ),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="circular_days_in_order"),
        ]

    def __str__(self) -> str:
        return self.title


class CircularLine(models.Model):
    """A case named in a circular, the unit that is named with it, and why."""

    circular = models.ForeignKey(Circular, models.CASCADE, related_name="lines")
    case = models.ForeignKey(Case, models.PROTECT, related_name="circular_lines")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="+", db_index=False)
    reason = models.CharField(_("Reason"), max_length=24, choices=CircularReason)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    at = models.DateTimeField(_("Time"))
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        verbose_name = _("line of a circular")
        verbose_name_plural = _("lines of circulars")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["circular", "case", "reason"], name="circular_line_once")]
        indexes = [models.Index(fields=["circular", "unit", "id"], name="circular_line_by_unit")]

    def __str__(self) -> str:
        return f"{self.circular} {self.case}"


class CircularReading(models.Model):
    """That a unit named in a published circular has read it: who of its people said so, and when."""

    circular = models.ForeignKey(Circular, models.CASCADE, related_name="readings", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="+", db_index=False)
    at = models.DateTimeField(_("Time"))
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        verbose_name = _("reading of a circular")
        verbose_name_plural = _("readings of circulars")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["circular", "unit"], name="circular_read_once")]

    def __str__(self) -> str:
        return f"{self.circular} {self.unit}"


class Urge(models.Model):
    """催办, 催办通知书: asks whoever has the case now to be quick; nothing else changes."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="urges", db_index=False)
    kind = models.CharField(_("Kind"), max_length=8, choices=UrgeKind, default=UrgeKind.URGE)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("To"), related_name="+", db_index=False)
    rule = models.ForeignKey(EscalationRule, models.PROTECT, null=True, related_name="+", db_index=False)
    text = models.CharField(_("Text"), max_length=500)
    at = models.DateTimeField(_("Time"))
    by = models.CharField(_("By"), max_length=120)

    class Meta:
        verbose_name = _("urge")
        verbose_name_plural = _("urges")
        ordering = ["-id"]
        indexes = [models.Index(fields=["case", "-id"], name="urge_by_case")]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"


class Supervision(models.Model):
    """督办件: a case followed to a date by the line above; its unit confirms it, and it ends with a result."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="supervisions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("Unit"), related_name="+", db_index=False)
    reason = models.CharField(_("Reason"), max_length=24, choices=SupervisionReason)
    text = models.CharField(_("What is wanted"), max_length=500)
    opened_at = models.DateTimeField(_("Opened"))
    opened_by = models.CharField(_("Opened by"), max_length=120)
    opened_by_id = models.BigIntegerField(null=True, editable=False)  # of the member of staff, to be told
    due_at = models.DateTimeField(_("Due"))
    confirmed_at = models.DateTimeField(_("Confirmed"), null=True)
    confirmed_by = models.CharField(_("Confirmed by"), max_length=120, blank=True)
    confirmation = models.CharField(_("Confirmation"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True)
    ended_by = models.CharField(_("Ended by"), max_length=120, blank=True)
    result = models.CharField(_("Result"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("supervision order")
        verbose_name_plural = _("supervision orders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="supervision_one_open_a_case")
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(ended_at=None), name="supervision_open")]

    def __str__(self) -> str:
        return f"{self.case} {self.due_at:%Y-%m-%d}"


class Instruction(models.Model):
    """批示: what a leader wrote about a case, to whom, and the answer where one is asked for."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="instructions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("To"), related_name="+", db_index=False)
    text = models.CharField(_("Instruction"), max_length=500)
    at = models.DateTimeField(_("Time"))
    by = models.CharField(_("By"), max_length=120)
    by_id = models.BigIntegerField(null=True, editable=False)  # of the member of staff, to be told
    asks_reply = models.BooleanField(_("An answer is asked for"), default=False)
    reply = models.CharField(_("Answer"), max_length=500, blank=True)
    replied_at = models.DateTimeField(_("Answered"), null=True)
    replied_by = models.CharField(_("Answered by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-id"], condition=Q(asks_reply=True, replied_at=None), name="instruction_unanswered")
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.by}"


class Escalation(models.Model):
    """A rule that was followed for a clock: once, whatever was killed in between. Told, where it is a message."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="escalations", db_index=False)
    rule = models.ForeignKey(EscalationRule, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations", db_index=False)
    at = models.DateTimeField(_("Time"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("To"), related_name="+", db_index=False)
    act = models.CharField(_("For whoever may"), max_length=30, choices=Act)
    urge = models.ForeignKey(Urge, models.PROTECT, null=True, related_name="+", db_index=False)
    told_at = models.DateTimeField(_("Told"), null=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["clock", "rule"], name="escalation_once")]
        indexes = [
            models.Index(fields=["case", "-id"], name="escalation_by_case"),
            models.Index(fields=["unit", "rule", "id"], condition=Q(told_at=None), name="escalation_to_tell"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.rule}"
