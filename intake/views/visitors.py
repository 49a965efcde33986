"""What the pages without log-in share: where a visitor comes from, and the cases this browser may follow."""

from __future__ import annotations

import ipaddress
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from intake.models import Case
from intake.selectors.public import TRACKED, tracked_case
from intake.services import TooMany
from shenzhen_gov.core.parameters import get_parameter

LINK_SALT = "track"
MOST_TRACKED = 20  # cases followed at the same time in one browser


def address_of(request: HttpRequest) -> str:
    """Return the network a visitor comes from: the address, of IPv6 the /64 that one household has."""
    given = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.PROXY_COUNT and hops:
        given = hops[-min(settings.PROXY_COUNT, len(hops))]
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given[:60]
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)


def remember(request: HttpRequest, case: Case, *, now: datetime) -> None:
    """Let this browser follow the case for a while."""
    minutes = get_parameter("public.track_minutes", timezone.localdate(now))
    known = dict(list(request.session.get(TRACKED, {}).items())[-MOST_TRACKED + 1 :])
    if not known:
        request.session.cycle_key()  # an address book of cases never lies under a key that somebody else chose
    request.session[TRACKED] = known | {case.number: int(now.timestamp()) + 60 * minutes}


def forget(request: HttpRequest, number: str) -> None:
    """Stop following the case in this browser."""
    known = dict(request.session.get(TRACKED, {}))
    known.pop(number, None)
    request.session[TRACKED] = known


def followed(request: HttpRequest, number: str) -> Case | None:
    """Return the case if this browser follows it."""
    return tracked_case(request.session, number, now=timezone.now())


def private_address(request: HttpRequest, case: Case) -> str:
    """Return the link that opens the case without a phone number; whoever has it may follow the case."""
    key = signing.dumps(case.number, salt=LINK_SALT)
    return request.build_absolute_uri(reverse("public:track_link", args=[key]))


def number_of_link(key: str, *, now: datetime) -> str | None:
    """Return the number a private link is for; None when it was not made here or is too old."""
    days = get_parameter("public.track_link_days", timezone.localdate(now))
    try:
        return signing.loads(key, salt=LINK_SALT, max_age=days * 86400)
    except signing.BadSignature:
        return None


def to_case(number: str) -> HttpResponse:
    """Go to the page of a tracked case."""
    return redirect("tracking:case", number=number)


def answer(request: HttpRequest, template: str, context: dict, refusal: Exception | None = None) -> HttpResponse:
    """Show a page with the status of the refusal, where there is one."""
    response = render(request, template, context, status=getattr(refusal, "status", 200))
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.wait)
    response["Cache-Control"] = "no-store"
    return response
