"""Connectors to other registers, and who looked up what. A connector is taken out of use, never deleted."""

from __future__ import annotations

from django.contrib import admin

from grid.admin_scope import ScopedAdmin
from intake.models import LookupConnector
from intake.services.connectors import ConnectorRow, save_lookup_connector


@admin.register(LookupConnector)
class LookupConnectorAdmin(ScopedAdmin):
    """Where a register is, which key signs, what of its answer is shown."""

    list_display = ("name", "name_en", "code", "kind", "url", "is_active", "source")
    list_filter = ("is_active", "kind")
    search_fields = ("name", "name_en", "code")
    ordering = ("kind", "code")
    fields = ("code", "name", "name_en", "kind", "url", "key_name", "shown", "seconds", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The code stands in the history of look-ups."""
        return ("code",) if obj else ()

    def write(self, obj: LookupConnector, form, change, *, by, now) -> LookupConnector:
        """Save the connector."""
        row = ConnectorRow(**{name: getattr(obj, name) for name in self.fields})
        return save_lookup_connector(row, by=by, now=now)
