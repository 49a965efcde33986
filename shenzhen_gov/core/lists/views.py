"""The generic list page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from shenzhen_gov.core.exceptions import BadInput

from .background import offer_background
from .cells import lines
from .counting import Count, capped_count
from .export import TooManyRows, export_response, rows_of
from .keyset import Page, Sort, page_of

PAGE_SIZES = (20, 50, 100)


class ListPage(LoginRequiredMixin, View):
    """A list with filters, named sorts, keyset pages and an Excel export. Subclasses set the attributes.

    `get_queryset` returns rows already narrowed to what the user may see; `check_access` raises NotAllowed.
    """

    http_method_names = ["get", "head", "options"]
    title: str | Promise = ""
    filterset_class: type | None = None
    table_class: type
    sorts: tuple[Sort, ...] = ()
    page_size = 50
    template_name = "generic/list.html"
    fragment_name = "generic/list_body.html"
    row_css = ""  # "two" for rows of two lines
    export_name = "list"  # file name of the export; empty: no export
    empty_text: str | Promise = _("Nothing here yet.")
    empty_hint: str | Promise = ""
    empty_action: tuple[str | Promise, str] | None = None  # (words, address)
    empty_icon = "inbox"

    def get_queryset(self):
        """Return the rows the user may see; every list says which."""
        raise ImproperlyConfigured(f"{type(self).__name__} does not say which rows it lists")

    def check_access(self) -> None:
        """Raise NotAllowed when the user may not open the page at all."""

    def get_table_options(self) -> dict:
        """Return further arguments for the table."""
        return {}

    def get_count(self, filterset, rows) -> Count:
        """Return how many rows there are; override it where that is known already."""
        return capped_count(rows)

    def get_context(self, **context) -> dict:
        """Return the template's variables; add to them in a subclass."""
        return context

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        """Answer with the page, the part htmx asked for, or the export."""
        self.check_access()
        filterset, rows = self._filtered()
        sort = self._sort()
        if self.export_name and request.GET.get("export") == "xlsx":
            return self._export(filterset, rows, sort)
        response = TemplateResponse(request, self._template(), self._page(filterset, rows, sort))
        patch_vary_headers(response, ["HX-Request"])
        add_never_cache_headers(response)
        return response

    def _page(self, filterset, rows, sort: Sort) -> dict:
        """Return the template's variables for one page of `rows`."""
        size = self._page_size()
        page = page_of(rows, sort, size, self.request.GET.get("cursor") or None)
        context = self.get_context(
            title=self.title,
            page=page,
            list=self,
            filterset=filterset,
            sort=sort,
            size=size,
            sizes=PAGE_SIZES,
            table=self.table_class(page.rows, orderable=False, **self.get_table_options()),
            count=self.get_count(filterset, rows),
            headings=self._headings(sort),
            is_filtered=self._is_filtered(filterset),
            addresses=self._addresses(page),
        )
        context["lines"] = lines(context["table"])
        return context

    def _template(self) -> str:
        htmx = getattr(self.request, "htmx", None)
        is_part = htmx and not htmx.boosted and not htmx.history_restore_request
        return self.fragment_name if is_part else self.template_name

    def _filtered(self):
        """Return the filter set and its rows: none while a filter is not understood, for all of them would mislead."""
        queryset = self.get_queryset()
        if self.filterset_class is None:
            return None, queryset
        filterset = self.filterset_class(self.request.GET, queryset=queryset, request=self.request)
        return filterset, filterset.qs if filterset.is_valid() else queryset.none()

    def export_rows(self) -> Iterator[list]:
        """Return the header and every row of the list, for a worker that writes a long file (background.py)."""
        self.check_access()
        filterset, rows = self._filtered()
        _refuse_bad(filterset)
        return rows_of(rows, self._sort(), self.table_class, **self.get_table_options())

    def _export(self, filterset, rows, sort: Sort) -> HttpResponseBase:
        _refuse_bad(filterset)
        try:
            return export_response(rows, sort, self.table_class, str(self.export_name), **self.get_table_options())
        except TooManyRows:
            return offer_background(self.request)

    def _sort(self) -> Sort:
        asked = self.request.GET.get("sort")
        return next((sort for sort in self.sorts if sort.code == asked), self.sorts[0])

    def _page_size(self) -> int:
        asked = self.request.GET.get("size", "")
        return int(asked) if asked.isdecimal() and int(asked) in PAGE_SIZES else self.page_size

    @staticmethod
    def _is_filtered(filterset) -> bool:
        if filterset is None or not filterset.is_valid():
            return filterset is not None
        return any(
            value not in (None, "", [], slice(None)) and _is_set(value)
            for value in filterset.form.cleaned_data.values()
        )

    def _addresses(self, page: Page) -> dict[str, str]:
        """Return the addresses of the neighbouring pages, the export and the unfiltered list."""
        kept = {key: value for key, value in self.request.GET.lists() if key not in {"cursor", "export"}}
        address = self.request.path

        def to(**more) -> str:
            return f"{address}?{urlencode({**kept, **more}, doseq=True)}"

        return {
            "next": to(cursor=page.next) if page.next else "",
            "previous": to(cursor=page.previous) if page.previous else "",
            "export": to(export="xlsx") if self.export_name else "",
            "first": to() if kept else address,
            "bare": address,
        }

    def _headings(self, current: Sort) -> dict[str, dict]:
        """Return, by column, the sort a click on its heading leads to, and how the column is sorted now."""
        kept = {key: value for key, value in self.request.GET.lists() if key not in {"cursor", "export", "sort"}}
        headings: dict[str, dict] = {}
        for column in {sort.column for sort in self.sorts if sort.column}:
            own = [sort for sort in self.sorts if sort.column == column]
            following = own[(own.index(current) + 1) % len(own)] if current in own else own[0]
            headings[column] = {
                "address": f"{self.request.path}?{urlencode({**kept, 'sort': following.code}, doseq=True)}",
                "label": following.label,
                "state": ("descending" if current.is_descending else "ascending") if current in own else "",
            }
        return headings


def _refuse_bad(filterset) -> None:
    """Refuse to write a file by a filter that is not understood."""
    if filterset is not None and not filterset.is_valid():
        name, errors = next(iter(filterset.errors.items()))
        raise BadInput(f"{filterset.form.fields[name].label}: {errors[0]}", field=name)


def _is_set(value) -> bool:
    """Whether a filter's value narrows anything: an empty range or an empty set of choices does not."""
    if isinstance(value, slice):
        return value.start is not None or value.stop is not None
    return bool(len(value)) if hasattr(value, "__len__") else value is not None
