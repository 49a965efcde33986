"""The desk of requests: what lies before one's own level, and what one's own units asked; deciding and withdrawing."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, selectors, services
from grid.access import holding, holds
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import page_of

from .cases import show_case, show_done

PAGE_SIZE = 50
ANSWERS = {"yes": True, "no": False}


@holding(Act.DECIDE_REQUEST, Act.HANDLE_CASE)
@require_GET
def requests_desk(request) -> HttpResponse:
    """Show the requests to be decided, soonest first, and those one's own units asked."""
    everything = request.GET.get("scope") == "all"
    found = selectors.get_request_desk(request.user, everything=everything)
    counts = found.count(request.user)
    decides = holds(request.user, Act.DECIDE_REQUEST)
    tab = selectors.get_request_tab(request.GET.get("tab") or ("" if decides else "mine"))
    page = page_of(selectors.with_row_parts(found.rows(tab)), tab.sort, PAGE_SIZE, request.GET.get("cursor") or None)
    shown = [one for one in selectors.REQUEST_TABS if one.is_shown(decides, counts) or one == tab]
    context = {
        "title": _("Requests"),
        "now": timezone.now(),
        "tabs": [(one, counts.get(one.code)) for one in shown],
        "tab": tab,
        "count": counts.get(tab.code),
        "rows": page.rows,
        "pager": page,
        "decides": decides,
        "everything": everything,
    }
    return render(request, "dispatch/requests.html", context)


@login_required
@require_POST
def decide(request, pk: int) -> HttpResponse:
    """Decide a request; a refusal shows the case afresh with the reason and all that was typed."""
    asked = selectors.get_request(request.user, pk)
    form = forms.DecideRequestForm(request.POST, asked=asked)
    agreed = ANSWERS.get(request.POST.get("agreed", ""))
    if form.is_valid() and agreed is None:
        form.add_error(None, _("Agree to it or refuse it."))
    if not form.is_valid():
        return show_case(request, asked.case, deciding=form, status=422)
    opinion, value = form.cleaned_data["opinion"], form.value()
    try:
        services.decide_request(
            pk, agreed=bool(agreed), opinion=opinion, value=value, by=Actor.staff(request.user), now=timezone.now()
        )
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        return _refused(request, asked, form, refusal)
    messages.success(request, _("Agreed.") if agreed else _("Refused."))
    return show_done(request, selectors.get_case(request.user, asked.case.number))


@login_required
@require_POST
def withdraw(request, pk: int) -> HttpResponse:
    """Take back what was asked."""
    asked = selectors.get_request(request.user, pk)
    try:
        services.withdraw_request(pk, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return show_case(request, asked.case, status=422 if request.htmx else refusal.status)
    messages.success(request, _("The request is withdrawn."))
    return show_done(request, selectors.get_case(request.user, asked.case.number))


def _refused(request, asked, form: forms.DecideRequestForm, refusal: Refused) -> HttpResponse:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    found = selectors.get_case(request.user, asked.case.number)
    if not any(row.pk == asked.pk for row in selectors.get_open_requests(found)):
        messages.error(request, str(refusal))  # its form is no longer on the page
    return show_case(request, found, deciding=form, status=422 if request.htmx else refusal.status)
