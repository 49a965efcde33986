"""The cases at one building: a page, and a part of the building's page, which belongs to a layer below."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dispatch.selectors.place_cases import get_place_cases
from shenzhen_gov.core.exceptions import OutOfSight

FEW = 5  # as a part of the building's page


@login_required
@never_cache
@require_GET
def place_cases(request: HttpRequest, code: str) -> HttpResponse:
    """Show the cases in sight at a building in sight, newest first; with htmx the first few of them."""
    is_part = bool(getattr(request, "htmx", False))
    given = {"rows": FEW} if is_part else {"cursor": request.GET.get("cursor") or None}
    found = get_place_cases(request.user, code, **given)
    if found is None:
        raise OutOfSight(_("Not found."))
    context = {"found": found, "page": found.page, "is_part": is_part}
    if is_part:
        return render(request, "dispatch/_place_cases.html", context)
    context["title"] = _("Cases at %(place)s") % {"place": found.building.name}
    context["parents"] = [
        (_("Places"), reverse("grid:places")), (found.building.name, reverse("grid:building", args=[code])),
    ]  # fmt: skip
    return render(request, "dispatch/place_cases.html", context)
