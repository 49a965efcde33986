"""The list of all cases in sight."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from dispatch.filters import CaseFilters
from dispatch.tables import CaseTable
from grid.access import require_any
from grid.choices import Act
from intake.models import Case
from shenzhen_gov.core.lists import ListPage, Sort


class CaseList(ListPage):
    """Every case in one's territory, newest first."""

    title = gettext_lazy("All cases")
    filterset_class = CaseFilters
    table_class = CaseTable
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="registered_at"),
        Sort("oldest", gettext_lazy("Oldest first"), ("id",), column="registered_at"),
        Sort("due", gettext_lazy("Due first"), ("due_at", "id"), column="due_at"),
    )
    template_name = "dispatch/cases.html"
    row_css = "two"
    export_name = "cases"
    empty_text = gettext_lazy("No case in your territory yet")
    empty_hint = gettext_lazy("Cases appear here as soon as they are registered.")

    def check_access(self) -> None:
        """Open to whoever may see cases anywhere."""
        require_any(self.request.user, Act.VIEW_CASE, or_superuser=True)

    def get_queryset(self):
        """Return the cases in sight with what a row shows."""
        return (
            Case.objects.visible_to(self.request.user)
            .select_related("area", "item_version", "channel", "holder")
            .defer("content", "legacy", "item_version__criteria", "item_version__exclusions", "item_version__examples")
        )
