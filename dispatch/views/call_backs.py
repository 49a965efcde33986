"""The desk of call-backs: take a call, see the number for a while, go through the script, next one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, services
from dispatch.choices import CallResult
from dispatch.selectors import call_backs as selectors
from grid.access import holding
from grid.choices import Act
from intake.services import ask_identity, view_identity
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import capped_count, page_of

PAGE_SIZE = 50
DONE = {
    CallResult.REACHED: gettext_lazy("The call is recorded."),
    CallResult.NOT_REACHED: gettext_lazy("Nobody answered; the call comes again later."),
    CallResult.REFUSED: gettext_lazy("The call is recorded."),
}


@holding(Act.CALL_BACK)
@never_cache
@require_GET
def call_backs(request):
    """Show whom to call, most urgent first, and the call that was taken."""
    return _show(request)


@holding(Act.CALL_BACK)
@require_POST
def claim(request, pk: int | None = None):
    """Take a call, or the most urgent free one."""
    try:
        found = services.claim_call_back(pk, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("dispatch:call_backs")
    if found is None:
        messages.info(request, _("Nobody is to be called now."))
    return redirect("dispatch:call_backs")


@holding(Act.CALL_BACK)
@require_POST
def release(request, pk: int):
    """Give a call back to the list."""
    services.release_call_back(pk, by=Actor.staff(request.user), now=timezone.now())
    return redirect("dispatch:call_backs")


@holding(Act.CALL_BACK)
@never_cache
@require_POST
def caller(request, pk: int):
    """Show the number to dial for a while; the look is recorded. Of a confidential caller a level above decides."""
    by, now = Actor.staff(request.user), timezone.now()
    call = selectors.get_call(request.user, now)
    if call is None or call.call_back.pk != pk:
        return render(request, "dispatch/_caller.html", {"problem": _("Take the call first.")}, status=409)
    try:
        if call.identity.grant is None:
            ask_identity(call.case.pk, purpose=_("Call-back after closing"), by=by, now=now)
        shown = view_identity(call.case.pk, by=by, now=now)
    except Refused as refusal:
        context = {"problem": str(refusal), "call": selectors.get_call(request.user, now)}
        return render(request, "dispatch/_caller.html", context, status=refusal.status)
    seconds = int((shown.until - now).total_seconds())
    return render(request, "dispatch/_caller.html", {"identity": shown, "seconds": seconds, "call": call})


@holding(Act.CALL_BACK)
@require_POST
def record(request, pk: int):
    """Write what came of the call, and take the next one."""
    form, by, now = forms.CallForm(request.POST), Actor.staff(request.user), timezone.now()
    if not form.is_valid():
        return _show(request, form=form, status=422)
    try:
        services.record_call_back(pk, **form.given(), by=by, now=now)
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _show(request, form=form, status=refusal.status)
    messages.success(request, DONE[CallResult(form.cleaned_data["result"])])
    services.claim_call_back(by=by, now=now)
    return redirect("dispatch:call_backs")


def _show(request, *, form=None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    tab = selectors.get_call_tab(request.GET.get("tab"))
    page = page_of(
        selectors.find_call_backs(request.user, tab, now), tab.sort, PAGE_SIZE, request.GET.get("cursor") or None
    )
    counted = [one for one in selectors.CALL_TABS if one.counted]
    counts = {one.code: capped_count(selectors.find_call_backs(request.user, one, now)) for one in counted}
    context = {
        "title": _("Citizens to call back"),
        "now": now,
        "tabs": [(one, counts.get(one.code)) for one in selectors.CALL_TABS],
        "tab": tab,
        "rows": page.rows,
        "pager": page,
        "call": selectors.get_call(request.user, now),
        "form": form or forms.CallForm(),
    }
    return render(request, "dispatch/call_backs.html", context, status=status)
