"""The duty list as of a day, and the page of one item: its versions side by side, and who answers where."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from dutylist import selectors
from dutylist.filters import DutyFilters
from dutylist.selectors import objections
from dutylist.tables import DutyTable
from grid.access import grants_of, holds
from grid.choices import Act
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.lists import Count, ListPage, Sort, capped

FARTHEST_PAGE = 10_000


def require_any_role(user) -> None:
    """Raise NotAllowed for people without any role; the lists of one's place are open to whoever works there."""
    if not (user.is_superuser or grants_of(user).rows):
        raise NotAllowed(_("The duty list is open to everybody who holds a role; you hold none yet."))


def asked_day(request, name: str = "on", default: date | None = None) -> date:
    """Return the day the list is read as of: today (or `default`) unless another is given."""
    try:
        return parse_date(request.GET.get(name, "")) or default or timezone.localdate()
    except ValueError:
        return default or timezone.localdate()


def kept_day(request) -> str:
    """Return the query that keeps a day somebody asked for in the links of a page; empty for today."""
    on = asked_day(request)
    return f"?on={on}" if on != timezone.localdate() else ""


class DutyList(ListPage):
    """Every item in force on a day, on the lists the reader may read; the catalogue as a tree beside it."""

    title = gettext_lazy("Duty list")
    filterset_class = DutyFilters
    table_class = DutyTable
    template_name = "dutylist/list.html"
    fragment_name = "dutylist/_list_body.html"
    sorts = (
        Sort("code", gettext_lazy("By code"), ("item__code", "id"), column="code"),
        Sort("newest", gettext_lazy("Latest changes first"), ("-effective_from", "-id"), column="version"),
    )
    row_css = "two"
    export_name = "duty-list"
    empty_text = gettext_lazy("No item was in force on this day")
    empty_icon = "book"
    tree: list[selectors.Branch] | None = None

    def check_access(self) -> None:
        """Open to whoever holds a role."""
        require_any_role(self.request.user)

    def get_queryset(self):
        """Return the versions in force on the day asked for, of the lists the reader reads."""
        return selectors.list_in_force(asked_day(self.request)).open_to(self.request.user).order_by()

    def get_table_options(self) -> dict:
        """Return what the links of the table keep."""
        return {"day": kept_day(self.request)}

    def get_count(self, filterset, rows) -> Count:
        """Take the count from the tree, which is kept, while nothing but a list or a branch of it narrows the rows."""
        chosen = self._chosen(filterset)
        if not filterset.is_valid() or any(chosen[name] for name in ("q", "kind", "source")):
            return super().get_count(filterset, rows)
        return capped(selectors.count_below(self._tree(chosen), chosen["below"]))

    def get_context(self, **context) -> dict:
        """Add the day, the tree, and whether anything shown is a sample."""
        on, chosen = asked_day(self.request), self._chosen(context["filterset"])
        tree, below = self._tree(chosen), chosen.get("below")
        return context | {
            "on": on,
            "is_past": on != timezone.localdate(),
            "is_sample": any(row.is_sample for row in context["page"].rows),
            "tree": tree,
            "total": selectors.count_below(tree),
            "chosen": below.pk if below else None,
            "opened": (below.parent_id or below.pk) if below else None,
            "kept": self._kept(),
        }

    def _tree(self, chosen: dict) -> list[selectors.Branch]:
        """Return the tree, read once a request: the count and the page both need it."""
        if self.tree is None:
            self.tree = selectors.get_tree(asked_day(self.request), self.request.user, chosen.get("list"))
        return self.tree

    @staticmethod
    def _chosen(filterset) -> dict:
        return filterset.form.cleaned_data if filterset.is_valid() else {}

    def _kept(self) -> str:
        """Return the query that the links of the tree keep."""
        kept = self.request.GET.copy()
        for name in ("below", "cursor", "export"):
            kept.pop(name, None)
        return kept.urlencode()


@login_required
@require_GET
def item(request, code: str):
    """Show one item as it read on a day, two of its versions side by side, and who answers for which area."""
    require_any_role(request.user)
    on = asked_day(request)
    page = selectors.get_item_page(code, on, request.user, _item_query(request))
    if page is None:
        raise Http404(_("There is no duty item %(code)s.") % {"code": code})
    context = {
        "title": page.shown.name,
        "parents": [(_("Duty list"), reverse("dutylist:list") + kept_day(request))],
        "page": page,
        "on": on,
        "day": kept_day(request),
        "is_past": on != timezone.localdate(),
        "is_sample": page.shown.is_sample,
        "more": objections.get_item_more(request.user, page.item, is_in_force=page.is_in_force),
        "opens_batches": any(holds(request.user, act) for act in (Act.ENTER_DUTY, Act.REVIEW_DUTY, Act.MANAGE_DUTY)),
    }
    return render(request, "dutylist/item.html", context)


def _item_query(request) -> selectors.ItemQuery:
    return selectors.ItemQuery(
        area_name=request.GET.get("area_name", "").strip()[:60],
        rows_page=min(_number(request, "rows") or 1, FARTHEST_PAGE),
        before=_number(request, "before"),
        after=_number(request, "after"),
    )


def _number(request, name: str) -> int | None:
    """Return a positive number of the address, or None for anything else."""
    text = request.GET.get(name, "")
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 9 else None
