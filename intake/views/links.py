"""Linking cases about one matter, and undoing it; answers the sections of the case anew."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from intake import selectors, services
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import BadInput, OutOfSight

from .guards import case_in_sight


@login_required
@require_POST
def link(request: HttpRequest, number: str) -> HttpResponse:
    """Link the case with another one; the earlier of the two becomes the main one."""
    case = case_in_sight(request, number)
    other = selectors.get_by_number(request.user, request.POST.get("other", "")[:60])
    if other is None:
        raise BadInput(_("There is no case in your territory with this number."), field="other")
    main, secondary = sorted((case, other), key=lambda row: row.pk)
    score, facts = selectors.similarity_of(request.user, case, other, now=timezone.now())
    services.link_cases(
        main.pk, secondary.pk, score=score, reasons=facts, by=Actor.staff(request.user), now=timezone.now()
    )
    return _shown(request, case)


@login_required
@require_POST
def undo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a link of the case apart."""
    case = case_in_sight(request, number)
    if not selectors.is_linked_by(case, pk):
        raise OutOfSight(_("Not found."))
    services.undo_link(pk, by=Actor.staff(request.user), now=timezone.now())
    return _shown(request, case)


def _shown(request: HttpRequest, case: Case) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return redirect(address_or_none("dispatch:case", case.number) or "intake:case_more", case.number)
    more = selectors.get_case_more(request.user, case, timezone.now())
    return render(request, "intake/case_more.html", {"more": more, "case": case, "now": more.now})
