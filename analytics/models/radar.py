"""Tables of analytics: what the quality radar found in the duty list, and when it looked."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.choices import FindingState, RadarKind
from analytics.findings import explain
from analytics.querysets import FindingQuerySet
from dutylist.choices import Source
from dutylist.models import Item
from grid.models import Area


class RadarFinding(models.Model):
    """One thing to look at in the duty list: an item, where, what, and how much it matters.

    `area` is the area without a unit, else the whole territory of the list; who sees the area sees the finding.
    `figures` are facts with the names of that day (analytics/findings.py puts them into words).
    """

    item = models.ForeignKey(Item, models.CASCADE, verbose_name=_("Duty item"), related_name="+")
    other = models.ForeignKey(Item, models.CASCADE, null=True, verbose_name=_("Other item"), related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="+")
    kind = models.CharField(_("Kind"), max_length=12, choices=RadarKind)
    name = models.CharField(_("Name"), max_length=120)
    path_text = models.CharField(_("Path"), max_length=300)
    figures = models.JSONField(_("Figures"), default=dict, encoder=DjangoJSONEncoder)
    cases = models.PositiveIntegerField(_("Cases"), default=0)
    weight = models.FloatField(_("Weight"))
    score = models.FloatField(_("Score"))
    first_seen_at = models.DateTimeField(_("First seen"))
    last_seen_at = models.DateTimeField(_("Last seen"))
    state = models.CharField(_("State"), max_length=10, choices=FindingState, default=FindingState.OPEN)
    dismissed_at = models.DateTimeField(_("Set aside"), null=True)
    dismissed_by = models.CharField(_("Set aside by"), max_length=120, blank=True)
    dismissed_because = models.CharField(_("Reason"), max_length=300, blank=True)
    dismissed_score = models.FloatField(_("Score when set aside"), null=True)

    objects = FindingQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("finding of the quality radar")
        verbose_name_plural = _("findings of the quality radar")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind", "area", "other"], nulls_distinct=False, name="radar_finding_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(dismissed_because=""), name="radar_set_aside_for_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["-score", "id"], name="radar_by_score")]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_kind_display()}"

    @property
    def text(self) -> str:
        """Return what was found, in the reader's language."""
        return explain(self.kind, self.figures)

    @property
    def is_sample(self) -> bool:
        """Whether the item must be labelled as a sample wherever it is shown."""
        return self.item.entry.source != Source.OFFICIAL


class RadarRun(models.Model):
    """One look through the duty list, asked for by a person or the clock; the row is the queue."""

    asked_at = models.DateTimeField(_("Asked"))
    asked_by = models.CharField(_("Asked by"), max_length=120)
    ended_at = models.DateTimeField(_("Ended"), null=True)
    found = models.PositiveIntegerField(_("Found"), default=0)

    class Meta:
        verbose_name = _("look through the duty list")
        verbose_name_plural = _("looks through the duty list")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False, name="radar_one_run_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
