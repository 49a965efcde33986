"""Analytics in the admin: schemes of the assessment, grounds for exclusions, keys to figures."""

from __future__ import annotations

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.admin_scope import ReadOnlyAdmin, ScopedAdmin
from grid.choices import Level
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .models import AssessmentScheme, ExclusionGround, FeedKey, Indicator
from .services import create_feed_key, revoke_feed_key
from .services.ledger import GroundRow, SchemeRow, add_scheme, save_ground


@admin.register(AssessmentScheme)
class AssessmentSchemeAdmin(ScopedAdmin):
    """Assessment schemes. One is never changed, but followed by a later one of the same code."""

    list_display = ("name", "code", "place", "level", "unit_kind", "minimum", "effective_from", "source", "is_sample")
    list_filter = ("place", "level", "is_sample")
    search_fields = ("name", "name_en", "code")
    fields = (
        *("code", "name", "name_en", "place", "level", "unit_kind", "weights", "counted_by", "minimum"),
        *("order", "effective_from", "source", "is_sample"),
    )

    def has_change_permission(self, request, obj=None) -> bool:
        """What is there stays as it is."""
        return obj is None and super().has_change_permission(request, obj)

    def write(self, obj: AssessmentScheme, form, change, *, by, now) -> AssessmentScheme:
        """Enter the scheme."""
        return add_scheme(SchemeRow(**{name: getattr(obj, name) for name in self.fields}), by=by, now=now)


@admin.register(ExclusionGround)
class ExclusionGroundAdmin(ScopedAdmin):
    """Grounds for exclusions. One is taken out of use, never deleted: requests name it."""

    list_display = ("name", "name_en", "code", "is_active", "source")
    list_filter = ("is_active",)
    search_fields = ("name", "name_en", "code")
    fields = ("code", "name", "name_en", "order", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The code stands in the audit log."""
        return ("code",) if obj else ()

    def write(self, obj: ExclusionGround, form, change, *, by, now) -> ExclusionGround:
        """Save the ground."""
        return save_ground(GroundRow(**{name: getattr(obj, name) for name in self.fields}), by=by, now=now)


@admin.register(FeedKey)
class FeedKeyAdmin(ScopedAdmin):
    """Keys to figures: made here and shown once, revoked here, never changed."""

    list_display = ("name", "area", "prefix", "created_at", "created_by", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("area",)
    ordering = ("-created_at",)
    fields = ("name", "area")
    actions = ("revoke",)

    def get_readonly_fields(self, request, obj=None):
        """A key that exists is only looked at."""
        return self.list_display if obj else ()

    def get_fields(self, request, obj=None):
        """Return what a new key needs, or what there is to see of an old one."""
        return self.list_display if obj else self.fields

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer city, districts and subdistricts: a screen of a community has its pages."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(level__lte=Level.SUBDISTRICT)
        return field

    def write(self, obj: FeedKey, form, change, *, by, now) -> FeedKey:
        """Make the key and show it this once."""
        key, text = create_feed_key(obj.area_id, obj.name, by=by, now=now)
        words = _("The key to %(area)s for %(name)s, shown this once: %(key)s")
        messages.warning(form.request, words % {"area": key.area, "name": key.name, "key": text})
        return key

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form, which knows whom the key is shown to."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        return form

    @admin.action(description=gettext_lazy("Revoke the chosen keys"))
    def revoke(self, request, queryset):
        """End keys at once."""
        for key in queryset:
            try:
                revoke_feed_key(key.pk, by=Actor.staff(request.user), now=timezone.now())
                messages.success(request, _("%(key)s is revoked.") % {"key": key})
            except Refused as refusal:
                messages.error(request, f"{key}: {refusal}")


@admin.register(Indicator)
class IndicatorAdmin(ReadOnlyAdmin):
    """The catalogue of indicators. New versions are published on the page of an indicator."""

    list_display = ("name", "code", "group", "owner", "order", "is_active")
    list_filter = ("group", "is_active")
    search_fields = ("name", "name_en", "code")
    fields = ("code", "group", "name", "name_en", "order", "owner", "is_active")

    def view_on_site(self, obj: Indicator) -> str:
        """Lead to the page where versions are published."""
        return reverse("analytics:indicator", args=[obj.code])
