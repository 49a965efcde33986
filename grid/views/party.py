"""Registers of party and partners: their lists, one form for new and changed entries, service days and claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grid import access
from grid.access import holding
from grid.choices import Act, Audience
from grid.forms import party as forms
from grid.models import Adviser, CommunityTask, Estate, Gathering, Liaison, Reporter, ServiceSite
from grid.selectors import party as selectors
from grid.services import party as services
from grid.services.party.volunteers import AUDIENCES
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.form_steps import attempt, version_number


@dataclass(frozen=True)
class Register:
    """One register: what it holds, how an entry is entered and shown. `page`: the address name of an entry's page."""

    title: str | Promise
    new: str | Promise
    empty: str | Promise
    icon: str
    model: Any
    form: type[forms.EntryForm]
    keep: Callable
    related: tuple[str, ...] = ()
    page: str = ""


REGISTERS = {
    "sites": Register(
        gettext_lazy("Service sites"),
        gettext_lazy("New service site"),
        gettext_lazy("No service site here"),
        "building",
        ServiceSite,
        forms.SiteForm,
        services.keep_site,
        ("kind",),
    ),
    "reporters": Register(
        gettext_lazy("Reported here"),
        gettext_lazy("New report"),
        gettext_lazy("Nobody has reported here"),
        "people",
        Reporter,
        forms.ReporterForm,
        services.keep_reporter,
        page="grid:reporter",
    ),
    "tasks": Register(
        gettext_lazy("Community tasks"),
        gettext_lazy("New task"),
        gettext_lazy("No community task here"),
        "flag",
        CommunityTask,
        forms.TaskForm,
        services.keep_task,
        ("kind",),
        page="grid:community_task",
    ),
    "gatherings": Register(
        gettext_lazy("Meetings and visits"),
        gettext_lazy("New meeting or visit"),
        gettext_lazy("No meeting or visit here"),
        "message",
        Gathering,
        forms.GatheringForm,
        services.keep_gathering,
        ("liaison__unit", "liaison__area"),
        page="intake:gathering",
    ),
    "liaisons": Register(
        pgettext_lazy("list", "Liaison"),
        gettext_lazy("New liaison"),
        gettext_lazy("No liaison here"),
        "swap",
        Liaison,
        forms.LiaisonForm,
        services.keep_liaison,
        ("unit",),
    ),
    "estates": Register(
        gettext_lazy("Estates"),
        gettext_lazy("New estate"),
        gettext_lazy("No estate here"),
        "map",
        Estate,
        forms.EstateForm,
        services.keep_estate,
        ("unit",),
    ),
    "advisers": Register(
        gettext_lazy("Advisers"),
        gettext_lazy("New adviser"),
        gettext_lazy("No adviser here"),
        "gavel",
        Adviser,
        forms.AdviserForm,
        services.keep_adviser,
    ),
}
for_planners = holding(Act.MANAGE_GRID)


@for_planners
@require_GET
def entries(request: HttpRequest, kind: str = "sites") -> HttpResponse:
    """Show a register, newest first."""
    register = _register(kind)
    before = version_number(request.GET.get("before"))
    rows = list(selectors.list_entries(register.model, request.user, before, register.related))
    now = timezone.now()
    _complete(rows, kind, register, now)
    context = {
        "title": register.title,
        "kind": kind,
        "register": register,
        "registers": REGISTERS,
        "rows": rows,
        "row_template": f"grid/party/_{kind}.html",
        "older": rows[-1].pk if len(rows) == selectors.PAGE else None,
        "counters": address_or_none("intake:counters") if access.holds(request.user, Act.REGISTER_CASE) else None,
        "today": timezone.localdate(),
        "now": now,
    }
    return render(request, "grid/party/entries.html", context)


def _complete(rows: list, kind: str, register: Register, now: datetime) -> None:
    """Add to entries what their lines show besides their columns."""
    waiting = selectors.waiting_items(row.pk for row in rows) if kind == "gatherings" else {}
    openings = selectors.openings_of(rows, now) if kind == "sites" else {}
    for row in rows:
        row.waiting = waiting.get(row.pk, {})
        row.href = address_or_none(register.page, row.pk) or reverse("grid:party_edit", args=[kind, row.pk])
        row.opening = openings.get(row.pk)
        if kind == "advisers":
            row.days_shown = " ".join(str(WEEKDAYS_ABBR[int(day) - 1]) for day in row.weekdays)


@for_planners
@require_http_methods(["GET", "POST"])
def entry_edit(request: HttpRequest, kind: str, pk: int | None = None) -> HttpResponse:
    """Enter an entry, or change one."""
    register = _register(kind)
    row = selectors.get_entry(register.model, request.user, pk) if pk is not None else None
    if row is not None:
        access.require(Actor.staff(request.user), Act.MANAGE_GRID.value, row)
    form = register.form(request.POST or None, user=request.user, row=row)
    if request.method == "POST" and form.is_valid():
        kept = attempt(form, request, register.keep, pk, form.entry())  # type: ignore[attr-defined]
        if kept is not None:
            messages.success(request, _("Kept."))
            address = address_or_none(register.page, kept.pk) if register.page else None
            return redirect(address or reverse("grid:party_list", args=[kind]))
    context = {
        "title": register.new if row is None else str(row),
        "parents": [(register.title, reverse("grid:party_list", args=[kind]))],
        "form": form,
        "register": register,
        "kind": kind,
    }
    return render(request, "grid/party/entry_form.html", context, status=422 if form.errors else 200)


@for_planners
@require_http_methods(["GET", "POST"])
def reporter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one who reported with the days of service, and record one."""
    found = selectors.get_entry(Reporter, request.user, pk)
    form = forms.DayForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, request, services.record_day, found.pk, **form.cleaned_data) is not None
    ):
        messages.success(request, _("The day is recorded."))
        return redirect("grid:reporter", pk=pk)
    context = {
        "title": str(found),
        "parents": [(REGISTERS["reporters"].title, reverse("grid:party_list", args=["reporters"]))],
        "reporter": found,
        "form": form,
        "days": selectors.days_of(found),
        "sum": selectors.sum_of_days(found),
    }
    return render(request, "grid/party/reporter.html", context, status=422 if form.errors else 200)


@for_planners
@require_http_methods(["GET", "POST"])
def community_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task with who took it on; take it on for somebody."""
    found = selectors.get_entry(CommunityTask, request.user, pk)
    takers = selectors.takers_for(found, AUDIENCES[Audience(found.audience)])
    form = forms.ClaimForm(request.POST or None, takers=takers)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, request, services.claim_task, found.pk, int(given["reporter"]), given["people"]):
            messages.success(request, _("The task is claimed."))
            return redirect("grid:community_task", pk=pk)
    now = timezone.now()
    context = {
        "title": found.title,
        "parents": [(REGISTERS["tasks"].title, reverse("grid:party_list", args=["tasks"]))],
        "task": found,
        "form": form,
        "claims": selectors.claims_of(found),
        "is_open": found.cancelled_at is None and found.ends_at > now,
        "has_begun": found.starts_at <= now,
        "takers": takers,
    }
    return render(request, "grid/party/task.html", context, status=422 if form.errors else 200)


CLAIM_STEPS: dict[str, Callable] = {
    "withdraw": services.withdraw_claim,
    "present": lambda pk, **given: services.mark_presence(pk, True, **given),
    "absent": lambda pk, **given: services.mark_presence(pk, False, **given),
}


@for_planners
@require_POST
def task_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a task off, or say of a claim that it is withdrawn, or whether they came."""
    found = selectors.get_entry(CommunityTask, request.user, pk)
    given: dict = {"by": Actor.staff(request.user), "now": timezone.now()}
    step, _colon, number = request.POST.get("step", "").partition(":")
    try:
        if step == "cancel":
            services.cancel_task(found.pk, **given)
        elif step in CLAIM_STEPS and (claim := selectors.claim_in(found, version_number(number))):
            CLAIM_STEPS[step](claim.pk, **given)
        else:
            raise Http404
    except Refused as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
    return redirect("grid:community_task", pk=pk)


def _register(kind: str) -> Register:
    if kind not in REGISTERS:
        raise Http404
    return REGISTERS[kind]
