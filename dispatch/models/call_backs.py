"""回访: who is to be called after a case has ended, who calls now, every try, and what was said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import CallBackReason, CallResult
from dispatch.querysets import CallBackQuerySet
from dispatch.workflow import CALL_BACK_STATES, CB_WAITING
from grid.models import Area, Unit
from intake.models import Case


class CallBack(models.Model):
    """One round of a case whose citizen is called. A claim keeps others away while somebody has the number on screen.

    `area` and `unit` (who was accountable when it ended) are repeated, so that a queue is one index scan.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="call_backs", db_index=False)
    round = models.PositiveSmallIntegerField(_("Round"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, verbose_name=_("Area"), related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("Unit"), related_name="+", db_index=False)
    state = models.CharField(_("State"), max_length=12, choices=CALL_BACK_STATES, default=CB_WAITING)
    why = models.CharField(_("Why"), max_length=8, choices=CallBackReason)
    ready_at = models.DateTimeField(_("To be called from"))
    due_at = models.DateTimeField(_("Due"))
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("Being called by"), related_name="+"
    )
    claimed_until = models.DateTimeField(_("Claimed until"), null=True)
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0)
    is_solved = models.BooleanField(_("Solved"), null=True)
    is_told = models.BooleanField(_("Told the result"), null=True)
    text = models.CharField(_("What was said"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True)
    ended_by = models.CharField(_("By"), max_length=120, blank=True)

    objects = CallBackQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "unit"}

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="call_back_once_a_round")]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                include=["ready_at", "claimed_until"],
                condition=Q(state=CB_WAITING),
                name="call_back_queue",
            ),
            models.Index(fields=["claimed_by"], condition=Q(state=CB_WAITING), name="call_back_claimed"),
            models.Index(
                models.F("ended_at").desc(),
                models.F("id").desc(),
                condition=~Q(state=CB_WAITING),
                name="call_back_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} #{self.round}"


class CallBackTry(models.Model):
    """One call: when, by whom, and whether somebody answered."""

    call_back = models.ForeignKey(CallBack, models.PROTECT, related_name="calls")
    at = models.DateTimeField(_("Time"))
    by = models.CharField(_("By"), max_length=120)
    result = models.CharField(_("Result"), max_length=12, choices=CallResult)
    note = models.CharField(_("Note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.call_back} {self.get_result_display()}"
