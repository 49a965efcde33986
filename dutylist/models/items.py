"""The duty list: catalogue entries, items, their versions, and who is responsible where.

A published version is never changed: a new version takes over from its `effective_from` on. The end of a version is the
start of the next, so no overlap can be stored; of two versions of one day the one with the higher number holds. The
database itself refuses to change or delete a version. What is not published yet is a line of a batch (batches.py).
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dutylist.choices import DutyLevel, Implementation, LimitUnit, ManagementType, MatterType, Source
from dutylist.querysets import ItemQuerySet, ItemVersionQuerySet, ResponsibilityQuerySet
from grid.models import Area, Unit


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
    """事项: a stable code that versions hang on. `owner_area` says whose list it is on.

    An item that `narrows` another is its overlay in `owner_area`: what its version leaves empty is inherited.
    """

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    entry = models.ForeignKey(CatalogueEntry, models.PROTECT, verbose_name=_("Catalogue entry"), related_name="items")
    management_type = models.CharField(
        _("Management type"), max_length=1, choices=ManagementType, default=ManagementType.CITY
    )
    owner_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("List of"), related_name="+")
    narrows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Narrows"), related_name="overlays"
    )
    objects = ItemQuerySet.as_manager()

    SCOPES = {"area": "owner_area"}

    class Meta:
        verbose_name = _("duty item")
        verbose_name_plural = _("duty items")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["narrows", "owner_area"], name="item_one_overlay_per_area"),
            # two districts may each have a matter of their own by one name, without knowing of each other
            models.UniqueConstraint(
                fields=["entry", "owner_area"], condition=Q(narrows=None), name="item_once_per_entry_and_list"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """How an item reads from `effective_from` on.

    `rows_from` is the earlier version whose responsibility rows still hold; empty: the version has its own.
    `successors` and `confusable` are item codes: codes are stable, and a link belongs to the version that made it.
    """

    # No index of their own for `item` here and `version` below: the unique ones begin with them, and answer faster.
    item = models.ForeignKey(Item, models.PROTECT, related_name="versions", db_index=False)
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
    duty_level = models.CharField(_("Level of the matter"), max_length=12, choices=DutyLevel, blank=True)
    origin = models.CharField(_("Origin of the matter"), max_length=60, blank=True)
    matter_type = models.CharField(_("Type of matter"), max_length=12, choices=MatterType, blank=True)
    implementation = models.CharField(_("Way of implementation"), max_length=12, choices=Implementation, blank=True)
    target = models.CharField(_("Whom it concerns"), max_length=120, blank=True)
    lead_office = models.CharField(_("Office inside the lead unit"), max_length=120, blank=True)
    lead_duties = models.TextField(_("Duties of the lead unit"), blank=True)
    co_duties = models.TextField(_("Duties of the co-handling units"), blank=True)
    procedure = models.TextField(_("Procedure"), blank=True)
    assessment = models.TextField(_("Assessment"), blank=True)
    remark = models.TextField(_("Remark"), blank=True)
    limit_very_urgent = models.PositiveIntegerField(_("Limit, very urgent"), null=True, blank=True)
    contact_hours = models.PositiveIntegerField(_("First contact within hours"), null=True, blank=True)
    is_key = models.BooleanField(_("Key item"), default=False)
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("Tags"))
    confusable = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("Easily confused with")
    )
    successors = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("Superseded by"))
    source = models.CharField(_("Source"), max_length=10, choices=Source)
    rows_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    batch = models.ForeignKey(
        "dutylist.Batch", models.PROTECT, null=True, blank=True, verbose_name=_("Batch"), related_name="versions"
    )
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)

    objects = ItemVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a duty item")
        verbose_name_plural = _("versions of duty items")
        ordering = ["item", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_once"),
            models.CheckConstraint(
                condition=Q(limit_urgent__isnull=True) | Q(limit_normal__isnull=False), name="item_urgent_needs_normal"
            ),
        ]
        indexes = [
            models.Index(fields=["item", "-effective_from", "-number"], name="item_version_in_time"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="item_version_of_batch"),
        ]
        triggers = [pgtrigger.Protect(name="published_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.path_text} v{self.number}"

    @property
    def rows_id(self) -> int:
        """Return the id of the version whose responsibility rows hold for this one."""
        return self.rows_from_id or self.pk

    @property
    def is_sample(self) -> bool:
        """Whether the item must be labelled as a sample wherever it is shown."""
        return self.source != Source.OFFICIAL


class Responsibility(models.Model):
    """Version × area → units. The most specific area that has a row answers."""

    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="responsibilities", db_index=False)
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
