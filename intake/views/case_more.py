"""What belongs to a case beside the request itself, loaded after its page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from intake import selectors

from .guards import case_in_sight


@login_required
@require_GET
def case_more(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the sections of a case: links, additions, evaluations, how it was answered, calls, who else is here."""
    more = selectors.get_case_more(request.user, case_in_sight(request, number), timezone.now())
    return render(request, "intake/case_more.html", {"more": more, "case": more.case, "now": more.now})
