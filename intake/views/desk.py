"""What the agent's desk asks beside the form: its pulse, drafts, the seat, urging, and who else has a case open."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake import selectors
from intake.choices import SupplementKind, Via
from intake.forms import DRAFT_FIELDS
from intake.services import add_supplement, discard_draft, mark_present, save_draft, set_seat
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight, Refused

from .guards import case_in_sight, for_agents

CASES_ASKED = 10  # of a pulse


@login_required
@never_cache
@require_GET
def pulse(request: HttpRequest) -> JsonResponse:
    """Answer how one's own drafts and calls stand; asked again and again, so it costs one statement.

    With `cases` (ids) it also answers who else has these open: a desk asks that now and then.
    """
    asked = request.GET.get("cases", "").split(",")[:CASES_ASKED]
    ids = [int(one) for one in asked if one.isascii() and one.isdigit() and len(one) < 16]
    present = selectors.others_present(request.user, ids, now=timezone.now()) if ids else {}
    return JsonResponse({"drafts": selectors.pulse_drafts(request.user), "present": present, "now": _seconds()})


@for_agents
@never_cache
@require_http_methods(["GET", "POST", "DELETE"])
def draft(request: HttpRequest, key: str) -> JsonResponse:
    """Read, keep or throw away one of one's own drafts. An older text than the kept one is answered with 409."""
    by, now = Actor.staff(request.user), timezone.now()
    try:
        if request.method == "DELETE":
            discard_draft(key, by=by, now=now)
            return JsonResponse({})
        if request.method == "GET":
            return JsonResponse(_found(request, key))
        fields = {name: request.POST[name] for name in DRAFT_FIELDS if name in request.POST}
        saved = save_draft(key, fields, revision=_number(request, "revision"), by=by, now=now)
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse(selectors.draft_as_data(saved.draft), status=409 if saved.is_stale else 200)


@for_agents
@require_POST
def seat(request: HttpRequest) -> JsonResponse:
    """Sit down at an extension, or with an empty number at none."""
    extension = request.POST.get("extension", "").strip()
    try:
        before = set_seat(request.user.pk or 0, extension, by=Actor.staff(request.user), now=timezone.now())
    except Refused as refusal:
        return _refusal(refusal)
    said = _("You take calls of extension %(extension)s.") if extension else _("You sit at no extension.")
    if before:
        said = _("You take calls of extension %(extension)s; %(name)s does no longer.")
    name = before.get_full_name() or before.get_username() if before else ""
    return JsonResponse({"extension": extension, "said": said % {"extension": extension, "name": name}})


@for_agents
@require_POST
def urge(request: HttpRequest, number: str) -> JsonResponse:
    """催办 in the name of the caller: an addition to the case, told to whoever handles it."""
    case = case_in_sight(request, number)
    try:
        add_supplement(
            case.pk,
            request.POST.get("text", ""),
            kind=SupplementKind.URGED,
            via=Via.AGENT,
            by=Actor.staff(request.user),
            now=timezone.now(),
        )
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse({"said": _("Case %(number)s: the unit is told that the caller asks.") % {"number": number}})


@login_required
@require_POST
def present(request: HttpRequest, number: str) -> HttpResponse:
    """Say that one has a case open, and answer who else has."""
    case, now = case_in_sight(request, number), timezone.now()
    mark_present(case.pk, by=Actor.staff(request.user), now=now)
    others = selectors.others_present(request.user, [case.pk], now=now).get(case.pk, [])
    return render(request, "intake/_present.html", {"case": case, "others": others})


def _found(request: HttpRequest, key: str) -> dict:
    found = selectors.get_draft(request.user, key)
    if found is None:
        raise OutOfSight(_("This draft is gone: its case was registered, or it was discarded."))
    return selectors.draft_as_data(found)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _seconds() -> int:
    return int(timezone.now().timestamp())


def _refusal(refusal: Refused) -> JsonResponse:
    return JsonResponse({"error": str(refusal), "field": refusal.field}, status=refusal.status)
