"""协办与发令: the list of co-tasks of one's units, asked by them or of them, and the printed order sheet."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dispatch import selectors
from grid.access import holding, holds
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.lists import page_of

PAGE_SIZE = 50


@holding(Act.HANDLE_CASE)
@require_GET
def co_tasks(request):
    """Show the co-tasks of one's units in tabs; whoever calls departments begins with those it called."""
    given = request.GET.get("side")
    default = "by" if holds(request.user, Act.ORDER_DEPARTMENT) else "of"
    side = given if given in ("by", "of") else default
    tab = next((one for one in selectors.TASK_TABS if one.code == request.GET.get("tab")), selectors.TASK_TABS[0])
    page = page_of(
        selectors.list_tasks(request.user, side, tab), tab.sort, PAGE_SIZE, request.GET.get("cursor") or None
    )
    by, now = Actor.staff(request.user), timezone.now()
    context = {
        "title": _("Co-handlers and orders to the spot"), "now": now, "side": side, "tab": tab,
        "tabs": selectors.TASK_TABS, "pager": page, "rows": selectors.with_steps(page.rows, by),
    }  # fmt: skip
    return render(request, "dispatch/orders.html", context)


@login_required
@require_GET
def spot_order(request, pk: int):
    """Show one order sheet 发令单, made to be printed."""
    sheet = selectors.get_sheet(request.user, pk)
    title = _("Order sheet %(number)s") % {"number": sheet.case.number}
    context = {"title": title, "sheet": sheet, "tasks": selectors.list_sheet_tasks(sheet), "now": timezone.now()}
    return render(request, "dispatch/spot_order.html", context)
