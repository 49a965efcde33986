"""The page of one's own exports: a long list is asked for here, followed while it is written, and fetched."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from grid.selectors.exports import own_export, own_exports
from grid.services.exports import ask_export, job_name
from grid.wake import wake_up_exports
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.lists import EXPORT_LIMIT
from shenzhen_gov.core.lists.background import find_export
from shenzhen_gov.core.lists.export import TYPE


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Show one's exports; ask for the list behind `of`."""
    if request.method == "POST":
        return _ask(request)
    address = request.GET.get("of", "")
    found = own_exports(request.user, job_name)
    context = {
        "title": _("Files of long lists"),
        "address": address if address and _is_list(address) else "",
        "limit": f"{EXPORT_LIMIT:,}",
        "exports": found,
        "waits": any(one.waits for one in found),
    }
    is_part = getattr(request, "htmx", None)
    return render(request, "grid/_exports.html" if is_part else "grid/exports.html", context)


@login_required
@require_GET
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give a file that was made, to nobody but who asked for it."""
    export = own_export(request.user, pk)
    name = f"{export.name}-{timezone.localtime(export.ended_at):%Y%m%d-%H%M}.xlsx"
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=name, content_type=TYPE)


def _ask(request: HttpRequest) -> HttpResponse:
    language = get_language() or ""
    try:
        by = Actor.staff(request.user)
        ask_export(request.POST.get("of", ""), language=language, by=by, now=timezone.now())
    except BadInput:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is being written; you may go on working and come back here."))
        wake_up_exports()
    return redirect("grid:exports")


def _is_list(address: str) -> bool:
    try:
        find_export(address)
    except BadInput:
        return False
    return True
