"""The list on two days, side by side."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dutylist import selectors
from dutylist.filters import USUAL_SPAN, CompareFilters
from dutylist.tables import CompareTable
from shenzhen_gov.core.lists import ListPage, Sort

from .items import asked_day, require_any_role


class Compare(ListPage):
    """The items that read differently on two days."""

    title = _("Compare two days")
    filterset_class = CompareFilters
    table_class = CompareTable
    template_name = "dutylist/compare.html"
    sorts = (Sort("code", _("By code"), ("code", "id"), column="code"),)
    row_css = "two"
    export_name = "duty-list-changes"
    empty_text = _("Both days read alike")
    empty_hint = _("Nothing was published for these lists between the two days.")
    empty_icon = "docket"

    def check_access(self) -> None:
        """Open to whoever holds a role."""
        require_any_role(self.request.user)

    @cached_property
    def days(self) -> tuple[date, date]:
        """Return the two days, the earlier one first."""
        today = timezone.localdate()
        one, other = asked_day(self.request, "since", today - USUAL_SPAN), asked_day(self.request, "until")
        return min(one, other), max(one, other)

    @cached_property
    def changes(self) -> dict:
        """Return item id → what happened to it, over the lists the reader reads."""
        return selectors.compare_days(*self.days, self.request.user)

    def get_queryset(self):
        """Return the items concerned; the filter of kinds narrows them by what happened."""
        kind = self.request.GET.get("kind", "")
        ids = [pk for pk, change in self.changes.items() if kind not in selectors.ChangeKind or kind in change.kinds]
        return selectors.list_items(ids, self.request.user)

    def get_table_options(self) -> dict:
        """Return what happened to each item, and the days for the links."""
        return {"changes": self.changes, "days": self.days}

    def get_context(self, **context) -> dict:
        """Add the days and how many items each kind of change concerns."""
        counts = selectors.count_kinds(self.changes.values())
        filters = context["filterset"]
        chosen = filters.form.cleaned_data if filters.is_valid() else {}
        return context | {
            "is_filtered": any(chosen.get(name) for name in ("q", "list", "kind")),
            "days": self.days,
            "counts": [(kind, kind.label, counts[kind], self._address(kind)) for kind in counts],
            "kind": self.request.GET.get("kind", ""),
            "all_address": self._address(""),
            "total": len(self.changes),
        }

    def _address(self, kind: str) -> str:
        kept = {key: value for key, value in self.request.GET.items() if key not in {"cursor", "export", "kind"}}
        return f"?{urlencode(kept | ({'kind': kind} if kind else {}))}"
