"""Rentals 出租屋: grading schemes as data, rentals with their grades, visits and the plan, the people, protected."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.choices import CriterionGroup, GradeReason, LevelTone, RentalKind, TenancyRole
from grid.querysets import RentalQuerySet, ScopedQuerySet
from shenzhen_gov.core.crypto import EncryptedTextField
from shenzhen_gov.core.masking import mask_name, mask_phone

from .areas import Area
from .places import Building, Room
from .staff import Staff


class GradeScheme(models.Model):
    """How a district grades its rentals from a day on; a new version is a new scheme with a later day."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=80)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("District"), related_name="grade_schemes")
    effective_from = models.DateField(_("In force from"))
    source = models.CharField(_("Source"), max_length=200)
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("grading scheme")
        verbose_name_plural = _("grading schemes")
        ordering = ["area", "-effective_from"]
        constraints = [models.UniqueConstraint(fields=["area", "effective_from"], name="grade_scheme_one_a_day")]

    def __str__(self) -> str:
        return self.name


class GradeLevel(models.Model):
    """One level of a scheme, e.g. 黄 严管: from how many points, how often visited, whether letting is forbidden."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    scheme = models.ForeignKey(GradeScheme, models.CASCADE, verbose_name=_("Scheme"), related_name="levels")
    name = models.CharField(_("Name"), max_length=40)
    colour = models.CharField(_("Colour word"), max_length=10, blank=True)
    tone = models.CharField(_("Tone"), max_length=4, choices=LevelTone, default=LevelTone.OK)
    from_points = models.PositiveSmallIntegerField(_("From points"))
    visit_every_days = models.PositiveSmallIntegerField(_("Visited every … days"), null=True, blank=True)
    is_forbidden = models.BooleanField(_("Letting forbidden"), default=False)

    class Meta:
        verbose_name = _("grade level")
        verbose_name_plural = _("grade levels")
        ordering = ["scheme", "from_points"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "from_points"], name="grade_level_points_once"),
            models.CheckConstraint(
                condition=Q(visit_every_days__isnull=True) | Q(visit_every_days__gte=1),
                name="grade_level_days_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the colour word, where the scheme has one, and the name, e.g. 黄 · 严管."""
        return f"{self.colour} · {self.name}" if self.colour else self.name


class GradeCriterion(models.Model):
    """What a visitor looks for: it weighs points, and may by itself put a rental at a level or a worse one."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    scheme = models.ForeignKey(GradeScheme, models.CASCADE, verbose_name=_("Scheme"), related_name="criteria")
    group = models.CharField(_("Group"), max_length=10, choices=CriterionGroup)
    text = models.CharField(_("Criterion"), max_length=200)
    points = models.PositiveSmallIntegerField(_("Points"))
    at_least = models.ForeignKey(
        GradeLevel, models.CASCADE, null=True, blank=True, verbose_name=_("At least this level"), related_name="+"
    )
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("grading criterion")
        verbose_name_plural = _("grading criteria")
        ordering = ["scheme", "group", "-points", "code"]

    def __str__(self) -> str:
        return self.text


class Rental(models.Model):
    """A building, a room or a small place that is let. It lies where its building lies."""

    building = models.ForeignKey(Building, models.PROTECT, verbose_name=_("Building"), related_name="rentals")
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, verbose_name=_("Room"), related_name="+")
    kind = models.CharField(_("Kind"), max_length=10, choices=RentalKind)
    name = models.CharField(_("Name"), max_length=120)
    level = models.ForeignKey(GradeLevel, models.PROTECT, null=True, verbose_name=_("Grade"), related_name="rentals")
    points = models.PositiveSmallIntegerField(_("Points"), default=0)
    last_visit_on = models.DateField(_("Last visit"), null=True)
    due_on = models.DateField(_("Next visit due"), null=True)  # empty: its level is not visited
    planned_on = models.DateField(_("Planned for"), null=True)
    planned_for = models.ForeignKey(
        Staff, models.SET_NULL, null=True, verbose_name=_("Planned visitor"), related_name="+"
    )
    is_active = models.BooleanField(_("Let"), default=True)
    row_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("Registered"))

    objects = RentalQuerySet.as_manager()

    SCOPES = {"area": "building__area"}

    class Meta:
        verbose_name = _("rental")
        verbose_name_plural = _("rentals")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(is_active=True), name="rental_due"),
            models.Index(fields=["planned_on", "id"], condition=Q(is_active=True), name="rental_planned"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "room", "kind", "name"], nulls_distinct=False, name="rental_once"
            ),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(planned_for__isnull=True), name="rental_planned_with_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def house_code(self) -> str:
        """Return the code of the room, or of the building."""
        return self.room.code if self.room else self.building.code


class RentalVisit(models.Model):
    """One visit: what was found, as the scheme worded and weighed it on that day. Kept as it was written."""

    rental = models.ForeignKey(Rental, models.PROTECT, related_name="visits")
    visited_at = models.DateTimeField(_("Visited"))
    due_on = models.DateField(_("Was due"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("Visitor"), max_length=120)
    found = models.JSONField(_("Found"), default=list)  # [{"code", "group", "text", "points"}]
    notes = models.CharField(_("Notes"), max_length=500, blank=True)
    points = models.PositiveSmallIntegerField(_("Points"))
    level = models.ForeignKey(GradeLevel, models.PROTECT, verbose_name=_("Grade"), related_name="+")

    SCOPES = {"area": "rental__building__area"}

    class Meta:
        verbose_name = _("visit of a rental")
        verbose_name_plural = _("visits of rentals")
        ordering = ["-id"]
        indexes = [models.Index(fields=["rental", "-id"], name="rental_visit_newest")]
        triggers = [pgtrigger.Protect(name="visit_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.rental} {self.visited_at:%Y-%m-%d}"


def stored_photo(photo, _filename: str) -> str:
    """Return where a photo is stored: by rental and content hash, never under the name it came with."""
    return f"rentals/{photo.visit.rental_id % 1000:03d}/{photo.visit.rental_id}/{photo.sha256}"


class VisitPhoto(models.Model):
    """A photo of a visit, freed of what the camera wrote into it; shown to whoever sees the rental."""

    visit = models.ForeignKey(RentalVisit, models.PROTECT, related_name="photos")
    file = models.FileField(_("File"), upload_to=stored_photo)
    name = models.CharField(_("Name"), max_length=120)
    content_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "visit__rental__building__area"}

    class Meta:
        verbose_name = _("photo of a visit")
        verbose_name_plural = _("photos of visits")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class RentalGrade(models.Model):
    """One entry of a rental's history of grades, with what led to it. Only ever added to."""

    rental = models.ForeignKey(Rental, models.PROTECT, related_name="grades")
    before = models.ForeignKey(GradeLevel, models.PROTECT, null=True, verbose_name=_("Before"), related_name="+")
    level = models.ForeignKey(GradeLevel, models.PROTECT, verbose_name=_("Grade"), related_name="+")
    points = models.PositiveSmallIntegerField(_("Points"))
    why = models.CharField(_("Why"), max_length=10, choices=GradeReason)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)
    about = models.CharField(_("Number of the case"), max_length=60, blank=True)
    visit = models.OneToOneField(RentalVisit, models.PROTECT, null=True, related_name="grade")
    graded_at = models.DateTimeField(_("Graded"))
    graded_by = models.CharField(_("Graded by"), max_length=120)

    SCOPES = {"area": "rental__building__area"}

    class Meta:
        verbose_name = _("grade of a rental")
        verbose_name_plural = _("grades of rentals")
        ordering = ["-id"]
        indexes = [models.Index(fields=["rental", "-id"], name="rental_grade_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["rental", "about"], condition=~Q(about=""), name="rental_graded_once_a_case"
            )
        ]
        triggers = [pgtrigger.Protect(name="grade_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.rental} {self.level}"


class RentalPerson(models.Model):
    """An owner or a tenant, encrypted like callers; who leaves is removed, for nothing needs the person any longer."""

    rental = models.ForeignKey(Rental, models.PROTECT, related_name="people")
    role = models.CharField(_("Role"), max_length=10, choices=TenancyRole)
    name = EncryptedTextField(_("Name"))
    phone = EncryptedTextField(_("Phone"), blank=True)
    identity_number = EncryptedTextField(_("Identity number"), blank=True)
    added_at = models.DateTimeField(_("Added"))
    added_by = models.CharField(_("Added by"), max_length=120)

    SCOPES = {"area": "rental__building__area"}

    class Meta:
        verbose_name = _("person of a rental")
        verbose_name_plural = _("people of rentals")
        ordering = ["role", "id"]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def masked_name(self) -> str:
        """Return the name as every page shows it, e.g. 陈**."""
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        """Return the phone number as every page shows it, e.g. 139****1234."""
        return mask_phone(self.phone)


class RentalLook(models.Model):
    """Somebody said what the owner and the tenants are needed for, and may see them for a while."""

    rental = models.ForeignKey(Rental, models.PROTECT, related_name="looks")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(_("Purpose"), max_length=200)
    asked_at = models.DateTimeField(_("Asked"))
    visible_until = models.DateTimeField(_("Visible until"))

    class Meta:
        verbose_name = _("look at the people of a rental")
        verbose_name_plural = _("looks at the people of rentals")
        ordering = ["-id"]
        indexes = [models.Index(fields=["rental", "staff", "-visible_until"], name="rental_look_newest")]

    def __str__(self) -> str:
        return f"{self.rental} {self.staff}"


class VisitPlan(models.Model):
    """The plan of one community: made anew every day, and at once when `made_on` is emptied."""

    area = models.OneToOneField(Area, models.PROTECT, verbose_name=_("Community"), related_name="visit_plan")
    made_on = models.DateField(_("Made on"), null=True, db_index=True)
    made_at = models.DateTimeField(_("Made"), null=True)
    planned = models.PositiveIntegerField(_("Visits planned"), default=0)
    without_visitor = models.PositiveIntegerField(_("Without a visitor"), default=0)

    objects = ScopedQuerySet.as_manager()

    SCOPES = {"area": "area"}

    class Meta:
        verbose_name = _("visit plan")
        verbose_name_plural = _("visit plans")

    def __str__(self) -> str:
        return str(self.area)
