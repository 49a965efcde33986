"""Facts: which unit had a case, for what, how long. Written with the step itself, so that they add up to the case."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import Stage, StageEnd, WorkRole
from grid.models import Unit
from intake.models import Case

from .work_orders import WorkOrder


class StageFact(models.Model):
    """One unit's stage of one round of a case, from one moment to the next; who handed it back stays visible.

    The facts of the lead chain follow each other without a gap from the registration to the end: their sum is the
    time the case took. Co-tasks have facts of their own beside them.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="stage_facts", db_index=False)
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="stage_facts", db_index=False)
    round = models.PositiveSmallIntegerField(_("Round"))
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="+", db_index=False)
    role = models.CharField(_("Role"), max_length=6, choices=WorkRole, default=WorkRole.LEAD)
    stage = models.CharField(_("Stage"), max_length=10, choices=Stage)
    started_at = models.DateTimeField(_("From"))
    ended_at = models.DateTimeField(_("Until"), null=True)
    how = models.CharField(_("How it ended"), max_length=10, choices=StageEnd, blank=True)

    class Meta:
        verbose_name = _("fact of a stage")
        verbose_name_plural = _("facts of stages")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None, role=WorkRole.LEAD), name="stage_fact_one_accountable"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="stage_fact_order"
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="stage_fact_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.unit} {self.get_stage_display()}"
