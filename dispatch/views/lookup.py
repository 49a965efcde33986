"""Finding a case by number, and the fragment that says where a case is now."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dispatch import selectors
from intake.workflow import AWAITING_DISPATCH


@login_required
@require_GET
def search(request):
    """Go to the case with this number, or list what ends in it or is called so."""
    text = request.GET.get("q", "").strip()[:120]
    if text and (found := selectors.find_by_number(request.user, text)):
        return redirect("dispatch:case", number=found.number)
    return render(
        request,
        "dispatch/search.html",
        {
            "title": _("Search"),
            "text": text,
            "found": selectors.find_by_tail(request.user, text),
        },
    )


@login_required
@require_GET
def progress(request, number: str):
    """Answer where a case is now; the fragment asks again by itself until the case is dispatched or at a desk."""
    case = selectors.get_case(request.user, number)
    page = selectors.get_case_page(request.user, case, timezone.now())
    waits = case.state == AWAITING_DISPATCH and not case.awaits_person
    return render(request, "dispatch/_progress.html", {"page": page, "case": case, "now": page.now, "waits": waits})
