"""Dispatch in the admin: for looking things up. Cases are worked on at the desks."""

from django.contrib import admin

from grid.admin_scope import ReadOnlyAdmin

from .models import ClockRule, DutyGap


@admin.register(ClockRule)
class ClockRuleAdmin(ReadOnlyAdmin):
    """Time limits, each with the rule it comes from. `load_clock_rules` adds later ones."""

    list_display = ("kind", "request_type", "urgency", "channel", "amount", "unit", "effective_from", "source")
    list_filter = ("kind", "urgency", "request_type")
    list_select_related = ("channel",)


@admin.register(DutyGap)
class DutyGapAdmin(ReadOnlyAdmin):
    """Holes of the duty list that cases fell into."""

    list_display = ("item", "area", "cases", "first_seen_at", "last_seen_at")
    list_select_related = ("item", "area")
    search_fields = ("item__code", "area__name")
