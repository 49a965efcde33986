"""开放数据: release a month, look at what was released, fetch it; without log-in only where the settings allow."""

from __future__ import annotations

import re
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from analytics import services
from analytics.forms.open_data import ReleaseForm
from analytics.models import OpenDataRelease
from analytics.selectors import open_data as selectors
from grid.access import holding, holds_everywhere
from grid.choices import Act
from shenzhen_gov.core.form_steps import attempt

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@holding(Act.KEEP_ASSESSMENT, Act.MANAGE_SYSTEM)
@require_http_methods(["GET", "HEAD", "POST"])
def open_data(request: HttpRequest) -> HttpResponse:
    """List the releases; POST releases a month."""
    form = ReleaseForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        release = attempt(form, request, services.release_open_data, form.cleaned_data["month"])
        if release is not None:
            text = _("%(month)s is released; %(count)s cells are suppressed.")
            messages.success(request, text % {"month": f"{release.month:%Y-%m}", "count": release.suppressed})
            return redirect("analytics:open_data")
    context = {
        "title": _("Open data"),
        "form": form,
        "releases": selectors.releases(),
        "may_release": holds_everywhere(request.user, Act.KEEP_ASSESSMENT),
        "public": request.build_absolute_uri(reverse("open_data_index")) if settings.OPEN_DATA_IS_PUBLIC else "",
    }
    return render(request, "analytics/open_data.html", context)


@holding(Act.KEEP_ASSESSMENT, Act.MANAGE_SYSTEM)
@require_GET
def download(request: HttpRequest, month: str, number: int, kind: str) -> HttpResponse:
    """Send one release as it was made."""
    return _send(selectors.find_release(_month(month), number), kind)


@require_GET
def public_index(request: HttpRequest) -> JsonResponse:
    """Tell everybody what was released, where the settings allow it."""
    _require_public()
    newest: dict[date, OpenDataRelease] = {}
    for release in selectors.releases():
        newest.setdefault(release.month, release)
    found = []
    for release in newest.values():
        month = f"{release.month:%Y-%m}"
        links = {kind: request.build_absolute_uri(reverse("open_data_file", args=[month, kind])) for kind in KINDS}
        found.append({**selectors.described(release), "files": links})
    return JsonResponse({"releases": found}, json_dumps_params={"ensure_ascii": False})


@require_GET
def public_file(request: HttpRequest, month: str, kind: str) -> HttpResponse:
    """Send everybody the newest release of a month, where the settings allow it."""
    _require_public()
    return _send(selectors.find_release(_month(month)), kind)


KINDS = ("csv", "json")


def _send(release: OpenDataRelease | None, kind: str) -> HttpResponse:
    if release is None or kind not in KINDS:
        raise Http404(_("Not found."))
    if kind == "json":
        response: HttpResponse = JsonResponse(selectors.as_data(release), json_dumps_params={"ensure_ascii": False})
    else:
        response = HttpResponse(selectors.as_csv(release), content_type="text/csv; charset=utf-8")
    name = f"open-data-{release.month:%Y-%m}-r{release.number}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _month(text: str) -> date:
    found = MONTH.fullmatch(text)
    if found is None:
        raise Http404(_("Not found."))
    return date(int(found[1]), int(found[2]), 1)


def _require_public() -> None:
    if not settings.OPEN_DATA_IS_PUBLIC:
        raise Http404(_("Not found."))
