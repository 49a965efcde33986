"""Units: one tree beside the areas. A unit is a stable id; its names are dated rows."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from grid.choices import TERRITORIAL_KINDS, Act, Level, NameKind, UnitChangeKind, UnitKind
from grid.querysets import NameKey, UnitQuerySet

from .areas import Area


@pghistory.track(append_only=True)
class Unit(models.Model):
    """A body that can be given work: centre, bureau, subdistrict, community, company.

    `function` is the stable code of what it does ("water", "community"), by which the sample catalogue finds
    it; `name` repeats the official name in force today (UnitName holds all of them).
    """

    code = models.SlugField(_("Code"), max_length=60, unique=True)
    function = models.SlugField(_("Function"), max_length=40, db_index=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=UnitKind)
    level = models.PositiveSmallIntegerField(_("Level"), choices=Level)
    name = models.CharField(_("Name"), max_length=120, db_index=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Parent"), related_name="children"
    )
    path = models.CharField(max_length=120, unique=True, editable=False)
    home_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Home area"), related_name="units")
    opened_on = models.DateField(_("Set up on"))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Successor"),
        related_name="predecessors",
    )

    objects = UnitQuerySet.as_manager()

    SCOPES = {"unit": "pk"}

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        default_permissions = ("add", "change", "delete", "view")
        permissions = [(act.value, act.label) for act in Act]
        constraints = [
            models.CheckConstraint(condition=models.Q(path__endswith="/"), name="unit_path_ends_with_separator"),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("opened_on")),
                name="unit_closed_after_opened",
            ),
        ]
        indexes = [models.Index(fields=["path"], name="unit_path_prefix", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_territorial(self) -> bool:
        """Whether the unit answers for everything in its home area."""
        return self.kind in TERRITORIAL_KINDS


@pghistory.track(append_only=True)
class UnitName(models.Model):
    """A name the unit has or had. The end of an official name is the start of the next one."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(_("Name"), max_length=120, db_index=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=NameKind, default=NameKind.OFFICIAL)
    valid_from = models.DateField(_("From"))
    source = models.CharField(_("Source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("unit name")
        verbose_name_plural = _("unit names")
        ordering = ["unit", "valid_from"]
        indexes = [models.Index(NameKey("name"), name="unit_name_key")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "kind", "valid_from"], name="unit_name_once"),
            models.UniqueConstraint(
                fields=["unit", "valid_from"],
                condition=models.Q(kind="official"),
                name="unit_one_official_name_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitChange(models.Model):
    """One institutional change, kept for ever: what happened to which units, when, by which document."""

    kind = models.CharField(_("Kind"), max_length=10, choices=UnitChangeKind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="changes")
    others = models.ManyToManyField(Unit, related_name="+", blank=True)
    effective_on = models.DateField(_("In force from"))
    document = models.CharField(_("Decision document"), max_length=200, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("institutional change")
        verbose_name_plural = _("institutional changes")
        ordering = ["-effective_on", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit} {self.effective_on}"
