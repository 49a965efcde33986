"""Registering a request and reading its number out."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grid import access
from grid.choices import Act
from intake import selectors
from intake.forms import AssistForm, RegisterForm
from intake.models import Case
from intake.services import register_once
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.parameters import get_parameter

from .guards import address_or_none, case_in_sight, for_agents


@for_agents
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Show the registration page, and register what it sends."""
    if request.method == "GET":
        return _register_page(request, RegisterForm(), 200)
    form = RegisterForm(request.POST, request.FILES)
    status = 400
    if form.is_valid():
        try:
            done = register_once(
                form.new_case(),
                by=Actor.staff(request.user),
                now=timezone.now(),
                idempotency_key=form.cleaned_data["key"],
                files=form.uploads(),
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            status = refusal.status
        else:
            return _sent(request, reverse("intake:registered", args=[done.case.number]))
    if _wants_json(request):
        return JsonResponse({"errors": form.errors.get_json_data()}, status=status)
    return _register_page(request, form, status)


@for_agents
@require_POST
def assist(request: HttpRequest) -> HttpResponse:
    """Answer what fits the text so far: place, duty items, destination."""
    form = AssistForm(request.POST)
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in form.fields}
    found = selectors.assist(**given, today=timezone.localdate())
    context = {"assist": found, "searched": given["search"], "text": given["content"]}
    return render(request, "intake/_assist.html", context)


@for_agents
@require_GET
def areas(request: HttpRequest) -> HttpResponse:
    """Answer the areas that fit the words typed."""
    words = request.GET.get("area_words", "")[:60]
    return render(request, "intake/_areas.html", {"areas": selectors.search_areas(words), "words": words})


@for_agents
@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    """Answer who called from this number before, masked. By POST, so that no number stands in a log."""
    recent = get_parameter("history.recent_cases", timezone.localdate())
    context: dict = {"phone": request.POST.get("phone", "").strip(), "now": timezone.now()}
    try:
        context["caller"] = selectors.caller_history(request.user, context["phone"], recent=recent)
    except Refused as refusal:
        context["problem"] = str(refusal)
    return render(request, "intake/_caller.html", context)


@login_required
@require_GET
def registered(request: HttpRequest, number: str) -> HttpResponse:
    """Show the number to be read out, where the case went and why."""
    case = case_in_sight(request, number)
    context = {
        "title": _("Case registered"),
        "parents": [(_("Register a request"), reverse("intake:register"))],
        "case": case,
        "progress_url": address_or_none("dispatch:progress", number),
        "case_url": address_or_none("dispatch:case", number),
        "may_register": access.holds(request.user, Act.REGISTER_CASE),
        "is_sample": _is_sample(case),
    }
    return render(request, "intake/registered.html", context)


def _register_page(request: HttpRequest, form: RegisterForm, status: int) -> HttpResponse:
    return render(request, "intake/register.html", {"title": _("Register a request"), "form": form}, status=status)


def _sent(request: HttpRequest, address: str) -> HttpResponse:
    return JsonResponse({"address": address}, status=201) if _wants_json(request) else redirect(address)


def _wants_json(request: HttpRequest) -> bool:
    """Whether the page's script sent the form; it keeps what was typed and shows the errors beside it."""
    return request.headers.get("Accept") == "application/json"


def _is_sample(case: Case) -> bool:
    return case.item_version is not None and case.item_version.is_sample
