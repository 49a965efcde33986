"""Kinds of service sites and of community tasks. The registers themselves are kept on their own pages."""

from __future__ import annotations

from django.contrib import admin

from grid.admin_scope import ScopedAdmin
from grid.models import PartyKind
from grid.services.party.kinds import PartyKindRow, save_party_kind


@admin.register(PartyKind)
class PartyKindAdmin(ScopedAdmin):
    """What sites and tasks can be, since when and by which source. One is taken out of use, never deleted."""

    list_display = ("name", "name_en", "of", "order", "effective_from", "is_active", "source")
    list_filter = ("of", "is_active")
    search_fields = ("code", "name", "name_en")
    ordering = ("of", "order", "code")
    fields = ("code", "of", "name", "name_en", "order", "effective_from", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The code is what a file brings the kind in line by; a kind stays with its register."""
        return ("code", "of") if obj else ()

    def write(self, obj: PartyKind, form, change, *, by, now) -> PartyKind:
        """Save the kind."""
        return save_party_kind(PartyKindRow(**{name: getattr(obj, name) for name in self.fields}), by=by, now=now)
