"""What a batch of the duty list means for cases: parts of its page, and the desk that decides case by case."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dispatch import forms, selectors, services
from dispatch.models import FollowUp
from dispatch.wake import wake_up_replays
from dutylist.models import Batch, BatchLine
from grid.access import holding, require
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import page_of

from .guards import DUTY_ACTS, duty_desk

PAGE_SIZE = 50


@duty_desk
@require_http_methods(["GET", "POST"])
def batch_cases(request, pk: int):
    """Show the open cases that a batch concerns; POST counts them. A fragment of the batch's page."""
    batch = _batch(request, pk)
    if request.method == "POST":
        services.count_cases(batch.pk, by=Actor.staff(request.user), now=timezone.now())
    found = selectors.get_batch_cases(batch, request.user)
    return render(request, "dispatch/batch_cases.html", {"batch": batch, "found": found})


@duty_desk
@require_http_methods(["GET", "POST"])
def batch_replay(request, pk: int):
    """Show the replay of a batch and how far it is; POST asks for one. A fragment of the batch's page."""
    batch, error, form = _batch(request, pk), "", forms.ReplayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        error = _ask_replay(request, batch, form)
    found = selectors.get_replay(batch)
    context = {"batch": batch, "found": found, "error": error, "form": form, "today": timezone.localdate()}
    return render(request, "dispatch/batch_replay.html", context, status=422 if error else 200)


@duty_desk
@require_GET
def line_cases(request, pk: int):
    """Show what one line means for cases. A fragment of the batch's page."""
    line = get_object_or_404(
        BatchLine.objects.select_related("batch__owner_area", "item__owner_area", "published__item").filter(
            batch__in=Batch.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    _refuse_outsiders(request, line.batch)
    return render(request, "dispatch/line_cases.html", {"found": selectors.get_line_cases(line, request.user)})


@holding(Act.DISPATCH_CASE)
@require_GET
def follow_ups(request):
    """Show the cases that a change of the list put before a dispatcher, soonest first; and what was left as it is."""
    now = timezone.now()
    tab = selectors.get_follow_up_tab(request.GET.get("tab"))
    batch = request.GET.get("batch", "").strip()[:20]
    rows = selectors.get_follow_ups(request.user, tab, batch)
    page = page_of(rows, tab.sort, PAGE_SIZE, request.GET.get("cursor") or None)
    context = {
        "title": _("After a change of the duty list"),
        "now": now,
        "tabs": selectors.FOLLOW_UP_TABS,
        "tab": tab,
        "rows": page.rows,
        "pager": page,
        "batch": batch,
    }
    return render(request, "dispatch/follow_ups.html", context)


@holding(Act.DISPATCH_CASE)
@require_POST
def decide(request, pk: int):
    """Take a dispatcher's answer about one case."""
    row = get_object_or_404(FollowUp.objects.visible_to(request.user), pk=pk)
    try:
        done = services.decide_follow_up(
            row.pk, request.POST.get("choice", ""), by=Actor.staff(request.user), now=timezone.now()
        )
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("dispatch:follow_ups")
    text = _("%(number)s: %(outcome)s.") % {"number": done.case.number, "outcome": done.get_reason_display()}
    messages.success(request, text)
    return redirect("dispatch:follow_ups")


def _batch(request, pk: int) -> Batch:
    """Return a batch whose list the person works on; 404 outside the territory, 403 with the reason inside."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("owner_area"), pk=pk)
    _refuse_outsiders(request, batch)
    return batch


def _refuse_outsiders(request, batch: Batch) -> None:
    """Raise NotAllowed for people without a role at this list; superusers read, and the services refuse the rest."""
    if not request.user.is_superuser:
        require(Actor.staff(request.user), tuple(act.value for act in DUTY_ACTS), batch)


def _ask_replay(request, batch: Batch, form) -> str:
    """Ask for a replay of the days in the form; return what is wrong, or nothing."""
    if not form.is_valid():
        return next(f"{form.fields[name].label}: {errors[0]}" for name, errors in form.errors.items())
    first, last = form.days(timezone.localdate())
    try:
        services.ask_replay(batch.pk, first=first, last=last, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        return str(refusal)
    transaction.on_commit(wake_up_replays, robust=True)
    return ""
