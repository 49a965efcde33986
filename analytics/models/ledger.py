"""考核台账: a month as it was published. What is frozen is never changed; corrections stand beside it."""

from datetime import date

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.workflow import ASSESSMENT, MONTH_FROZEN, MONTH_OPEN
from grid.models import Area, Unit

KEPT = pgtrigger.Update | pgtrigger.Delete


class AssessmentMonth(models.Model):
    """One month of the assessment. The row comes into being with the first step; before, the month is open.

    `basis` holds the schemes with weights, indicator versions and parts that were used, in words; `digest` is the hash
    of all that was published: the basis, the results and the postings (`postings_digest`, `posting_count`).
    """

    month = models.DateField(_("Month"), unique=True)
    state = models.CharField(_("State"), max_length=10, choices=[*ASSESSMENT.states.items()], default=MONTH_OPEN)
    proposed_at = models.DateTimeField(_("Proposed"), null=True)
    proposed_by = models.CharField(_("Proposed by"), max_length=120, blank=True)
    freeze_asked_at = models.DateTimeField(_("Freeze asked for"), null=True)
    freeze_asked_by = models.CharField(_("Freeze asked for by"), max_length=120, blank=True)
    freeze_failed = models.CharField(_("Why it was not frozen"), max_length=300, blank=True)
    frozen_at = models.DateTimeField(_("Frozen"), null=True)
    frozen_by = models.CharField(_("Frozen by"), max_length=120, blank=True)
    basis = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    posting_count = models.PositiveIntegerField(default=0)
    postings_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("Digest"), max_length=64, blank=True)

    today: date  # set by whoever asks the life cycle what may be done

    class Meta:
        verbose_name = _("month of the assessment")
        verbose_name_plural = _("months of the assessment")
        ordering = ["-month"]
        triggers = [
            pgtrigger.Protect(
                name="frozen_month_is_kept", operation=KEPT, condition=pgtrigger.Q(old__state=MONTH_FROZEN)
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="assessment_month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(state=MONTH_FROZEN, frozen_at__isnull=False) & ~Q(digest="")
                | ~Q(state=MONTH_FROZEN) & Q(frozen_at__isnull=True, digest=""),
                name="assessment_month_frozen_with_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def is_frozen(self) -> bool:
        """Whether it was published for good."""
        return self.state == MONTH_FROZEN


class FrozenScore(models.Model):
    """What a scheme said of one place in a frozen month; the name is that of the day."""

    month = models.ForeignKey(AssessmentMonth, models.PROTECT, related_name="scores")
    scheme = models.SlugField(max_length=30)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    place_name = models.CharField(max_length=120)
    place_code = models.CharField(max_length=60)
    cases = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    rank = models.PositiveIntegerField(null=True)
    line = models.PositiveIntegerField()  # where it stands in the table

    class Meta:
        verbose_name = _("frozen score")
        verbose_name_plural = _("frozen scores")
        triggers = [pgtrigger.Protect(name="frozen_score_is_kept", operation=KEPT)]
        constraints = [
            models.UniqueConstraint(fields=["month", "scheme", "line"], name="frozen_score_line_once"),
            models.CheckConstraint(
                condition=Q(area__isnull=True, unit__isnull=False) | Q(area__isnull=False, unit__isnull=True),
                name="frozen_score_of_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.place_name}"


class FrozenResult(models.Model):
    """One indicator of a frozen score: what was divided by what, and the rank by it."""

    score = models.ForeignKey(FrozenScore, models.PROTECT, related_name="results")
    indicator = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("frozen result")
        verbose_name_plural = _("frozen results")
        triggers = [pgtrigger.Protect(name="frozen_result_is_kept", operation=KEPT)]
        constraints = [models.UniqueConstraint(fields=["score", "indicator"], name="frozen_result_once")]

    def __str__(self) -> str:
        return f"{self.score} {self.indicator}"


class FrozenPosting(models.Model):
    """What a case counted for in a frozen month: a narrow copy of CasePosting, only the keys of that month.

    The case is named by its number, not by a key: what happens to it later changes nothing here. `left_out` names
    what an agreed exclusion took out, as indicator@unit.
    """

    month = models.ForeignKey(AssessmentMonth, models.PROTECT, related_name="postings", db_index=False)
    case_id = models.BigIntegerField()
    number = models.CharField(max_length=40)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    is_excluded = models.BooleanField()
    keys = ArrayField(models.IntegerField())
    units = ArrayField(models.IntegerField())
    amounts = ArrayField(models.IntegerField())
    left_out = ArrayField(models.CharField(max_length=60), null=True)

    class Meta:
        verbose_name = _("frozen postings of a case")
        verbose_name_plural = _("frozen postings of cases")
        triggers = [pgtrigger.Protect(name="frozen_posting_is_kept", operation=KEPT)]
        constraints = [models.UniqueConstraint(fields=["month", "case_id"], name="frozen_posting_once")]
        indexes = [GinIndex(fields=["keys", "units"], name="frozen_posting_by_key", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.month} {self.number}"


class Correction(models.Model):
    """更正: a posting made after the freeze, in the open, with sign and reason. Nothing frozen is changed by it.

    It counts for the unit and for every area around `area`; the published figures stay as they are.
    """

    month = models.ForeignKey(AssessmentMonth, models.PROTECT, related_name="corrections")
    indicator = models.SlugField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    place_name = models.CharField(max_length=120)
    case_number = models.CharField(_("Case number"), max_length=40, blank=True)
    numerator = models.IntegerField(_("Numerator"))
    denominator = models.IntegerField(_("Denominator"))
    reason = models.CharField(_("Reason"), max_length=500)
    made_at = models.DateTimeField(_("Made"))
    made_by = models.CharField(_("Made by"), max_length=120)

    SCOPES = {"area": "area", "unit": "unit"}

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="correction_is_kept", operation=KEPT)]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
            models.CheckConstraint(condition=~(Q(numerator=0) & Q(denominator=0)), name="correction_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.indicator} {self.numerator:+d}/{self.denominator:+d}"
