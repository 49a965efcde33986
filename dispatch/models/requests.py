"""Requests: return, extend, suspend, … decided one level above, while the clocks run on."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dispatch.choices import RequestKind, RequestState
from dispatch.querysets import CaseRequestQuerySet
from dutylist.models import Item
from grid.models import Unit
from intake.models import Attachment, Case, Evaluation

from .work_orders import WorkOrder

OPEN = Q(state="open")


@pghistory.track(append_only=True)
class RequestReason(models.Model):
    """申请事由: why something may be asked. `days`: how many working days it may ask for, if not as usual."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=RequestKind)
    name = models.CharField(_("Reason"), max_length=80)
    name_en = models.CharField(_("English reason"), max_length=120)
    days = models.PositiveSmallIntegerField(_("Working days at most"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120)

    class Meta:
        verbose_name = _("reason for a request")
        verbose_name_plural = _("reasons for requests")
        ordering = ["kind", "order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the reason in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class CaseRequest(models.Model):
    """申请: who asks what of which level, why, and what was decided. Never deleted: returns and appeals are counted.

    An appeal against the score that was agreed to (`evaluation` is set) takes that evaluation out of the figures; the
    evaluation itself stays as it was given.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    work_order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, blank=True, related_name="requests")
    kind = models.CharField(_("Kind"), max_length=12, choices=RequestKind)
    state = models.CharField(_("State"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    asked_by_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    asked_by = models.CharField(_("Asked by"), max_length=120)
    asked_at = models.DateTimeField(_("Asked"))
    ground = models.ForeignKey(
        RequestReason, models.PROTECT, null=True, blank=True, verbose_name=_("Ground"), related_name="+",
        db_index=False,
    )  # fmt: skip
    reason = models.TextField(_("Reason"))
    asked_value = models.JSONField(_("Asked for"), default=dict)
    asked_until = models.DateTimeField(_("Asked until"), null=True, blank=True)
    cited_item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, verbose_name=_("Cited entry"), related_name="+", db_index=False
    )
    proposed_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Unit that should have it"), related_name="+",
        db_index=False,
    )  # fmt: skip
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, blank=True, related_name="appeals")
    files = models.ManyToManyField(Attachment, verbose_name=_("Evidence"), related_name="+", blank=True)
    deciding_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("Decided by"), related_name="+", db_index=False
    )
    due_at = models.DateTimeField(_("To be decided by"), null=True, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=120, blank=True)
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    agreed_until = models.DateTimeField(_("Agreed until"), null=True, blank=True)
    opinion = models.TextField(_("Opinion"), blank=True)

    objects = CaseRequestQuerySet.as_manager()

    SCOPES = {"unit": "deciding_unit"}

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "work_order", "kind"],
                condition=OPEN,
                nulls_distinct=False,
                name="request_one_open_of_a_kind",
            )
        ]
        # The tabs of the desk: to be decided and own ones by deadline, decided ones latest first.
        indexes = [
            # What the dispatch desk counts beside a candidate: returns of a unit, lately.
            models.Index(fields=["asked_by_unit", "asked_at"], condition=Q(kind="return"), name="request_returns"),
            models.Index(
                fields=["deciding_unit", "due_at", "id"], include=["kind"], condition=OPEN, name="request_due"
            ),
            models.Index(fields=["due_at", "id"], include=["kind"], condition=OPEN, name="request_due_city"),
            models.Index(fields=["asked_by_unit", "due_at", "id"], condition=OPEN, name="request_asked"),
            models.Index(
                "deciding_unit", F("decided_at").desc(nulls_last=True), F("id").desc(),
                condition=Q(decided_at__isnull=False), name="request_decided",
            ),
            models.Index(
                F("decided_at").desc(nulls_last=True), F("id").desc(),
                condition=Q(decided_at__isnull=False), name="request_decided_city",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"
