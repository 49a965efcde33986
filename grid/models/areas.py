"""The territory as one tree: city, districts, subdistricts, communities, grid cells."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.choices import AreaKind, Level
from grid.querysets import AreaQuerySet


class Area(models.Model):
    """One area. `code` is the official statistical code (or the 14-digit cell prefix), `path` our own ids."""

    code = models.CharField(_("Official code"), max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=80)
    short_name = models.CharField(_("Short name"), max_length=80, db_index=True)
    level = models.PositiveSmallIntegerField(_("Level"), choices=Level)
    kind = models.CharField(_("Kind"), max_length=20, choices=AreaKind, default=AreaKind.ORDINARY)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Parent"), related_name="children"
    )
    path = models.CharField(max_length=120, unique=True, editable=False)
    source = models.CharField(_("Source"), max_length=120, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)
    # Of an area that ended in a re-cut: where what lay in it belongs if nothing says otherwise.
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="predecessors"
    )

    objects = AreaQuerySet.as_manager()

    SCOPES = {"area": "pk"}

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(condition=models.Q(path__endswith="/"), name="area_path_ends_with_separator"),
        ]
        indexes = [models.Index(fields=["path"], name="area_path_prefix", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.short_name
