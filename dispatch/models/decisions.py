"""Why a case went where it went, kept for ever."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import DecisionMode, DecisionOutcome, NeedsPerson
from dispatch.reasons import render
from dutylist.models import Item, ItemVersion, Responsibility
from grid.models import Area, Unit
from intake.models import Case


class Decision(models.Model):
    """One decision about one case: the list row it rests on, the evidence, and who answers for it.

    `reasons` are stored as codes with the names as they were then (dispatch/reasons.py), so that later changes of names
    or of the list do not rewrite history and both languages can read them; `explained` renders them.

    Decisions are found by their case alone (docs/adr/0013).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions", db_index=False)
    round = models.PositiveSmallIntegerField(_("Round"), default=1)
    made_at = models.DateTimeField(_("Decided"))
    mode = models.CharField(_("Way"), max_length=12, choices=DecisionMode)
    outcome = models.CharField(_("Outcome"), max_length=12, choices=DecisionOutcome)
    needs_person = models.CharField(_("Why a person"), max_length=16, choices=NeedsPerson, blank=True)
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    responsibility = models.ForeignKey(Responsibility, models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_by = models.CharField(_("Decided by"), max_length=120)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    reasons = models.JSONField(_("Reasons"), default=list)
    # What the machine ranked: items with score, words, unit by the list; by which state of what it learned.
    candidates = models.JSONField(_("Candidates"), default=list)
    model_version = models.CharField(_("Ranked by"), max_length=60, blank=True)
    rule_version = models.ForeignKey(
        "dispatch.RuleVersion", models.PROTECT, null=True, verbose_name=_("Rule"), related_name="+", db_index=False
    )
    gate = models.JSONField(pgettext_lazy("dispatch", "Gate"), default=dict)  # the cell's record as it was then

    class Meta:
        verbose_name = _("dispatch decision")
        verbose_name_plural = _("dispatch decisions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["case", "-id"], name="decision_by_case"),
            BrinIndex(fields=["made_at"], autosummarize=True, name="decision_by_time"),  # rows come in that order
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="needs_person") | models.Q(unit__isnull=False), name="decision_names_a_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} → {self.unit or self.get_needs_person_display()}"

    @property
    def explained(self) -> list[dict]:
        """Return the reasons as {"code", "ok", "text"} in the reader's language."""
        return [{"code": item["code"], "ok": "against" not in item, "text": render(item)} for item in self.reasons]


class DutyGap(models.Model):
    """A hole in the duty list that a case fell into: work for the list office."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    cases = models.PositiveIntegerField(_("Cases"), default=1)
    first_case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    first_seen_at = models.DateTimeField(_("First seen"))
    last_seen_at = models.DateTimeField(_("Last seen"))

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("gap in the duty list")
        verbose_name_plural = _("gaps in the duty list")
        constraints = [models.UniqueConstraint(fields=["item", "area"], name="duty_gap_once")]

    def __str__(self) -> str:
        return f"{self.item} · {self.area}"
