"""People, roles, and roles held at a unit."""

import pghistory
from django.contrib.auth.models import AbstractUser, Permission
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from .units import Unit


class Staff(AbstractUser):
    """A member of staff. What somebody may do is not here but in the roles granted at units."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("Unit"), related_name="staff")
    post = models.CharField(_("Post"), max_length=60, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def get_full_name(self) -> str:
        """Chinese order: family name first, no space."""
        return f"{self.last_name}{self.first_name}" or self.username


class Role(models.Model):
    """A named set of acts, e.g. 坐席; loaded from grid/data/roles.csv and editable."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    start_page = models.CharField(_("Start page"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    acts = models.ManyToManyField(Permission, verbose_name=_("Acts"), related_name="+")
    # load_roles leaves such a role alone, so that an upgrade does not undo what an administrator decided
    is_edited = models.BooleanField(_("Edited by hand"), default=False, editable=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


@pghistory.track(append_only=True)
class RoleGrant(models.Model):
    """A role somebody holds at a unit, and so for everything below it.

    The acts themselves are guardian object permissions on the unit (StaffUnitPermission), kept in step by
    grid.services; this row says why they are there.
    """

    staff = models.ForeignKey(Staff, models.CASCADE, verbose_name=_("member of staff"), related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, verbose_name=_("Role"), related_name="grants")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("Unit"), related_name="grants")
    granted_at = models.DateTimeField(_("Granted"))
    granted_by = models.CharField(_("Granted by"), max_length=120)

    SCOPES = {"unit": "unit"}

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [models.UniqueConstraint(fields=["staff", "role", "unit"], name="role_granted_once")]

    def __str__(self) -> str:
        return f"{self.staff} · {self.role} · {self.unit}"


class StaffUnitPermission(UserObjectPermissionBase):
    """guardian's permission row for a unit, with a real foreign key so that it joins and cascades."""

    content_object = models.ForeignKey(Unit, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("permission at a unit")
        verbose_name_plural = _("permissions at units")
