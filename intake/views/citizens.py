"""Who called: asked for with a purpose, shown once, recorded."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from grid import access
from grid.choices import Act
from intake.forms import PurposeForm
from intake.services import view_identity
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .guards import address_or_none, case_in_sight


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the purpose, then show once who called; every view is recorded."""
    case = case_in_sight(request, number)
    access.require(Actor.staff(request.user), Act.VIEW_IDENTITY, case)
    form, shown, status = PurposeForm(request.POST or None), None, 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                purpose = form.cleaned_data["purpose"]
                shown = view_identity(case.pk, purpose=purpose, by=Actor.staff(request.user), now=timezone.now())
                status = 200
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
    context = {
        "title": _("Who called"),
        "case": case,
        "form": form,
        "identity": shown,
        "case_url": address_or_none("dispatch:case", number),
    }
    return render(request, "intake/identity.html", context, status=status)
