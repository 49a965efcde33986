"""What every admin page of the portal shares: only what one may see, and writes that go through services.

`ScopedAdmin` narrows the list, the drop-downs of foreign keys and the filters beside the list to the territory of the
signed-in administrator. Pages are offered to superusers and to whoever holds the administrator's act; changing a row
needs that act at the row. A service's refusal comes back as an error of the form, at its field.
"""

from __future__ import annotations

from django.contrib.admin import RelatedFieldListFilter
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin, TabularInline

from grid import access
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused


def may_administer(user) -> bool:
    """Whether the admin pages are offered to `user` at all."""
    return user.is_active and (user.is_superuser or access.holds(user, Act.MANAGE_SYSTEM))


def narrowed(queryset, user):
    """Narrow a queryset to what `user` may see, where its model says where its rows lie."""
    return access.visible_to(queryset, user) if hasattr(queryset.model, "SCOPES") else queryset


class ScopedFilter(RelatedFieldListFilter):
    """A filter beside the list whose choices are narrowed like the list."""

    def field_choices(self, field, request, model_admin):
        """Return (id, text) of the related rows in sight."""
        rows = narrowed(field.related_model._default_manager.all(), request.user)
        return [(row.pk, str(row)) for row in rows]


class ScopedPermissions:
    """Who may see and change the rows of one model in the admin."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the app appears in the navigation."""
        return may_administer(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the list (obj None) or one row may be seen."""
        if not may_administer(request.user):
            return False
        return obj is None or not hasattr(obj, "SCOPES") or access.can_see(request.user, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether rows may be added; the service decides for the very row."""
        return may_administer(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether rows (obj None) or one row may be changed."""
        if obj is None:
            return may_administer(request.user)
        return access.administers(Actor.staff(request.user), obj if hasattr(obj, "SCOPES") else None)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted: history needs it. An admin page whose rows may go says so itself."""
        return False


class ScopedAdmin(ScopedPermissions, ModelAdmin):
    """An admin page that shows and offers only what lies in the administrator's territory."""

    actions_detail_hide_default = True  # Django's own history knows nothing of the services; the audit log does

    def get_queryset(self, request: HttpRequest):
        """Return the rows in sight."""
        return narrowed(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer only related rows in sight."""
        kwargs["queryset"] = self._offered(db_field, request, kwargs.get("queryset"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer only related rows in sight."""
        kwargs["queryset"] = self._offered(db_field, request, kwargs.get("queryset"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _offered(self, db_field, request, queryset):
        offered = queryset if queryset is not None else db_field.related_model._default_manager.all()
        return narrowed(offered, request.user)

    def get_list_filter(self, request: HttpRequest):
        """Give every filter over a scoped model the narrowed choices."""
        return [self._narrowed_filter(entry) for entry in super().get_list_filter(request)]

    def _narrowed_filter(self, entry):
        if not isinstance(entry, str):
            return entry
        field = get_fields_from_path(self.model, entry)[-1]
        return (entry, ScopedFilter) if hasattr(field.related_model or object, "SCOPES") else entry

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Answer what lies outside like what does not exist: 404, where Django would go to the start page."""
        raise Http404(_("Not found."))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show a service's refusal as an error of the form; what was typed stays, and nothing was written."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (NotAllowed, OutOfSight):
            raise
        except Refused as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form; after a refusal one that carries it."""
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return with_refusal(form, refusal) if refusal else form

    def save_model(self, request, obj, form, change) -> None:
        """Write by the page's service (`write`), never by the model; the page shows what the service returned."""
        written = self.write(obj, form, change, by=Actor.staff(request.user), now=timezone.now())
        obj.__dict__.update(written.__dict__)

    def save_related(self, request, form, formsets, change) -> None:
        """Leave related rows to the service."""

    def construct_change_message(self, request, form, formsets, add=False):
        """Tell what the form changed; the rows below it were not written here."""
        return super().construct_change_message(request, form, [], add)

    def write(self, obj, form, change, *, by: Actor, now) -> Model:
        """Call the service and return the row. A page that says nothing else cannot be saved."""
        raise Refused(_("This page is for reading only."))


class ReadOnlyAdmin(ScopedAdmin):
    """An admin page for looking things up."""

    def has_add_permission(self, request, obj=None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """No."""
        return False


class ReadOnlyInline(TabularInline):
    """Related rows shown below a form; they are changed by steps of their own."""

    extra = 0
    hide_title = True
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request, obj=None) -> bool:
        """Whoever sees the page sees them."""
        return True

    def has_add_permission(self, request, obj=None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """No."""
        return False


def with_refusal(form_class, refusal: Refused):
    """Return a subclass of `form_class` that is invalid for the reason of `refusal`, at the field it names."""

    class RefusedForm(form_class):
        def clean(self):
            cleaned = super().clean()
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, str(refusal))
            return cleaned

    return RefusedForm
