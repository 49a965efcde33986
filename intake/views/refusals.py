"""Proposals not to accept a case: the shift leader's queue, one press each; hand-overs on open cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grid.access import holding
from grid.choices import Act
from intake import services
from intake.selectors import refusals as selectors
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import BadInput, OutOfSight

from .guards import case_in_sight


@holding(Act.CONFIRM_REFUSAL)
@never_cache
@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """Show what waits for a decision."""
    context = {
        "title": _("Refusals to confirm"),
        "proposals": selectors.open_proposals(request.user),
        "count": selectors.count_proposals(request.user),
        "now": timezone.now(),
    }
    return render(request, "intake/refusals.html", context)


@holding(Act.CONFIRM_REFUSAL, Act.REGISTER_CASE)
@require_POST
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a proposal: confirm it, or decline it so that the case goes on. Its agent may take it back."""
    found = selectors.get_proposal(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    by, now = Actor.staff(request.user), timezone.now()
    verdict = request.POST.get("verdict")
    if verdict == "confirm":
        case = services.confirm_refusal(found.pk, by=by, now=now)
        text = _("Case %(number)s is not accepted.")
    elif verdict == "decline":
        case = services.decline_refusal(found.pk, opinion=request.POST.get("opinion", ""), by=by, now=now)
        text = _("Case %(number)s is accepted and goes on to dispatch.")
    else:
        raise BadInput(_("Confirm the proposal or decline it."), field="verdict")
    messages.success(request, text % {"number": case.number})
    if request.POST.get("from") == "queue":
        return redirect("intake:refusals")
    return redirect("intake:registered", number=case.number)


@holding(Act.REGISTER_CASE)
@require_POST
def handoff(request: HttpRequest, number: str) -> HttpResponse:
    """Record on an open case that its caller was handed to an emergency service."""
    case = case_in_sight(request, number)
    given = {name: request.POST.get(name, "") for name in ("service", "reference", "note")}
    made = services.hand_over(case.pk, **given, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("Recorded: handed to %(service)s.") % {"service": made.get_service_display()})
    return redirect(address_or_none("dispatch:case", number) or reverse("intake:registered", args=[number]))
