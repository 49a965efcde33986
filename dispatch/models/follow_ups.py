"""What a change of the duty list asks of open cases, and replays of a draft that were asked for.

The rows are the queue: the sweeps find what is waiting by its state, so that a killed worker loses nothing and does
nothing twice.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import UNDO, FollowReason, FollowState, ReplayState
from dutylist.choices import OpenCasePolicy
from dutylist.models import Batch, BatchLine
from grid.models import Area
from grid.querysets import ScopedQuerySet
from intake.models import Case


class BatchFollowUp(models.Model):
    """The open cases of one published batch: how many there were, and how many have had their turn."""

    batch = models.OneToOneField(Batch, models.PROTECT, related_name="follow_up")
    state = models.CharField(_("State"), max_length=10, choices=FollowState, default=FollowState.WAITING)
    total = models.PositiveIntegerField(_("Cases"), default=0)
    done = models.PositiveIntegerField(_("Done"), default=0)
    started_at = models.DateTimeField(_("Started"))
    ended_at = models.DateTimeField(_("Ended"), null=True)

    class Meta:
        verbose_name = _("follow-up of a batch")
        verbose_name_plural = _("follow-ups of batches")

    def __str__(self) -> str:
        return f"{self.batch} {self.done}/{self.total}"


class FollowUp(models.Model):
    """What one line of a batch asks of one open case. `area` is the case's, repeated for the desk that decides.

    `before` and `after` say who had the case, under which version and until when: what a rollback goes by.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups")
    line = models.ForeignKey(BatchLine, models.PROTECT, related_name="follow_ups")
    area = models.ForeignKey(Area, models.PROTECT, null=True, verbose_name=_("Area"), related_name="+")
    policy = models.CharField(
        _("Open cases"), max_length=12, choices=[*OpenCasePolicy.choices, (UNDO, _("Put back after a rollback"))]
    )
    state = models.CharField(_("State"), max_length=10, choices=FollowState, default=FollowState.WAITING)
    reason = models.CharField(_("Reason"), max_length=16, choices=FollowReason, blank=True)
    before = models.JSONField(_("Before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("After"), default=dict, encoder=DjangoJSONEncoder)
    due_at = models.DateTimeField(_("Due"), null=True)
    at = models.DateTimeField(_("Time"), null=True)
    by = models.CharField(_("By"), max_length=120, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("follow-up of a case")
        verbose_name_plural = _("follow-ups of cases")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "line"], name="follow_up_once_per_line")]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="follow_up_waiting"),
            models.Index(fields=["due_at", "id"], condition=Q(state="asked"), name="follow_up_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_policy_display()}"


class BatchReplay(models.Model):
    """The newest replay of a batch that was asked for: over which days, and whether it was made yet.

    Its figures are kept with the batch (dutylist: BatchPreview), its progress with the job run.
    """

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="replay")
    state = models.CharField(_("State"), max_length=10, choices=ReplayState, default=ReplayState.ASKED)
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("To"))
    asked_at = models.DateTimeField(_("Asked"))
    asked_by = models.CharField(_("Asked by"), max_length=120)
    problem = models.TextField(_("Problem"), blank=True)

    class Meta:
        verbose_name = _("replay of a batch")
        verbose_name_plural = _("replays of batches")
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="asked"), name="replay_asked")]

    def __str__(self) -> str:
        return f"{self.batch} {self.first_day}–{self.last_day}"
