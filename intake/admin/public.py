"""What the pages without log-in are made of: screening words, themes of the enterprise zone."""

from __future__ import annotations

from django.contrib import admin

from grid.admin_scope import ScopedAdmin
from intake.models import ScreeningWord, Theme
from intake.services import ScreeningRow, ThemeRow, save_screening_word, save_theme


@admin.register(ScreeningWord)
class ScreeningWordAdmin(ScopedAdmin):
    """Words that put a request before a person. A word is taken out of use, never deleted."""

    list_display = ("word", "reason", "is_active", "source")
    list_filter = ("is_active", "reason")
    search_fields = ("word", "reason")
    fields = ("word", "reason", "source", "is_active")

    def get_readonly_fields(self, request, obj=None):
        """The word is what the row is found by."""
        return ("word",) if obj else ()

    def write(self, obj: ScreeningWord, form, change, *, by, now) -> ScreeningWord:
        """Save the word."""
        return save_screening_word(ScreeningRow(obj.word, obj.reason, obj.source, obj.is_active), by=by, now=now)


@admin.register(Theme)
class ThemeAdmin(ScopedAdmin):
    """Themes and the items they lead to."""

    list_display = ("name", "name_en", "code", "order", "is_active", "source")
    list_filter = ("is_active",)
    search_fields = ("name", "name_en", "code")
    ordering = ("order", "code")
    fields = ("code", "name", "name_en", "intro", "intro_en", "items", "order", "source", "is_active")
    autocomplete_fields = ("items",)

    def get_readonly_fields(self, request, obj=None):
        """The code stands in the address of the page."""
        return ("code",) if obj else ()

    def write(self, obj: Theme, form, change, *, by, now) -> Theme:
        """Save the theme with its items."""
        given = {name: getattr(obj, name) for name in self.fields if name != "items"}
        items = tuple(item.pk for item in form.cleaned_data.get("items", ()))
        return save_theme(ThemeRow(**given, items=items), by=by, now=now)
