"""The desk of doubted closings: what speaks against each, beside what was reported, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, services
from dispatch.models import ClosureCheck
from dispatch.selectors import checks as selectors
from grid.access import require_any
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import capped_count, page_of

PAGE_SIZE = 50
DECIDES = (Act.REVIEW_CASE, Act.DECIDE_REQUEST)


@login_required
@require_GET
def checks(request):
    """Show the checks of one's own level, soonest first, and the chosen one with its evidence."""
    _require_decider(request)
    return _show(request, request.GET.get("check", ""))


@login_required
@require_POST
def decide(request, pk: int):
    """Decide a check; the next one follows."""
    _require_decider(request)
    check = get_object_or_404(ClosureCheck.objects.visible_to(request.user), pk=pk)
    form = forms.CheckForm(request.POST)
    if not form.is_valid():
        return _show(request, str(check.pk), form=form, status=422)
    try:
        services.decide_check(pk, **form.given(), by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _show(request, str(check.pk), form=form, status=refusal.status)
    messages.success(request, _("%(number)s: decided.") % {"number": check.case})
    return redirect("dispatch:checks")


def _require_decider(request) -> None:
    require_any(request.user, *DECIDES)


def _show(request, chosen: str, *, form=None, status: int = 200) -> HttpResponse:
    tab = selectors.get_check_tab(request.GET.get("tab"))
    rows = selectors.find_checks(request.user, tab)
    page = page_of(rows, tab.sort, PAGE_SIZE, request.GET.get("cursor") or None)
    counts = {"open": capped_count(selectors.find_checks(request.user, selectors.CHECK_TABS[0]))}
    check = _chosen(request, page.rows, chosen)
    initial = {"row_version": check.row_version} if check else {}
    if form is not None and check is not None:  # what was typed stands; another press decides on what is shown now
        form.data = form.data.copy() | {"row_version": check.row_version}
    context = {
        "title": _("Doubted closings"),
        "now": timezone.now(),
        "tabs": [(one, counts.get(one.code)) for one in selectors.CHECK_TABS],
        "tab": tab,
        "rows": page.rows,
        "pager": page,
        "page": selectors.get_check_page(request.user, check) if check else None,
        "form": form or forms.CheckForm(initial=initial),
    }
    return render(request, "dispatch/checks.html", context, status=status)


def _chosen(request, rows: list[ClosureCheck], chosen: str) -> ClosureCheck | None:
    """Return the check asked for, wherever it stands; else the first of the page."""
    found = next((row for row in rows if str(row.pk) == chosen), None)
    if found is None and chosen.isdecimal() and len(chosen) < 19:
        related = ("case__area", "unit", "deciding_unit")
        found = ClosureCheck.objects.visible_to(request.user).select_related(*related).filter(pk=chosen).first()
    return found or (rows[0] if rows else None)
