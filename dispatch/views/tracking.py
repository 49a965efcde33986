"""The page of a case for whoever asked, without log-in: opened by number and digits, or by a private link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dispatch.selectors.tracking import get_tracking
from intake.selectors.public import tracked_case


@never_cache
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show how a case stands to the browser that follows it; lead others to the form that asks for the digits."""
    now = timezone.now()
    found = tracked_case(request.session, number, now=now)
    if found is None:
        return redirect(f"{reverse('public:track')}?number={number}")
    context = {"title": _("Request %(number)s") % {"number": found.number}, "tracking": get_tracking(found, now=now)}
    return render(request, "public/case.html", context | {"at": "track", "case": found, "now": now})
