"""Accounts, roles, and who holds which role where."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from grid import services
from grid.admin_scope import ReadOnlyAdmin, ReadOnlyInline, ScopedAdmin
from grid.forms.administration import GrantForm, PasswordForm, RoleForm, StaffAddForm, StaffChangeForm, StepForm
from grid.models import Role, RoleGrant, Staff
from grid.services import NewStaff

from .steps import Step, SteppedAdmin


def _grant(staff: Staff, given: dict, **who) -> None:
    services.grant_role(staff.pk, given["role"].pk, given["unit"].pk, **who)


def _password(staff: Staff, given: dict, **who) -> None:
    services.set_password(staff.pk, given["password"], **who)


def _withdraw(grant: RoleGrant, given: dict, **who) -> None:
    services.withdraw_role(grant.pk, **who)


class GrantsInline(ReadOnlyInline):
    """The roles somebody holds, each with the way to withdraw it."""

    model = RoleGrant
    fields = readonly_fields = ("role", "unit", "granted_at", "granted_by", "withdraw")

    @display(description=_("Withdraw"))
    def withdraw(self, grant: RoleGrant) -> str:
        """Return the link to the step."""
        return format_html(
            '<a class="text-link" href="{}">{}</a>', reverse("admin:grid_rolegrant_withdraw", args=[grant.pk]),
            _("Withdraw"),
        )  # fmt: skip


@admin.register(Staff)
class StaffAdmin(SteppedAdmin):
    """Accounts of the administrator's territory."""

    list_display = ("username", "full_name", "unit", "post", "is_active", "last_login")
    list_filter = ("is_active",)
    list_select_related = ("unit",)
    search_fields = ("username", "last_name", "first_name", "post")
    ordering = ("username",)
    autocomplete_fields = ("unit",)
    inlines = (GrantsInline,)
    actions_detail = ("grant", "password")
    steps = {
        "grant": Step(_("Grant a role"), pgettext_lazy("role", "Grant"), _("The role is granted."), GrantForm, _grant),
        "password": Step(_("Set the password"), _("Set"), _("The password is set."), PasswordForm, _password),
    }

    @display(description=_("Full name"))
    def full_name(self, staff: Staff) -> str:
        """Return family name and given name."""
        return staff.get_full_name()

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form of a new account, or of an old one."""
        return super().get_form(request, obj, change, form=StaffChangeForm if obj else StaffAddForm, **kwargs)

    def get_fields(self, request, obj=None):
        """Return the fields in the order of a form on paper."""
        fields = ("username", "last_name", "first_name", "unit", "post", "email")
        return (*fields, "is_active") if obj else (*fields, "password")

    def get_readonly_fields(self, request, obj=None):
        """A user name stays what it is: the audit log names people by it."""
        return ("username",) if obj else ()

    def get_inlines(self, request, obj):
        """Roles are granted to an account that exists."""
        return self.inlines if obj else ()

    def write(self, obj: Staff, form, change, *, by, now) -> Staff:
        """Create or change the account."""
        given = form.cleaned_data
        unit = given.pop("unit")
        given["unit_id"] = unit.pk if unit else None
        if change:
            return services.change_staff(obj.pk, by=by, now=now, **given)
        return services.create_staff(NewStaff(**given), by=by, now=now)

    @action(description=_("Grant a role"))
    def grant(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "grant")

    @action(description=_("Set the password"))
    def password(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "password")


@admin.register(RoleGrant)
class RoleGrantAdmin(SteppedAdmin, ReadOnlyAdmin):
    """Who holds which role where; granted from the page of the account."""

    list_display = ("staff", "role", "unit", "granted_at", "granted_by")
    list_filter = ("role",)
    list_select_related = ("staff", "role", "unit")
    search_fields = ("staff__username", "staff__last_name", "unit__name")
    ordering = ("-granted_at", "-id")
    fields = ("staff", "role", "unit", "granted_at", "granted_by")
    actions_detail = ("withdraw",)
    steps = {
        "withdraw": Step(
            _("Withdraw the role"), _("Withdraw"), _("The role is withdrawn."), StepForm, _withdraw,
            _("What other roles allow at this unit stays allowed."),
        ),
    }  # fmt: skip

    def address_after(self, obj: RoleGrant) -> str:
        """Return the page of the person: the row is gone."""
        return reverse("admin:grid_staff_change", args=[obj.staff_id])

    @action(description=_("Withdraw"))
    def withdraw(self, request, object_id):
        """Take the step."""
        return self.take_step(request, object_id, "withdraw")


@admin.register(Role)
class RoleAdmin(ScopedAdmin):
    """What each role may do. Only the city's administrators change it, for everybody who holds it."""

    list_display = ("role_name", "code", "start_page", "edited")
    ordering = ("order", "code")
    form = RoleForm
    fields = ("code", "name", "name_en", "start_page", "edited", "acts")
    readonly_fields = ("code", "name", "name_en", "start_page", "edited")

    @display(description=_("Name"), ordering="order")
    def role_name(self, role: Role) -> str:
        """Return the name in the language of the page."""
        return role.label

    @display(description=_("Edited by hand"))
    def edited(self, role: Role) -> str:
        """Tell whether loading the file leaves the role alone."""
        return str(_("Yes, kept when roles are loaded again") if role.is_edited else _("No"))

    def has_add_permission(self, request, obj=None) -> bool:
        """Roles come from grid/data/roles.csv."""
        return False

    def write(self, obj: Role, form, change, *, by, now) -> Role:
        """Change the acts."""
        return services.set_role_acts(obj.pk, form.cleaned_data["acts"], by=by, now=now)
