"""The desk of a unit or community, and the desk of a reviewer: one list in tabs, the case docked beside it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, selectors, services, tables
from dispatch.filters import narrow
from dispatch.selectors.supervision import get_marks
from dutylist.selectors import count_unit_news
from grid.access import holding
from grid.choices import Act
from intake.models import Channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import export_response, page_of

PAGE_SIZE = 50


@holding(Act.HANDLE_CASE)
@require_GET
def queue(request):
    """Show the work orders of one's own units: tabs, red first."""
    rows = selectors.of_units(selectors.get_own_units(request.user))
    return show_desk(request, rows, selectors.TABS, title=_("My work orders"), step="")


@holding(Act.REVIEW_CASE)
@require_GET
def review(request):
    """Show the reports that wait for review by one's own units."""
    rows = selectors.reviewed_by(selectors.get_reviewing_units(request.user))
    return show_desk(request, rows, selectors.REVIEW_TABS, title=_("Review desk"), step="approve")


@holding(Act.HANDLE_CASE)
@require_POST
def sign_many(request):
    """Sign the ticked work orders, all or none."""
    ids = [int(text) for text in request.POST.getlist("ids") if text.isdigit()]
    if not ids:
        messages.warning(request, _("Tick the work orders to be signed first."))
        return back_to_desk(request)
    try:
        signed = services.sign_many(ids, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back_to_desk(request)
    text = ngettext("%(count)s work order signed.", "%(count)s work orders signed.", len(signed))
    messages.success(request, text % {"count": len(signed)})
    return back_to_desk(request)


@holding(Act.HAND_DOWN)
@require_POST
def urge_below(request):
    """Urge the units below about the ticked work orders; who was urged a short while ago is left in peace."""
    form = forms.UrgeBelowManyForm(request.POST)
    if not form.is_valid():
        messages.warning(request, str(next(iter(form.errors.values()))[0]))
        return back_to_desk(request)
    try:
        urged, spared = services.urge_below_many(
            form.cleaned_data["ids"], text=form.cleaned_data["text"], by=Actor.staff(request.user), now=timezone.now()
        )
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back_to_desk(request)
    if urged:
        text = ngettext("%(count)s case was urged.", "%(count)s cases were urged.", urged)
        messages.success(request, text % {"count": urged})
    if spared:
        text = ngettext(
            "%(count)s was left in peace: urged a short while ago, or its report waits for review.",
            "%(count)s were left in peace: urged a short while ago, or their reports wait for review.",
            spared,
        )
        messages.warning(request, text % {"count": spared})
    return back_to_desk(request)


def show_desk(
    request, rows, tabs, *, title: str, step: str, template="dispatch/queue.html", size=None, now=None, **more
) -> HttpResponseBase:
    """Show work orders in tabs, the first case docked; `more` is what a desk has besides, for its own template."""
    now = now or timezone.now()
    filters = forms.QueueFilterForm(request.GET, channels=Channel.objects.filter(is_active=True).only("pk", "name"))
    rows = narrow(rows, filters, request.user)
    counts = selectors.count_tabs(tabs, rows, now, request.user)
    tab = selectors.get_tab(tabs, request.GET.get("tab"), counts)
    shown = tab.rows(rows, now)
    if request.GET.get("export") == "xlsx":
        return export_response(shown, tab.sort, tables.WorkOrderTable, f"work-orders-{tab.code}")
    page = page_of(shown, tab.sort, size or PAGE_SIZE, request.GET.get("cursor") or None)
    context = {
        "title": title, "now": now, "tabs": [(one, counts.get(one.code)) for one in tabs], "tab": tab,
        "count": counts.get(tab.code), "rows": page.rows, "marks": get_marks(row.case_id for row in page.rows),
        "pager": page, "filters": filters, "step": step,
        "list_news": count_unit_news(request.user.unit, now, request.user),
        "to_urge": selectors.list_urgeable(page.rows) if tab.bulk == "urge" else [],
        "undo": None if step else selectors.get_last_undo(request.user, now), **more,
    }  # fmt: skip
    return render(request, template, context)


def back_to_desk(request) -> HttpResponse:
    """Return to the desk as it was."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return redirect(address if safe else reverse("dispatch:queue"))
