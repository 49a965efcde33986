"""虚假办结: doubts about a closing, each decided by the level above; and what makes templates among reports visible."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dispatch.querysets import ClosureCheckQuerySet
from dispatch.workflow import CHECK_CONFIRMED, CHECK_OPEN, CLOSURE_CHECK_STATES
from grid.models import Area, Unit
from intake.models import Case

from .handling import Report


class ClosureCheck(models.Model):
    """A closing that may be none: the reasons with their evidence, and what the level above decided.

    `reasons` are stored as {"kind", "facts"}; `unit` reported the case done, and a confirmed check counts against it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="closure_checks", db_index=False)
    round = models.PositiveSmallIntegerField(_("Round"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, verbose_name=_("Area"), related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Closed by"), related_name="+", db_index=False)
    deciding_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("Decided by"), related_name="+", db_index=False
    )
    state = models.CharField(_("State"), max_length=10, choices=CLOSURE_CHECK_STATES, default=CHECK_OPEN)
    reasons = models.JSONField(_("Reasons"), default=list)
    opened_at = models.DateTimeField(_("Opened"))
    due_at = models.DateTimeField(_("Due"))
    decided_at = models.DateTimeField(_("Decided"), null=True)
    decided_by = models.CharField(_("Decided by"), max_length=120, blank=True)
    opinion = models.CharField(_("Opinion"), max_length=500, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = ClosureCheckQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "deciding_unit"}

    class Meta:
        verbose_name = _("check of a closing")
        verbose_name_plural = _("checks of closings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state=CHECK_OPEN), name="closure_check_one_open")
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="closure_check_by_case"),
            models.Index(
                fields=["deciding_unit", "due_at", "id"], condition=Q(state=CHECK_OPEN), name="closure_check_queue"
            ),
            models.Index(fields=["due_at", "id"], condition=Q(state=CHECK_OPEN), name="closure_check_queue_city"),
            models.Index(
                F("decided_at").desc(), F("id").desc(), condition=~Q(state=CHECK_OPEN), name="closure_check_decided"
            ),
            models.Index(
                fields=["unit", "decided_at"], condition=Q(state=CHECK_CONFIRMED), name="closure_check_confirmed"
            ),
            models.Index(fields=["unit", "opened_at"], name="closure_check_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_state_display()}"


class ReportPrint(models.Model):
    """The fingerprint of a report's text (dispatch/text_prints.py), by which near copies are found."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    marks = ArrayField(models.IntegerField())

    class Meta:
        indexes = [models.Index(fields=["unit", "-at"], name="report_print_by_unit")]

    def __str__(self) -> str:
        return f"#{self.pk}"
