"""The duty list in the admin: for looking things up. It is changed by its own services."""

from django.contrib import admin

from grid.admin_scope import ReadOnlyAdmin

from .models import Item, ItemVersion, Responsibility


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    """Stable codes and whose list they are on."""

    list_display = ("code", "entry", "management_type", "owner_area")
    list_select_related = ("entry", "owner_area")
    list_filter = ("management_type",)
    search_fields = ("code", "entry__name")


@admin.register(ItemVersion)
class ItemVersionAdmin(ReadOnlyAdmin):
    """How items read, since when."""

    list_display = ("item", "number", "name", "effective_from", "is_retired", "source")
    list_select_related = ("item",)
    list_filter = ("source", "is_retired", "is_component")
    search_fields = ("item__code", "name", "path_text")
    show_full_result_count = False


@admin.register(Responsibility)
class ResponsibilityAdmin(ReadOnlyAdmin):
    """Who answers where."""

    list_display = ("version", "area", "lead_unit")
    list_select_related = ("version", "area", "lead_unit")
    search_fields = ("version__name", "area__name", "lead_unit__name")
    show_full_result_count = False
