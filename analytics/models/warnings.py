"""Early warnings 治未病: what the detectors found, what people said about it, and when the detectors looked."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from analytics.choices import WarningKind
from analytics.querysets import WarningQuerySet
from analytics.workflow import WARNING_OPEN, WARNING_STATES
from dutylist.models import Item
from grid.models import Area, Staff, Unit


class EarlyWarning(models.Model):
    """One thing that may be about to happen, with its evidence; found again it is brought up to date, never doubled.

    `subject` stands for kind × area × item, unit or words, `period` for the week it was first found in (its Monday;
    for risk words the day). `evidence` holds facts only: `cases` (a bounded list of ids), `days` of (day, count,
    expected), `facts` by kind (analytics/warning_words.py says them). It names no citizen.
    """

    kind = models.CharField(_("Kind"), max_length=10, choices=WarningKind)
    subject = models.CharField(max_length=32, editable=False)
    period = models.DateField(editable=False)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="+", db_index=False)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, verbose_name=_("Duty item"), related_name="+", db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("Unit"), related_name="+", db_index=False)
    name = models.CharField(_("Matter"), max_length=160)
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("Until"))
    count = models.PositiveIntegerField(_("Cases"))
    citizens = models.PositiveIntegerField(_("Citizens"), default=0)
    expected = models.FloatField(_("Expected"), null=True)
    score = models.FloatField(_("Score"))
    evidence = models.JSONField(_("Evidence"), default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(_("State"), max_length=12, choices=WARNING_STATES, default=WARNING_OPEN)
    found_at = models.DateTimeField(_("Found"))
    last_found_at = models.DateTimeField(_("Last found"))
    times_found = models.PositiveIntegerField(_("Times found"), default=1)

    owner_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        verbose_name=pgettext_lazy("early warning", "Owner"),
        related_name="+",
        db_index=False,
    )
    owner = models.ForeignKey(
        Staff, models.PROTECT, null=True, verbose_name=_("Taken on by"), related_name="+", db_index=False
    )
    judged_at = models.DateTimeField(_("Judged"), null=True)
    judged_by = models.CharField(_("Judged by"), max_length=120, blank=True)
    judged_count = models.PositiveIntegerField(_("Cases when judged"), default=0)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    action = models.CharField(_("Action"), max_length=1000, blank=True)
    acted_at = models.DateTimeField(_("Acted"), null=True)
    acted_by = models.CharField(_("Acted by"), max_length=120, blank=True)
    closed_at = models.DateTimeField(_("Closed"), null=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = WarningQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "owner_unit"}

    class Meta:
        verbose_name = _("early warning")
        verbose_name_plural = _("early warnings")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "period"], name="warning_once"),
            models.CheckConstraint(
                condition=Q(state=WARNING_OPEN) | (Q(judged_at__isnull=False) & ~Q(reason="")),
                name="warning_judged_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-score", "id"], name="warning_by_score"),
            models.Index(F("last_found_at").desc(), F("id").desc(), name="warning_by_time"),
            models.Index(fields=["judged_at"], condition=Q(judged_at__isnull=False), name="warning_judged"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_kind_display()}"

    @property
    def case_ids(self) -> list[int]:
        """Return the cases it rests on, as far as they are kept."""
        return self.evidence.get("cases", [])


class DetectorRun(models.Model):
    """One look of one detector. `slot_at` is the moment it was due: a look that was made is not made again.

    The detector of risk words looks every minute: one row a day, `read_until` the last case it read.
    """

    kind = models.CharField(_("Kind"), max_length=10, choices=WarningKind)
    slot_at = models.DateTimeField(_("Due"))
    ended_at = models.DateTimeField(_("Ended"))
    found = models.PositiveIntegerField(_("Found"), default=0)
    fresh = models.PositiveIntegerField(_("New"), default=0)
    read_until = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("look of a detector")
        verbose_name_plural = _("looks of detectors")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "slot_at"], name="detector_run_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slot_at:%Y-%m-%d %H:%M}"
