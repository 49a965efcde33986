"""Each role's start page, and the pages that belong to no app."""

from __future__ import annotations

import logging
from hmac import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from grid.access import holds
from grid.choices import Act
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import NotAllowed

from .system.latency import latency_text
from .system.metrics import metrics_text

log = logging.getLogger(__name__)
THIS_MACHINE = {"127.0.0.1", "::1"}


@login_required
@never_cache
@require_safe
def home(request):
    """Go to the start page of the first role held; say so when there is none."""
    grants = request.user.grants.select_related("role").order_by("role__order", "role__code")
    for grant in grants:
        address = grant.role.start_page and address_or_none(grant.role.start_page)
        if address:
            return redirect(address)
    if request.user.is_superuser:
        return redirect("admin:index")
    return render(request, "no_role.html", {"title": _("Welcome")})


def stale_page(request, reason=""):
    """Answer a form whose security token is missing or old: nothing was lost but the page, so offer it again."""
    log.warning("form refused: %s", reason)
    return render(request, "stale.html", {"title": _("This page was open too long")}, status=403)


@require_safe
def live(request):
    """Answer that the process runs."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request):
    """Answer whether requests can be served: 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("not ready")
        return JsonResponse({"database": "down"}, status=503)
    return JsonResponse({"database": "ok"})


@never_cache
@require_safe
def metrics(request):
    """Metrics for Prometheus: from this machine itself, with the token of the settings, or for administrators.

    Whoever sits behind a proxy on the same machine is not "this machine": a forwarded request never counts as local.
    """
    if not (_is_local(request) or _has_metrics_token(request) or _administers(request.user)):
        raise NotAllowed(_("Figures of the process are for administrators."))
    content = generate_latest() + latency_text() + metrics_text(timezone.now())
    return HttpResponse(content, content_type=CONTENT_TYPE_LATEST)


def _is_local(request) -> bool:
    return request.META.get("REMOTE_ADDR") in THIS_MACHINE and "HTTP_X_FORWARDED_FOR" not in request.META


def _has_metrics_token(request) -> bool:
    given = request.headers.get("Authorization", "").encode()
    return bool(settings.METRICS_TOKEN) and compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())


def _administers(user) -> bool:
    return user.is_authenticated and (user.is_superuser or holds(user, Act.MANAGE_SYSTEM))
