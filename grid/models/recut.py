"""区划调整: a planned re-cut of a community or a cell."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.choices import RecutState
from grid.querysets import RecutQuerySet

from .areas import Area


class Recut(models.Model):
    """What shall become of one community or cell on a day.

    `targets` are `{"code", "name", "takes"}`: a new area (with a name), or one that exists, and the codes of the areas
    and buildings it takes. Where the area ends, the first target is its successor and takes what nobody takes.
    """

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="recuts")
    ends = models.BooleanField(_("The area ends"), default=True)
    targets = models.JSONField(_("Into"), default=list)
    effective_on = models.DateField(_("In force from"))
    document = models.CharField(_("Decision document"), max_length=200)
    state = models.CharField(_("State"), max_length=10, choices=RecutState, default=RecutState.PLANNED)
    problem = models.TextField(_("Why it could not be carried out"), blank=True)
    created_at = models.DateTimeField(_("Planned"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cut_at = models.DateTimeField(_("Cut"), null=True)
    done_at = models.DateTimeField(_("Carried out"), null=True)

    objects = RecutQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("re-cut")
        verbose_name_plural = _("re-cuts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["area"], condition=Q(state="planned"), name="recut_one_open_per_area"),
        ]
        indexes = [
            models.Index(fields=["effective_on"], condition=Q(state="planned"), name="recut_due"),
            models.Index(fields=["id"], condition=Q(state="moving"), name="recut_moving"),
            models.Index(fields=["cut_at"], condition=Q(cut_at__isnull=False), name="recut_by_cut"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.effective_on}"
