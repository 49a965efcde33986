"""A link to rate a case with, made by agents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from intake.services import create_rating_link
from shenzhen_gov.core.actor import Actor

from .guards import case_in_sight, for_agents


@for_agents
@require_POST
def rating_link(request: HttpRequest, number: str) -> HttpResponse:
    """Make a link for the present round and show it this once."""
    case = case_in_sight(request, number)
    link, secret = create_rating_link(case.pk, by=Actor.staff(request.user), now=timezone.now())
    address = request.build_absolute_uri(reverse("public:rate_link", args=[secret]))
    context = {"title": _("Link to rate with"), "link": address, "expires_at": link.expires_at}
    template = "intake/_rating_link.html" if getattr(request, "htmx", False) else "intake/rating_link.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
