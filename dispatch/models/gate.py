"""What the machine has earned: confirmed cases as evidence, a record for each cell, the switch, the weekly figures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from dispatch.choices import CellState, Evidence, ItemBasis, ShutReason
from dutylist.models import Item, ItemVersion
from grid.models import Area, Unit
from grid.querysets import ScopedQuerySet
from intake.models import Case

from .decisions import Decision


class GateCell(models.Model):
    """The record of one duty item in one area (none: wherever it is), kept apart for chosen and suggested items.

    `window` holds the newest outcomes as 1 (right) and 0, newest last; what counts is computed from it when it changes,
    so that dispatch reads one row. It begins afresh with another version of the item, and with another unit where the
    area is the very place of the cases.
    """

    basis = models.CharField(_("Item named by"), max_length=10, choices=ItemBasis)
    item = models.ForeignKey(Item, models.CASCADE, verbose_name=_("Duty item"), related_name="+")
    area = models.ForeignKey(Area, models.CASCADE, null=True, verbose_name=_("Area"), related_name="+")
    version = models.ForeignKey(ItemVersion, models.CASCADE, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, verbose_name=_("Unit"), related_name="+", db_index=False)
    window = models.CharField(max_length=500, blank=True)
    cases = models.PositiveSmallIntegerField(_("Confirmed cases"), default=0)
    hits = models.PositiveSmallIntegerField(_("Right"), default=0)
    bound = models.FloatField(_("Lower bound"), default=0)
    state = models.CharField(_("State"), max_length=8, choices=CellState, default=CellState.EARNING)
    reason = models.CharField(_("Why shut"), max_length=10, choices=ShutReason, blank=True)
    wait = models.PositiveSmallIntegerField(_("Cases still to be confirmed"), default=0)
    changed_at = models.DateTimeField(_("In this state since"))
    last_at = models.DateTimeField(_("Last confirmed"))

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("cell of the gate")
        verbose_name_plural = _("cells of the gate")
        constraints = [
            models.UniqueConstraint(fields=["item", "area", "basis"], nulls_distinct=False, name="gate_cell_once"),
        ]
        indexes = [models.Index(fields=["-last_at", "-id"], name="gate_cell_newest")]

    def __str__(self) -> str:
        return f"{self.item} · {self.area or '—'}"

    @property
    def state_label(self) -> str:
        """Return the state in words: a chosen item passes as long as nothing speaks against it."""
        if self.basis == ItemBasis.CHOSEN and self.state == CellState.EARNING:
            return pgettext("gate", "Passes")
        return str(CellState(self.state).label)

    @property
    def share(self) -> float:
        """Return the share of the cases in the window that were right."""
        return self.hits / self.cases if self.cases else 0.0


class GateOutcome(models.Model):
    """What the machine said of one case and what a person decided. Written once; a job adds it to the cells."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+", db_index=False)
    evidence = models.CharField(_("Evidence"), max_length=10, choices=Evidence)
    basis = models.CharField(_("Item named by"), max_length=10, choices=ItemBasis)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    said_item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    said_version = models.ForeignKey(ItemVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    said_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    is_right = models.BooleanField(_("Right"))
    # Where the right item stood among what was suggested, from 1; 0: not among them; null: nothing was ranked.
    rank = models.PositiveSmallIntegerField(null=True)
    confidence = models.FloatField(null=True)  # share of right ones in the cell, when it was decided
    at = models.DateTimeField(_("Confirmed"))
    by = models.CharField(_("By"), max_length=120)
    is_counted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("confirmed outcome")
        verbose_name_plural = _("confirmed outcomes")
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "basis", "evidence"], name="gate_outcome_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(is_counted=False), name="gate_outcome_to_count"),
            models.Index(fields=["at"], name="gate_outcome_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.said_item} {'✓' if self.is_right else '✗'}"


class GateSwitch(models.Model):
    """One turn of the switch that stops all automatic dispatch; the last one holds. Never changed, never deleted."""

    is_on = models.BooleanField(_("Automatic dispatch"))
    at = models.DateTimeField(_("Turned"))
    by = models.CharField(_("By"), max_length=120)
    reason = models.CharField(_("Reason"), max_length=300)

    class Meta:
        verbose_name = _("switch of automatic dispatch")
        verbose_name_plural = _("switches of automatic dispatch")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.is_on}"


class DispatchWeek(models.Model):
    """The figures of dispatch in one week (from `monday`) of the city or of one district."""

    area = models.ForeignKey(Area, models.CASCADE, verbose_name=_("Area"), related_name="+", db_index=False)
    monday = models.DateField(_("Week from"))
    figures = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("Computed"))

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("weekly figures of dispatch")
        verbose_name_plural = _("weekly figures of dispatch")
        ordering = ["-monday"]
        constraints = [models.UniqueConstraint(fields=["area", "monday"], name="dispatch_week_once")]

    def __str__(self) -> str:
        return f"{self.area} {self.monday}"


class CaseOpinion(models.Model):
    """What a language model chose among the items offered for a case that waits for a dispatcher."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="opinion")
    asked_at = models.DateTimeField(_("Asked"))
    model = models.CharField(max_length=80)
    offered = models.JSONField(default=list)
    codes = models.JSONField(default=list)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("opinion of a language model")
        verbose_name_plural = _("opinions of a language model")

    def __str__(self) -> str:
        return f"{self.case} {', '.join(self.codes)}"
