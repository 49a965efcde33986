"""Analytics in the admin: schemes of the assessment and grounds for exclusions."""

from __future__ import annotations

from django.contrib import admin

from grid.admin_scope import ScopedAdmin

from .models import AssessmentScheme, ExclusionGround
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
