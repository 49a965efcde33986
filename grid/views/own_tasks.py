"""双报到 for who reported: claimable tasks and the own ones; the account needs no role and sees nothing else."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grid.selectors import party as party_selectors
from grid.selectors.own_tasks import get_own_tasks
from grid.services import party as services
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.form_steps import version_number


@login_required
@never_cache
@require_GET
def own_tasks(request: HttpRequest) -> HttpResponse:
    """Show what one may claim and what one has claimed; to who reported nowhere, how to begin."""
    now = timezone.now()
    found = get_own_tasks(request.user, now)
    context: dict = {"title": _("Community tasks for me"), "found": found, "now": now}
    if found is not None:
        context["sum"] = party_selectors.sum_of_days(found.reporter)
    return render(request, "grid/party/own_tasks.html", context)


@login_required
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task on; an organisation says how many people it sends."""
    people = version_number(request.POST.get("people", "1")) or 1
    return _carry_out(request, _("The task is yours; please be there in time."), services.claim_own_task, pk, people)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a place back."""
    return _carry_out(request, _("The place is free again."), services.withdraw_own_claim, pk)


def _carry_out(request: HttpRequest, told: str, step, *args) -> HttpResponse:
    try:
        step(*args, by=Actor.staff(request.user), now=timezone.now())
    except Refused as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("grid:own_tasks")
