"""Reasons for refusing. One is taken out of use, never deleted: refusals name it."""

from __future__ import annotations

from django.contrib import admin

from grid.admin_scope import ScopedAdmin
from intake.models import RefusalReason
from intake.services.refusal_reasons import ReasonRow, save_refusal_reason


@admin.register(RefusalReason)
class RefusalReasonAdmin(ScopedAdmin):
    """Why a request may be refused, and what the citizen is told."""

    list_display = ("name", "name_en", "code", "told", "is_active", "source")
    list_filter = ("is_active",)
    search_fields = ("name", "name_en", "code", "told")
    ordering = ("order", "code")
    fields = ("code", "name", "name_en", "told", "order", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The code stands in the history of cases."""
        return ("code",) if obj else ()

    def write(self, obj: RefusalReason, form, change, *, by, now) -> RefusalReason:
        """Save the reason."""
        return save_refusal_reason(ReasonRow(**{name: getattr(obj, name) for name in self.fields}), by=by, now=now)
