"""Seats and standard texts."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model

from grid.admin_scope import ScopedAdmin
from intake.models import Seat, StandardText
from intake.services import StandardTextRow, save_standard_text, set_seat


@admin.register(Seat)
class SeatAdmin(ScopedAdmin):
    """Who sits at which extension. Agents seat themselves on their desk; whoever sat there before is unseated."""

    list_display = ("extension", "staff")
    search_fields = ("extension", "staff__username")
    list_select_related = ("staff",)
    ordering = ("extension",)
    fields = ("staff", "extension")

    def get_readonly_fields(self, request, obj=None):
        """A seat is somebody's; only its extension changes."""
        return ("staff",) if obj else ()

    def write(self, obj: Seat, form, change, *, by, now) -> Model:
        """Seat the agent."""
        set_seat(obj.staff_id, obj.extension, by=by, now=now)
        return self.model.objects.get(staff=obj.staff_id)


@admin.register(StandardText)
class StandardTextAdmin(ScopedAdmin):
    """Texts agents call up while they write. A text is taken out of use, never deleted."""

    list_display = ("title", "code", "kind", "order", "is_active", "source")
    list_filter = ("kind", "is_active")
    search_fields = ("title", "code", "text")
    ordering = ("kind", "order", "code")
    fields = ("code", "kind", "title", "text", "order", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The code is how the file knows a text again."""
        return ("code",) if obj else ()

    def write(self, obj: StandardText, form, change, *, by, now) -> StandardText:
        """Save the text."""
        return save_standard_text(StandardTextRow(**{name: getattr(obj, name) for name in self.fields}), by=by, now=now)
