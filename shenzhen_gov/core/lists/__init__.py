"""List pages: a page is a few attributes (rows, filters, columns, named sorts); paging, counting and export come along.

Example::

    class UnitList(ListPage):
        title = _("Units")
        filterset_class = UnitFilters  # django-filter
        table_class = UnitTable  # django-tables2
        sorts = (Sort("name", _("Name"), ("name", "id"), column="name"),)

        def get_queryset(self):
            return Unit.objects.visible_to(self.request.user).select_related("parent")
"""

from .counting import Count, capped, capped_count
from .export import EXPORT_LIMIT, export_response
from .keyset import BadCursor, Page, Sort, page_of
from .views import ListPage

__all__ = [
    "EXPORT_LIMIT",
    "BadCursor",
    "Count",
    "ListPage",
    "Page",
    "Sort",
    "capped",
    "capped_count",
    "export_response",
    "page_of",
]
