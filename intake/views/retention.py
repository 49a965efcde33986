"""Old personal data: what is due, and taking it away. For whoever administers the whole city."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from grid import access
from intake import selectors
from intake.choices import RetentionKind
from intake.services import ask_retention
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Show what is due by the parameters; start a preview, or what a fresh preview showed."""
    by, now = Actor.staff(request.user), timezone.now()
    access.require_administration(by, None)
    if request.method == "POST":
        is_real = request.POST.get("kind") == RetentionKind.CARRY_OUT
        try:
            ask_retention(RetentionKind.CARRY_OUT if is_real else RetentionKind.PREVIEW, by=by, now=now)
            messages.success(request, _("It begins within a minute; this page shows how far it is."))
        except IllegalMove as refusal:
            messages.error(request, str(refusal))
        return redirect("intake:retention")
    context = {"title": _("Old personal data"), "page": selectors.retention_page(now)}
    return render(request, "intake/retention.html", context)
