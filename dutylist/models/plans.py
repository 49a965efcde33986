"""机构变更 as a planned operation: what shall happen to a unit on a day, and the batches that go before it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dutylist.choices import PlanKind, PlanState
from dutylist.querysets import UnitPlanQuerySet
from grid.models import Unit

from .batches import Batch


class UnitPlan(models.Model):
    """A planned rename, merge, split or closing. It is carried out on its day, once, when no row names the unit.

    `into` does the unit's work from then on: the successor of a merge or closing, the heir among the parts of a split
    (without one the unit lives on). `parts` are the codes of the units of a split; they are set up when it is planned,
    so that the list can name them.
    """

    kind = models.CharField(_("Kind"), max_length=10, choices=PlanKind)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="plans")
    into = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Successor"), related_name="+")
    parts = models.JSONField(_("Parts"), default=list, blank=True)
    new_name = models.CharField(_("New name"), max_length=120, blank=True)
    effective_on = models.DateField(_("In force from"))
    document = models.CharField(_("Decision document"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=PlanState, default=PlanState.PLANNED)
    batches = models.ManyToManyField(Batch, verbose_name=_("Batches"), related_name="unit_plans", blank=True)
    problem = models.TextField(_("Why it could not be carried out"), blank=True)
    created_at = models.DateTimeField(_("Planned"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("Carried out"), null=True)
    row_version = models.PositiveIntegerField(default=1)

    objects = UnitPlanQuerySet.as_manager()

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("planned institutional change")
        verbose_name_plural = _("planned institutional changes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(state="planned"), name="plan_one_open_per_unit"),
            models.CheckConstraint(
                condition=(Q(kind="rename") & ~Q(new_name=""))
                | Q(kind="split")
                | Q(kind__in=("merge", "close"), into__isnull=False),
                name="plan_says_what_follows",
            ),
        ]
        indexes = [models.Index(fields=["effective_on"], condition=Q(state="planned"), name="plan_to_carry_out")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit} {self.effective_on}"
