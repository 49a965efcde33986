"""What the grid finds: report it, or solve it on the spot; and what became of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dispatch.forms.found import FoundForm, SolvedForm
from dispatch.selectors import get_phone_bar
from dispatch.selectors.found import my_findings, own_items, team_findings
from dispatch.services import NotForCommunity, report_found, solve_on_spot
from grid import access
from grid.access import holding
from grid.choices import Act
from grid.selectors.rounds import walked_areas
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import Sort, page_of

FIRST_DAY = date(2018, 1, 1)
PAGE_SIZE = 50
NEWEST = Sort("newest", gettext_lazy("Newest first"), ("-found_at", "-id"))


@holding(Act.GRID_ROUND)
@never_cache
@require_GET
def found(request: HttpRequest) -> HttpResponse:
    """Show what the user found last and what became of it."""
    context = {
        "title": _("What I found"),
        "parents": _parents(),
        "rows": my_findings(request.user),
        "plans": access.holds(request.user, Act.MANAGE_GRID),
    }
    return render(request, "dispatch/found.html", context)


@holding(Act.MANAGE_GRID)
@never_cache
@require_GET
def found_team(request: HttpRequest) -> HttpResponse:
    """Show what the teams found on a day, today unless `day` says another."""
    today = timezone.localdate()
    day = _day(request.GET.get("day", ""), today)
    rows = team_findings(request.user, day).select_related("case__item", "case__holder", "found_by")
    page = page_of(rows, NEWEST, PAGE_SIZE, request.GET.get("cursor") or None)
    context = {
        "title": _("What my teams found"), "parents": [(_("Community desk"), reverse("dispatch:community"))],
        "rows": page.rows, "pager": page, "day": day, "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None, "phone_bar": get_phone_bar(request.user),
    }  # fmt: skip
    return render(request, "dispatch/found_team.html", context)


@holding(Act.GRID_ROUND)
@never_cache
@require_http_methods(["GET", "POST"])
def found_new(request: HttpRequest) -> HttpResponse:
    """Report something for dispatch."""

    def send(form: FoundForm, by: Actor, key: str | None):
        photos = form.cleaned_data["photos"]
        return report_found(form.finding(), photos=photos, by=by, now=timezone.now(), idempotency_key=key)

    return _page(request, FoundForm, send, "dispatch/found_new.html", _("Report what I found"))


@holding(Act.GRID_ROUND)
@never_cache
@require_http_methods(["GET", "POST"])
def found_solve(request: HttpRequest) -> HttpResponse:
    """Keep something as found and solved."""

    def send(form: SolvedForm, by: Actor, key: str | None):
        given = {name: form.cleaned_data[name] for name in ("done", "before", "after")}
        return solve_on_spot(form.finding(), **given, by=by, now=timezone.now(), idempotency_key=key)

    return _page(request, SolvedForm, send, "dispatch/found_solve.html", _("Solved on the spot"))


def _page(request: HttpRequest, form_class, send, template: str, title: str) -> HttpResponse:
    """Show the form, or send it: what is refused stands at its field, and what was typed is kept."""
    by, areas = Actor.staff(request.user), walked_areas(request.user)
    access.require_any(request.user, Act.REGISTER_CASE)
    task = request.GET.get("task", "")
    start = {"task": task if task.isascii() and task.isdecimal() and len(task) < 18 else None}  # noqa: PLR2004
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_class(*sent, areas=areas, initial=start)
    context = {"title": title, "parents": _parents(), "form": form, "areas": areas}
    if request.method == "POST" and form.is_valid():
        try:
            done = send(form, by, form.cleaned_data["key"] or None)
        except (NotAllowed, OutOfSight):
            raise
        except Refused as refusal:
            context["is_for_dispatch"] = isinstance(refusal, NotForCommunity)
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return _done(request, done)
    context["items"] = own_items(areas, request.user, timezone.localdate())
    return render(request, template, context, status=422 if form.errors else 200)


def _done(request: HttpRequest, done) -> HttpResponse:
    case = done.case
    if case.closed_at:
        text = _("%(number)s: found, solved and closed.")
    elif hasattr(case, "finding") and case.finding.review_cause:
        text = _("%(number)s: kept as solved; it is reviewed before it is closed.")
    else:
        text = _("%(number)s: on its way to dispatch.")
    messages.success(request, text % {"number": case.number})
    return redirect("dispatch:found")


def _day(text: str, today: date) -> date:
    """Return the day an address names; what is none, or has not come, is today."""
    with suppress(ValueError):
        named = date.fromisoformat(text)
        return named if FIRST_DAY <= named <= today else today
    return today


def _parents() -> list[tuple[str, str]]:
    return [(_("My rounds"), reverse("grid:round_today"))]
