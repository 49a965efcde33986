"""What comes after a request was registered: additions, scores, links between cases."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from intake.choices import LinkKind, SupplementKind, Via

from .cases import Case


class Supplement(models.Model):
    """Something added to a case by who asked, or by an agent in their name."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="supplements")
    kind = models.CharField(_("Kind"), max_length=10, choices=SupplementKind, default=SupplementKind.ADDED)
    text = models.TextField(_("Text"))
    via = models.CharField(_("Through"), max_length=10, choices=Via)
    added_at = models.DateTimeField(_("Added"))
    added_by = models.CharField(_("Added by"), max_length=120)

    class Meta:
        verbose_name = _("addition")
        verbose_name_plural = _("additions")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:40]


class Evaluation(models.Model):
    """评价 of one round of a case: overall and four scores, 1 to 5 (F W5). Never changed; a redo has its own."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="evaluations", db_index=False)
    round = models.PositiveSmallIntegerField(_("Round"))
    overall = models.PositiveSmallIntegerField(_("Overall"))
    speed = models.PositiveSmallIntegerField(_("Speed of handling"), null=True, blank=True)
    effect = models.PositiveSmallIntegerField(_("Result of handling"), null=True, blank=True)
    experience = models.PositiveSmallIntegerField(_("Service"), null=True, blank=True)
    feedback = models.PositiveSmallIntegerField(_("Quality of the reply"), null=True, blank=True)
    text = models.CharField(_("Text"), max_length=500, blank=True)
    via = models.CharField(_("Through"), max_length=10, choices=Via)
    evaluated_at = models.DateTimeField(_("Evaluated"))
    evaluated_by = models.CharField(_("Evaluated by"), max_length=120)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["case", "round"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="evaluation_once_a_round"),
            models.CheckConstraint(
                condition=Q(overall__range=(1, 5))
                & (Q(speed__isnull=True) | Q(speed__range=(1, 5)))
                & (Q(effect__isnull=True) | Q(effect__range=(1, 5)))
                & (Q(experience__isnull=True) | Q(experience__range=(1, 5)))
                & (Q(feedback__isnull=True) | Q(feedback__range=(1, 5))),
                name="evaluation_scores_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.round}: {self.overall}"

    @property
    def overall_text(self) -> str:
        """Return the overall score as it is shown, e.g. 4 / 5."""
        return f"{self.overall} / 5"

    @property
    def details(self) -> list[tuple[str, int]]:
        """Return (what, score) of the four scores that were given."""
        given = (
            (_("Speed of handling"), self.speed),
            (_("Result of handling"), self.effect),
            (_("Service"), self.experience),
            (_("Quality of the reply"), self.feedback),
        )
        return [(str(label), score) for label, score in given if score]


class CaseLink(models.Model):
    """Two cases about one matter. Every citizen keeps a case; the secondary one follows the main one."""

    main = models.ForeignKey(Case, models.PROTECT, related_name="linked_cases")
    secondary = models.ForeignKey(Case, models.PROTECT, related_name="linked_to", db_index=False)
    kind = models.CharField(_("Kind"), max_length=12, choices=LinkKind, default=LinkKind.SAME_MATTER)
    score = models.FloatField(_("Similarity"), null=True, blank=True)
    reasons = models.JSONField(_("Reasons"), default=dict, blank=True)
    linked_at = models.DateTimeField(_("Linked"))
    linked_by = models.CharField(_("Linked by"), max_length=120)
    undone_at = models.DateTimeField(_("Undone"), null=True, blank=True)
    undone_by = models.CharField(_("Undone by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("link between cases")
        verbose_name_plural = _("links between cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["secondary"], condition=Q(undone_at__isnull=True), name="case_link_one_main"
            ),
            models.CheckConstraint(condition=~Q(main=models.F("secondary")), name="case_link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.secondary} → {self.main}"
