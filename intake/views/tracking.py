"""Following a case without log-in: finding it, adding to it, asking where it stands, withdrawing and rating it.

The page that shows how the case stands belongs to dispatch (`tracking:case`), which knows the units; what is entered
belongs here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from intake.choices import SupplementKind, Via
from intake.forms.public import AddForm, RateForm, TrackForm, WithdrawForm
from intake.models import Case
from intake.selectors import public
from intake.services import add_supplement, evaluate_case, rate_by_link, spend, withdraw_case
from intake.services.evaluations import require_usable
from intake.services.tallies import TRIES_OF_ADDRESS, TRIES_OF_NUMBER
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, Refused

from .visitors import address_of, answer, followed, forget, number_of_link, remember, to_case

TRACKER = Actor.citizen(Via.TRACK)


def of_followed_case(view):
    """Open a page to the browser that follows the case; lead others to the form that asks for number and digits."""

    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        case = followed(request, number)
        return view(request, case) if case else redirect("public:track")

    return never_cache(guarded)


@never_cache
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the number and the last four digits. Unknown numbers and wrong digits get the same answer."""
    if request.method == "GET":
        return _track_page(request, TrackForm(initial={"number": request.GET.get("number", "")[:24]}))
    form, now = TrackForm(request.POST), timezone.now()
    if not form.is_valid():
        return _track_page(request, form, BadInput(""))
    number = form.cleaned_data["number"].strip().upper()
    try:
        spend(TRIES_OF_ADDRESS, address_of(request), now=now)
        spend(TRIES_OF_NUMBER, number, now=now)
        case = public.find_tracked(number, form.cleaned_data["digits"])
        if case is None:
            raise Refused(_("No request fits this number and these four digits. Please look at both once more."))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _track_page(request, form, refusal)
    remember(request, case, now=now)
    return to_case(case.number)


@never_cache
@require_GET
def track_link(request: HttpRequest, key: str) -> HttpResponse:
    """Open the case of a private link."""
    now = timezone.now()
    number = number_of_link(key, now=now)
    case = public.get_case_by_number(number) if number else None
    if case is None:
        messages.warning(request, _("This link does not hold any more."))
        return redirect("public:track")
    remember(request, case, now=now)
    return to_case(case.number)


@require_POST
@of_followed_case
def leave(request: HttpRequest, case: Case) -> HttpResponse:
    """Stop following the case in this browser, e.g. on a shared one."""
    forget(request, case.number)
    messages.success(request, _("Closed. Nobody who uses this browser after you can see the request."))
    return redirect("public:track")


@require_http_methods(["GET", "POST"])
@of_followed_case
def add(request: HttpRequest, case: Case) -> HttpResponse:
    """Add words and files."""

    def take(form: AddForm) -> None:
        add_supplement(
            case.pk, form.cleaned_data["text"], via=Via.TRACK, by=TRACKER, now=timezone.now(), files=form.uploads()
        )

    form = AddForm(request.POST, request.FILES) if request.method == "POST" else AddForm()
    words = {
        "title": _("Add to your request"),
        "submit": _("Send"),
        "done": _("Added. The unit sees it."),
    }
    return _step(request, case, form, take, words, may=_steps(case).may_add)


@require_http_methods(["GET", "POST"])
@of_followed_case
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """Withdraw the request."""

    def take(form: WithdrawForm) -> None:
        reason = form.cleaned_data["reason"]
        withdraw_case(case.pk, reason=reason, via=Via.TRACK, by=TRACKER, now=timezone.now())

    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm()
    words = {
        "title": _("Withdraw your request"),
        "submit": _("Withdraw"),
        "done": _("We have noted that you withdraw the request."),
        "hint": _("A request that no unit has yet ends at once. One that is being handled is for its unit to end."),
    }
    return _step(request, case, form, take, words, may=_steps(case).may_withdraw)


@require_POST
@of_followed_case
def urge(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask where the case stands."""
    try:
        add_supplement(case.pk, "", kind=SupplementKind.URGED, via=Via.TRACK, by=TRACKER, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Passed on to the unit that has your request."))
    return to_case(case.number)


@require_http_methods(["GET", "POST"])
@of_followed_case
def rate(request: HttpRequest, case: Case) -> HttpResponse:
    """Rate the present round."""

    def take(form: RateForm) -> None:
        evaluate_case(case.pk, form.scores(), via=Via.TRACK, by=TRACKER, now=timezone.now())

    form = RateForm(request.POST) if request.method == "POST" else RateForm()
    words = {"title": _("How did we do?"), "submit": _("Send"), "done": _("Thank you for your evaluation.")}
    return _step(request, case, form, take, words, may=_steps(case).may_rate, template="public/rate.html")


@never_cache
@require_http_methods(["GET", "POST"])
def rate_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Rate with a one-time link; it opens nothing else."""
    now, link = timezone.now(), public.find_rating_link(secret)
    if link is None:
        raise OutOfSight(_("Not found."))
    form = RateForm(request.POST) if request.method == "POST" else RateForm()
    context = {"title": _("How did we do?"), "submit": _("Send"), "case": link.case, "form": form, "by_link": True}
    try:
        require_usable(link, link.case, now)
    except Refused as refusal:
        return answer(request, "public/said.html", {"title": context["title"], "text": str(refusal)}, refusal)
    if not form.is_bound:
        return answer(request, "public/rate.html", context)
    refused = _try(form, lambda good: rate_by_link(secret, good.scores(), now=now))
    if form.errors:
        return answer(request, "public/rate.html", context, refused)
    return answer(request, "public/said.html", {"title": _("Thank you for your evaluation."), "is_good": True})


def _steps(case: Case) -> public.VisitorSteps:
    return public.visitor_steps(case, now=timezone.now())


def _step(
    request: HttpRequest,
    case: Case,
    form: forms.Form,
    take: Callable,
    words: dict,
    *,
    may: bool,
    template: str = "public/step.html",
) -> HttpResponse:
    """Show the form of one step on a followed case, or take it and go back to the case."""
    context = words | {"at": "track", "case": case, "form": form}
    if not form.is_bound:
        # A page left open, an old bookmark: the case itself says what is possible now.
        return answer(request, template, context) if may else to_case(case.number)
    refused = _try(form, take)
    if form.errors:
        return answer(request, template, context, refused)
    messages.success(request, words["done"])
    return to_case(case.number)


def _try(form: forms.Form, take: Callable) -> Refused | None:
    """Take the step; a refusal becomes an error of the form and is returned."""
    if not form.is_valid():
        return BadInput("")
    try:
        take(form)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return refusal
    return None


def _track_page(request: HttpRequest, form: TrackForm, refusal: Refused | None = None) -> HttpResponse:
    return answer(request, "public/track.html", {"title": _("Follow a request"), "at": "track", "form": form}, refusal)
