"""Kinds of rounds. Plans are made on their own pages, by who plans the grid's work."""

from __future__ import annotations

from django.contrib import admin

from grid.admin_scope import ScopedAdmin
from grid.models import RoundKind
from grid.services import KindRow, save_round_kind


@admin.register(RoundKind)
class RoundKindAdmin(ScopedAdmin):
    """What rounds look after, with the check list new plans begin with. One is taken out of use, never deleted."""

    list_display = ("name", "name_en", "order", "is_active", "source")
    list_filter = ("is_active",)
    search_fields = ("code", "name", "name_en")
    ordering = ("order", "code")
    fields = ("code", "name", "name_en", "check_list", "order", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The code is what a file brings the kind in line by."""
        return ("code",) if obj else ()

    def write(self, obj: RoundKind, form, change, *, by, now) -> RoundKind:
        """Save the kind."""
        return save_round_kind(KindRow(**{name: getattr(obj, name) for name in self.fields}), by=by, now=now)
