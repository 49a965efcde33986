"""Work orders: what each level that holds a case has to do, as a parent-child chain; and the rounds of a case."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import ClockKind, RoundJudge, WorkRole
from dispatch.querysets import WorkOrderQuerySet
from dispatch.workflow import ACTIVE_STATES, OPEN_STATES, PENDING_SIGN, STATES
from grid.models import Area, Unit
from intake.models import Case

from .decisions import Decision


class Round(models.Model):
    """重办: one attempt at a case, with its verdict. Round 1 is opened by the first dispatch.

    `awaits_redo`, `is_compared`, `is_scanned` and `is_told` are queues: what a sweep still has to do with the round.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField(_("Round"))
    opened_at = models.DateTimeField(_("Opened"))
    closed_at = models.DateTimeField(_("Closed"), null=True)
    satisfied = models.BooleanField(_("Satisfied"), null=True)
    judged_by = models.CharField(_("Verdict by"), max_length=10, choices=RoundJudge, blank=True)
    judged_at = models.DateTimeField(_("Verdict"), null=True)
    awaits_redo = models.BooleanField(default=False, editable=False)  # not satisfied, and not taken up again yet
    is_compared = models.BooleanField(default=False, editable=False)  # with what was closed at the same place lately
    is_scanned = models.BooleanField(default=False, editable=False)  # its report, for template text
    is_told = models.BooleanField(default=False, editable=False)  # to the citizen, that the case was taken on

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="round_once")]
        indexes = [
            models.Index(fields=["id"], condition=Q(awaits_redo=True), name="round_awaits_redo"),
            models.Index(fields=["id"], condition=Q(number__gte=2, satisfied=False), name="round_dissatisfied_again"),
            models.Index(fields=["id"], condition=Q(number=1, is_compared=False), name="round_to_compare"),
            models.Index(fields=["id"], condition=Q(number=1, is_told=False), name="round_to_tell"),
            models.Index(
                fields=["closed_at", "id"], condition=Q(is_scanned=False, closed_at__isnull=False), name="round_to_scan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} #{self.number}"


class WorkOrder(models.Model):
    """工单流转: a case at one unit. `area`, `round` and the next clock are repeated to make a queue one index scan.

    No foreign key has an index of its own: orders are found by their case or by the queues below (docs/adr/0013).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="work_orders", db_index=False)
    seq = models.PositiveSmallIntegerField(_("Number in the case"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", db_index=False)
    role = models.CharField(_("Role"), max_length=6, choices=WorkRole, default=WorkRole.LEAD)
    state = models.CharField(_("State"), max_length=14, choices=STATES, default=PENDING_SIGN)
    round = models.PositiveSmallIntegerField(_("Round"), default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="work_orders", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, null=True, verbose_name=_("Area"), related_name="+", db_index=False)
    review_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Now reviewed by"),
        related_name="+",
        db_index=False,
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Handler"),
        related_name="+",
        db_index=False,
    )
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="work_orders", db_index=False)
    assigned_at = models.DateTimeField(_("Assigned"))
    signed_at = models.DateTimeField(_("Signed"), null=True)
    contacted_at = models.DateTimeField(_("First contact"), null=True)
    reported_at = models.DateTimeField(_("Reported"), null=True)
    ended_at = models.DateTimeField(_("Ended"), null=True)
    next_clock = models.CharField(_("Next clock"), max_length=14, choices=ClockKind, blank=True)
    next_due_at = models.DateTimeField(_("Next deadline"), null=True)
    next_yellow_at = models.DateTimeField(_("Next warning"), null=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = WorkOrderQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "unit"}

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="work_order_number_once"),
            # 一件事一个主办: at any moment one unit, and only one, has the ball.
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="lead", state__in=ACTIVE_STATES), name="work_order_one_active_lead"
            ),
        ]
        indexes = [
            # The included columns answer the figures on the tabs from the index alone.
            models.Index(
                fields=["unit", "next_due_at", "id"],
                include=["state", "round", "next_yellow_at"],
                condition=Q(state__in=OPEN_STATES),
                name="work_order_queue",
            ),
            models.Index(
                fields=["next_due_at", "id"],
                include=["unit", "state", "round", "next_yellow_at"],
                condition=Q(state__in=OPEN_STATES),
                name="work_order_queue_city",
            ),
            # What is open and due by area (figures of the four levels): a row for each open case, from the index alone.
            models.Index(
                fields=["area", "next_due_at"],
                include=["case"],
                condition=Q(role="lead", state__in=ACTIVE_STATES),
                name="work_order_open_by_area",
            ),
            models.Index(
                fields=["review_unit", "next_due_at", "id"], condition=Q(state="under_review"), name="work_order_review"
            ),
            models.Index(
                "unit",
                models.F("ended_at").desc(nulls_last=True),
                models.F("id").desc(),
                condition=Q(ended_at__isnull=False),
                name="work_order_done",
            ),
            models.Index(
                models.F("ended_at").desc(nulls_last=True),
                models.F("id").desc(),
                condition=Q(ended_at__isnull=False),
                name="work_order_done_city",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return the number users read: the case's, and the running number in it."""
        return f"{self.case.number}-{self.seq:02d}"
