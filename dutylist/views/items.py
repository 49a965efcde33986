"""The duty list as of a day, and the page of one item: its versions, and who is responsible where."""

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
from dutylist.tables import DutyTable
from grid.access import grants_of
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.lists import ListPage, Sort


def require_any_role(user) -> None:
    """Raise NotAllowed for people without any role; the list itself is the same for everybody who works here."""
    if not (user.is_superuser or grants_of(user).rows):
        raise NotAllowed(_("The duty list is open to everybody who holds a role; you hold none yet."))


def asked_day(request) -> date:
    """Return the day the list is read as of: today unless another is given."""
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


class DutyList(ListPage):
    """Every item in force on a day."""

    title = gettext_lazy("Duty list")
    filterset_class = DutyFilters
    table_class = DutyTable
    template_name = "dutylist/list.html"
    sorts = (
        Sort("code", gettext_lazy("By code"), ("item__code", "id"), column="code"),
        Sort("newest", gettext_lazy("Latest changes first"), ("-effective_from", "-id"), column="version"),
    )
    row_css = "two"
    export_name = "duty-list"
    empty_text = gettext_lazy("No item was in force on this day")
    empty_icon = "book"

    def check_access(self) -> None:
        """Open to whoever holds a role."""
        require_any_role(self.request.user)

    def get_queryset(self):
        """Return the versions in force on the day asked for."""
        return selectors.list_in_force(asked_day(self.request)).order_by()

    def get_context(self, **context) -> dict:
        """Add the day, and whether anything shown is a sample."""
        rows = context["page"].rows
        return context | {"on": asked_day(self.request), "is_sample": any(row.is_sample for row in rows)}


@login_required
@require_GET
def item(request, code: str):
    """Show one item as it read on a day, its versions side by side, and who answers for which area."""
    require_any_role(request.user)
    on = asked_day(request)
    page = selectors.get_item_page(code, on, request.user, request.GET.get("area_name", "").strip()[:60])
    if page is None:
        raise Http404(_("There is no duty item %(code)s.") % {"code": code})
    return render(
        request,
        "dutylist/item.html",
        {
            "title": page.shown.name,
            "parents": [(_("Duty list"), reverse("dutylist:list"))],
            "page": page,
            "on": on,
            "is_sample": page.shown.is_sample,
        },
    )
