"""异议: a unit objects to what the list says about an item; the route of those who decide, step by step."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dutylist.choices import ObjectionStage, ObjectionVerdict
from dutylist.querysets import ObjectionQuerySet
from dutylist.workflow import OBJECTION_OPEN_STATES, OBJECTION_STATES
from grid.models import Area, Unit

from .batches import Batch
from .items import Item, ItemVersion


class Objection(models.Model):
    """One objection. `version` is how the item read when it was raised; `at_area` is where it is decided now.

    `area` and `handling_unit` say where which other unit should answer instead; both may be left open.
    """

    title = models.CharField(_("Title"), max_length=120)
    content = models.TextField(_("What is objected to, and why"))
    item = models.ForeignKey(Item, models.PROTECT, verbose_name=_("Duty item"), related_name="objections")
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("In"), related_name="+")
    raising_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Raised by"), related_name="+")
    handling_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Unit that should answer"), related_name="+"
    )
    state = models.CharField(_("State"), max_length=16, choices=OBJECTION_STATES)
    at_area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("Raised"))
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("Decided"), null=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, verbose_name=_("Taken into batch"), related_name="objections"
    )
    row_version = models.PositiveIntegerField(default=1)

    objects = ObjectionQuerySet.as_manager()

    SCOPES = {"area": "at_area", "unit": "raising_unit"}

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(state="agreed"), name="objection_taken_when_agreed"
            )
        ]
        indexes = [
            models.Index(
                fields=["at_area", "-id"], condition=Q(state__in=OBJECTION_OPEN_STATES), name="objection_to_decide"
            ),
            models.Index(fields=["raising_unit", "-id"], name="objection_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide (待处理)."""
        return self.state in OBJECTION_OPEN_STATES


class ObjectionStep(models.Model):
    """One step of the route: who of which unit said what, when. Kept for ever, with the names as they were."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="steps")
    stage = models.CharField(_("Step"), max_length=16, choices=ObjectionStage)
    verdict = models.CharField(_("Verdict"), max_length=10, choices=ObjectionVerdict)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, verbose_name=_("Unit"), related_name="+")
    unit_name = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_name = models.CharField(_("Person"), max_length=120)
    at = models.DateTimeField(_("At"))
    opinion = models.TextField(_("Opinion"), blank=True)

    class Meta:
        verbose_name = _("step of an objection")
        verbose_name_plural = _("steps of objections")
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="said_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.objection} {self.get_stage_display()}"
