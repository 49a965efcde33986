"""The inbox and the number on the bell."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grid import inbox
from grid.services import mark_seen
from shenzhen_gov.core.actor import Actor


@login_required
@never_cache
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """Show the newest messages, or those before one; what is shown counts as seen."""
    before = request.GET.get("before", "")
    is_later = before.isascii() and before.isdigit() and len(before) < 16
    rows = inbox.get_inbox(request.user, int(before) if is_later else None)
    context = {"rows": rows, "seen": inbox.get_seen(request.user), "title": _("Messages"), "is_later": is_later}
    context["older"] = rows[-1].pk if len(rows) == inbox.SHOWN else None
    if rows and not is_later:
        mark_seen(rows[0].pk, by=Actor.staff(request.user))
    return render(request, "grid/messages.html", context)


@never_cache
@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """Answer the number on the bell; nothing to who is no longer logged in, for the log-in page fits no bell."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    unseen = inbox.count_unseen(request.user)
    return render(request, "grid/_unseen.html", {"unseen": unseen, "most": inbox.COUNTED})
