"""Who called: asked for with a purpose, shown for a while, recorded; of confidential cases decided one level above."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grid import access
from grid.access import holding
from grid.choices import Act
from intake import selectors
from intake.forms import DecisionForm, PurposeForm
from intake.models import Case
from intake.services import Identity, ask_identity, decide_identity, view_identity
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import Refused

from .guards import case_in_sight

for_deciders = holding(Act.DECIDE_REQUEST)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the purpose, then show for a while who called; every look is recorded."""
    case = case_in_sight(request, number)
    access.require(Actor.staff(request.user), Act.VIEW_IDENTITY, case)
    form, shown, status = PurposeForm(request.POST if "purpose" in request.POST else None), None, 200
    if request.method == "POST":
        try:
            shown, status = _look(request, case, form)
        except Refused as refusal:
            if not form.is_bound:
                raise
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            status = refusal.status
    now = timezone.now()
    context = {
        "title": _("Who called"),
        "case": case,
        "form": form,
        "identity": shown,
        "own": selectors.own_request(request.user, case, now),
        "seconds": int((shown.until - now).total_seconds()) if shown else 0,
        "case_url": address_or_none("dispatch:case", number),
    }
    return render(request, "intake/identity.html", context, status=status)


@for_deciders
@never_cache
@require_GET
def identity_requests(request: HttpRequest) -> HttpResponse:
    """Show the requests to see confidential callers that the user decides."""
    asked_of = selectors.identity_requests(request.user)
    rows = [(asked, address_or_none("dispatch:case", asked.case.number)) for asked in asked_of]
    context = {"title": _("Sight of confidential callers"), "rows": rows, "form": DecisionForm()}
    return render(request, "intake/identity_requests.html", context)


@for_deciders
@require_POST
def identity_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse one request, with an opinion; what is wrong is said on the page it was sent from."""
    form = DecisionForm(request.POST)
    try:
        form.is_valid()
        granted, opinion = form.cleaned_data.get("granted") == "yes", form.cleaned_data.get("opinion", "")
        decide_identity(pk, granted=granted, opinion=opinion, by=Actor.staff(request.user), now=timezone.now())
        messages.success(request, _("Granted.") if granted else _("Refused."))
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
    return redirect("intake:identity_requests")


def _look(request: HttpRequest, case: Case, form: PurposeForm) -> tuple[Identity | None, int]:
    """Return the identity when it may be shown now, and the status; with a purpose it is asked for first."""
    by, now = Actor.staff(request.user), timezone.now()
    if "again" not in request.POST:
        if not form.is_valid():
            return None, 400
        if ask_identity(case.pk, purpose=form.cleaned_data["purpose"], by=by, now=now).visible_until is None:
            return None, 200
    return view_identity(case.pk, by=by, now=now), 200
