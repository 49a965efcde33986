"""Areas are looked up here; they are changed by loading a file (`manage.py load_areas`)."""

from django.contrib import admin
from unfold.decorators import display

from grid.admin_scope import ReadOnlyAdmin
from grid.models import Area


@admin.register(Area)
class AreaAdmin(ReadOnlyAdmin):
    """The territory in the order of the official codes."""

    list_display = ("short_name", "code", "level", "kind", "parent", "in_use")
    list_filter = ("level", "kind", "is_active")
    list_select_related = ("parent",)
    search_fields = ("short_name", "name", "code")
    ordering = ("code",)
    fields = ("code", "name", "short_name", "level", "kind", "parent", "source", "is_active")

    @display(description=Area._meta.get_field("is_active").verbose_name, boolean=True)
    def in_use(self, area: Area) -> bool:
        """Whether the area is in use."""
        return area.is_active
