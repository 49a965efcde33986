"""The duty list: catalogue entries, items, their versions, and who is responsible where.

A published version is never changed: a new version with a later `effective_from` takes over. The end of a version is
the start of the next, so no overlap can be stored. The database itself refuses to change or delete a version.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.models import Area, Unit

from .choices import LimitUnit, ManagementType, Source
from .querysets import ItemVersionQuerySet, ResponsibilityQuerySet


class CatalogueEntry(models.Model):
    """目录: one name of the three-level path, e.g. 市容环卫 / 垃圾清运 / 垃圾清运不及时."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    level = models.PositiveSmallIntegerField(_("Level"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    source = models.CharField(_("Source"), max_length=10, choices=Source)

    class Meta:
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "parent", "name"], nulls_distinct=False, name="catalogue_name_once_below_parent"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="catalogue_three_levels"),
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """事项: a stable code that versions hang on. `owner_area` says whose list it is on."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    entry = models.OneToOneField(CatalogueEntry, models.PROTECT, verbose_name=_("Catalogue entry"), related_name="item")
    management_type = models.CharField(
        _("Management type"), max_length=1, choices=ManagementType, default=ManagementType.CITY
    )
    owner_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("List of"), related_name="+")
    narrows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Narrows"), related_name="overlays"
    )
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Superseded by"), related_name="supersedes"
    )

    SCOPES = {"area": "owner_area"}

    class Meta:
        verbose_name = _("duty item")
        verbose_name_plural = _("duty items")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """How an item reads from `effective_from` on."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("Version"))
    effective_from = models.DateField(_("In force from"))
    is_retired = models.BooleanField(_("Retired"), default=False)
    name = models.CharField(_("Name"), max_length=120)
    path_text = models.CharField(_("Path"), max_length=300)
    criteria = models.TextField(_("Acceptance criteria"), blank=True)
    exclusions = models.TextField(_("Not this item"), blank=True)
    close_criteria = models.TextField(_("Closing criteria"), blank=True)
    legal_basis = models.TextField(_("Legal basis"), blank=True)
    keywords = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("Keywords"))
    examples = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, verbose_name=_("Example requests")
    )
    limit_normal = models.PositiveIntegerField(_("Limit"), null=True, blank=True)
    limit_urgent = models.PositiveIntegerField(_("Limit, urgent"), null=True, blank=True)
    limit_unit = models.CharField(_("Unit of the limit"), max_length=10, choices=LimitUnit, default=LimitUnit.WORKDAY)
    hand_down = models.BooleanField(_("Handed down to subdistricts"), default=False)
    is_component = models.BooleanField(_("City facility: photos needed"), default=False)
    counts_satisfaction = models.BooleanField(_("Counts for satisfaction"), default=True)
    is_secret = models.BooleanField(_("Secret"), default=False)
    source = models.CharField(_("Source"), max_length=10, choices=Source)

    objects = ItemVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a duty item")
        verbose_name_plural = _("versions of duty items")
        ordering = ["item", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_once"),
            models.UniqueConstraint(fields=["item", "effective_from"], name="item_one_version_a_day"),
            models.CheckConstraint(
                condition=Q(limit_urgent__isnull=True) | Q(limit_normal__isnull=False), name="item_urgent_needs_normal"
            ),
        ]
        triggers = [pgtrigger.Protect(name="published_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.path_text} v{self.number}"

    @property
    def is_sample(self) -> bool:
        """Whether the item must be labelled as a sample wherever it is shown."""
        return self.source != Source.OFFICIAL


class Responsibility(models.Model):
    """Version × area → units. The most specific area that has a row answers."""

    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="responsibilities")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="+")
    lead_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Lead unit"), related_name="+")
    co_units = models.ManyToManyField(Unit, verbose_name=_("Co-handling units"), related_name="+", blank=True)
    fallback_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Fallback unit"), related_name="+"
    )
    note = models.CharField(_("Note"), max_length=300, blank=True)

    objects = ResponsibilityQuerySet.as_manager()

    SCOPES = {"area": "area", "unit": "lead_unit"}

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [models.UniqueConstraint(fields=["version", "area"], name="responsibility_one_row_per_area")]
        triggers = [pgtrigger.Protect(name="published_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.version} · {self.area} → {self.lead_unit}"
