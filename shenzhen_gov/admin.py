"""Admin pages of the mechanisms, and what packages put there that the portal does not use."""

from django.contrib import admin

from grid.admin_scope import ReadOnlyAdmin
from shenzhen_gov.core.models import CalendarDay, CalendarYear


@admin.register(CalendarYear)
class CalendarYearAdmin(ReadOnlyAdmin):
    """Years of the holiday table; they come from a file (load_calendar), never from a form."""

    list_display = ("year", "complete", "provisional", "loaded_at", "source")


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnlyAdmin):
    """Holidays and made-up working days."""

    list_display = ("date", "kind", "name", "source")
    list_filter = ("kind",)
    date_hierarchy = "date"
