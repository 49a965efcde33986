"""What suggestions know beside the cases: names of places, and words that speak for an urgency or a kind."""

from __future__ import annotations

from django.contrib import admin

from grid.admin_scope import ScopedAdmin
from intake.models import HintWord, PlaceName
from intake.services.hint_words import HintRow, save_hint_word
from intake.services.place_names import PlaceNameRow, save_place_name


@admin.register(PlaceName)
class PlaceNameAdmin(ScopedAdmin):
    """Names of places. One is taken out of use, never deleted; many at once come in by `load_place_names`."""

    list_display = ("name", "kind", "area", "source", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("area",)
    search_fields = ("name", "area__name")
    autocomplete_fields = ("area",)
    ordering = ("name", "area")
    fields = ("name", "kind", "area", "source", "is_active")
    show_full_result_count = False

    def write(self, obj: PlaceName, form, change, *, by, now) -> PlaceName:
        """Save the name."""
        row = PlaceNameRow(obj.name.strip(), obj.kind, obj.area_id, obj.source, obj.is_active)
        return save_place_name(row, place_id=obj.pk, by=by, now=now)


@admin.register(HintWord)
class HintWordAdmin(ScopedAdmin):
    """Words that speak for an urgency or a kind of request. The desk offers what they say and sets nothing itself."""

    list_display = ("word", "kind", "value", "weight", "source", "is_active")
    list_filter = ("kind", "value", "is_active")
    search_fields = ("word",)
    ordering = ("kind", "value", "word")
    fields = ("word", "kind", "value", "weight", "source", "is_active")

    def write(self, obj: HintWord, form, change, *, by, now) -> HintWord:
        """Save the word."""
        row = HintRow(**{name: getattr(obj, name) for name in self.fields})
        return save_hint_word(row, word_id=obj.pk, by=by, now=now)
