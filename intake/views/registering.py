"""Registering a request and reading its number out."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grid import access
from grid.choices import Act
from intake import selectors, services
from intake.choices import OutcomeKind
from intake.forms import DRAFT_FIELDS, AssistForm, RegisterForm
from intake.forms.outcomes import OutcomeForm, sent_outcome
from intake.models import Case
from intake.selectors.refusals import waiting_refusal
from intake.services import register_with_outcome
from intake.services.community import note_counter
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import OutOfSight, Refused
from shenzhen_gov.core.form_steps import version_number
from shenzhen_gov.core.parameters import get_parameter

from .desk_words import DESK_WORDS
from .guards import case_in_sight, for_agents, wants_json

COUNTER = "service_site"  # the channel of data/channels.csv


@for_agents
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Show the agent's desk, and register what it sends, with what becomes of it."""
    if request.method == "GET":
        return _register_page(request, _first_form(request), 200)
    form, outcome, status = RegisterForm(request.POST, request.FILES), sent_outcome(request.POST), 400
    if form.is_valid() & outcome.is_valid():
        try:
            done = register_with_outcome(
                form.new_case(),
                outcome.get_outcome(),
                by=Actor.staff(request.user),
                now=timezone.now(),
                idempotency_key=form.cleaned_data["key"],
                files=form.uploads(),
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            status = refusal.status
        else:
            warning = _link(request, form.cleaned_data["link_to"], done.case)
            return _sent(request, done.case, warning or _note_counter(request, form.cleaned_data["site"], done.case))
    if wants_json(request):
        errors = form.errors.get_json_data() | outcome.errors.get_json_data()
        return JsonResponse({"errors": errors}, status=status)
    return _register_page(request, form, status)


@for_agents
@require_POST
def assist(request: HttpRequest) -> HttpResponse:
    """Answer what fits the text so far: place, duty items, the same matter, knowledge. One request, asked often."""
    form = AssistForm(request.POST)
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in form.fields}
    context = selectors.while_typing(request.user, **given, now=timezone.now())
    context |= {"searched": given["search"], "text": given["content"]}
    return render(request, "intake/_assist.html", context)


@for_agents
@require_GET
def outcome(request: HttpRequest) -> HttpResponse:
    """Answer the dialog of an outcome: answer on the spot, not accepted, or handed to an emergency service."""
    kind = request.GET.get("outcome", "")
    form = OutcomeForm(initial={"outcome": kind, "article": request.GET.get("article", "")[:12]})
    context = {"form": form, "outcome": kind if kind in OutcomeKind.values else OutcomeKind.ANSWER}
    return render(request, "intake/_outcome.html", context)


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
    now = timezone.now()
    context: dict = {"phone": request.POST.get("phone", "").strip(), "now": now}
    context["repeat_days"] = get_parameter("repeat.days", timezone.localdate(now))
    try:
        context["caller"] = selectors.caller_history(request.user, context["phone"], now=now)
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
        "refusal": waiting_refusal(case),
        "may_register": access.holds(request.user, Act.REGISTER_CASE),
        "is_sample": case.item_version is not None and case.item_version.is_sample,
    }
    context["is_on_desk"] = is_on_desk = "HX-Request" in request.headers
    response = render(request, "intake/_registered.html" if is_on_desk else "intake/registered.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _register_page(request: HttpRequest, form: RegisterForm, status: int) -> HttpResponse:
    context = {
        "title": _("Agent desk"),
        "form": form,
        "drafts": [selectors.draft_as_data(draft) for draft in selectors.desk_drafts(request.user)],
        "texts": selectors.standard_texts(),
        "extension": selectors.get_extension(request.user),
        "forecast_url": address_or_none("dispatch:forecast"),
        "draft_fields": DRAFT_FIELDS,
        "words": DESK_WORDS,
    }
    return render(request, "intake/register.html", context, status=status)


def _first_form(request: HttpRequest) -> RegisterForm:
    """Return the empty form; for the counter of a service site where the address names one."""
    site = version_number(request.GET.get("site"))
    if site is None:
        return RegisterForm()
    return RegisterForm(initial={"key": uuid.uuid4().hex, "channel": COUNTER, "site": site})


def _note_counter(request: HttpRequest, site: int | None, case: Case) -> str:
    """Count the case for the counter where it was taken; a refusal is told and keeps nobody from the new case."""
    if site is None:
        return ""
    try:
        note_counter(case.pk, site, by=Actor.staff(request.user), now=timezone.now())
    except Refused as refusal:
        return str(refusal)
    return ""


def _link(request: HttpRequest, main: str, case: Case) -> str:
    """Link the new case to the one the agent chose; a refusal is told and keeps nobody from the new case."""
    if not main:
        return ""
    try:
        found = selectors.get_case(request.user, main)
        if found is None:
            raise OutOfSight(_("There is no case %(number)s to link to.") % {"number": main})
        services.link_cases(found.pk, case.pk, by=Actor.staff(request.user), now=timezone.now())
    except Refused as refusal:
        return str(refusal)
    return ""


def _sent(request: HttpRequest, case: Case, warning: str) -> HttpResponse:
    address = reverse("intake:registered", args=[case.number])
    if wants_json(request):
        return JsonResponse({"address": address, "number": case.number, "warning": warning}, status=201)
    if warning:
        messages.warning(request, warning)
    return redirect(address)
