"""Places: buildings and rooms by their house code, outlines of areas on the map, people at the posts of the grid."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid.choices import BuildingUse, ImportState, PlaceTable
from grid.querysets import BuildingQuerySet, ScopedQuerySet

from .areas import Area
from .staff import Staff
from .units import Unit


class Building(models.Model):
    """A building: the first 19 characters of the house codes in it (domain §5).

    `area` is its grid cell, sub-cell or, without cells, its community.
    """

    code = models.CharField(_("Building code"), max_length=19, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="buildings")
    use = models.CharField(_("Use"), max_length=12, choices=BuildingUse, default=BuildingUse.HOUSING)
    floors = models.PositiveSmallIntegerField(_("Floors"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    outline = models.JSONField(_("Outline"), null=True, blank=True)  # rings of [longitude, latitude], outer one first
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)
    # What a search finds it by: pairs of characters of name and address in the block of its community (grid/keys.py).
    keys = ArrayField(models.IntegerField(), default=list, editable=False)

    objects = BuildingQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="building_point_is_whole",
            )
        ]
        indexes = [
            GinIndex(fields=["keys"], name="building_keys"),
            models.Index(fields=["area", "code"], name="building_area_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room: the 25 characters of a whole house code."""

    code = models.CharField(_("House code"), max_length=25, unique=True)
    building = models.ForeignKey(Building, models.PROTECT, verbose_name=_("Building"), related_name="rooms")
    name = models.CharField(_("Room"), max_length=40)
    floor = models.SmallIntegerField(_("Floor"), null=True, blank=True)
    is_active = models.BooleanField(_("In use"), default=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "building__area"}

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.building} {self.name}"


class PlaceImport(models.Model):
    """One table of buildings or rooms that somebody brought, and what became of it: everything of it, or nothing."""

    table = models.CharField(_("Table"), max_length=10, choices=PlaceTable)
    name = models.CharField(_("File"), max_length=120)
    file = models.FileField(upload_to="places/", blank=True)  # until it is taken up
    source = models.CharField(_("Source"), max_length=120, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=ImportState, default=ImportState.ASKED)
    asked_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, verbose_name=_("Sent by"), related_name="place_imports"
    )
    asked_at = models.DateTimeField(_("Sent"))
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("Rows"), default=0)
    added = models.PositiveIntegerField(_("Rows added"), default=0)
    changed = models.PositiveIntegerField(_("Changed"), default=0)
    faulty = models.PositiveIntegerField(_("Faults"), default=0)
    faults = models.JSONField(default=list)  # the first of them: row, column, code of the fault, its facts

    class Meta:
        verbose_name = _("import of places")
        verbose_name_plural = _("imports of places")
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], condition=Q(state="asked"), name="place_import_asked")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class AreaOutline(models.Model):
    """Where an area lies: polygons of one import, replaced as a whole by the next one."""

    area = models.OneToOneField(Area, models.CASCADE, verbose_name=_("Area"), related_name="outline")
    polygons = models.JSONField(_("Polygons"))  # as GeoJSON's MultiPolygon has them
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(_("Source"), max_length=120, blank=True)
    imported_at = models.DateTimeField(_("Imported"))

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("outline of an area")
        verbose_name_plural = _("outlines of areas")

    def __str__(self) -> str:
        return str(self.area)


@pghistory.track(append_only=True)
class GridPost(models.Model):
    """A post in a cell or sub-cell and who holds it, e.g. 专职网格员, 楼栋长, 平安员."""

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="posts")
    title = models.CharField(_("Post held"), max_length=40)
    staff = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, verbose_name=_("Member of staff"), related_name="grid_posts"
    )
    person = models.CharField(_("Name"), max_length=40, blank=True)  # of somebody without an account
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("post", "Sent by"),
        related_name="grid_posts",
    )
    begins_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("grid post")
        verbose_name_plural = _("grid posts")
        ordering = ["area", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("begins_on")), name="post_ends_after_begin"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} · {self.title}"
