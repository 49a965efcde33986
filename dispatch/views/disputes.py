"""Dockets: the desk of those who rule, the page with all sides, and the dispute part of the dispatch desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dispatch import services
from dispatch.forms import disputes as forms
from dispatch.selectors import disputes as selectors
from dispatch.selectors import get_waiting
from dispatch.selectors.disputes_at_desk import get_desk_dispute
from grid.access import holding
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import capped_count, page_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class DocketStep:
    """One step on a docket: its service, its form, what is said when it is done."""

    service: Callable[..., Any]
    form: type[forms.VersionedForm]
    done: str | Promise


STEPS = {
    "rule": DocketStep(services.rule_docket, forms.RuleDocketForm, gettext_lazy("Ruled. The parties are told.")),
    "confer": DocketStep(services.call_conference, forms.ReasonForm, gettext_lazy("The conference is called.")),
    "withdraw": DocketStep(services.withdraw_docket, forms.ReasonForm, gettext_lazy("The docket is withdrawn.")),
}


@holding(Act.RULE_DISPUTE, Act.DISPATCH_CASE)
@require_GET
def dockets(request) -> HttpResponse:
    """Show the dockets of one's territory, soonest first; the decided ones can be searched by their words."""
    tab = selectors.get_docket_tab(request.GET.get("tab"))
    words = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    rows = selectors.find_dockets(request.user, tab, words)
    page = page_of(rows, tab.sort, PAGE_SIZE, request.GET.get("cursor") or None)
    counts = [
        (one, capped_count(selectors.find_dockets(request.user, one)) if one.counted else None)
        for one in selectors.DOCKET_TABS
    ]
    context = {
        "title": _("Dockets"), "now": timezone.now(), "tabs": counts, "tab": tab, "rows": page.rows, "pager": page,
        "words": words,
    }  # fmt: skip
    return render(request, "dispatch/dockets.html", context)


@login_required
@require_GET
def docket(request, pk: int) -> HttpResponse:
    """Show a docket to whoever sees its case or belongs to a party."""
    return _show(request, pk)


@login_required
@require_POST
def argue(request, pk: int) -> HttpResponse:
    """Give the argument of one's unit; a refusal keeps what was typed."""
    selectors.get_docket(request.user, pk)
    given = request.POST.get("unit_id", "")
    unit_id = int(given) if given.isdecimal() and len(given) < 19 else 0
    form = forms.ArgueForm(request.POST, request.FILES, unit_id=unit_id)
    if not form.is_valid():
        return _show(request, pk, arguing=form, status=422)
    by, now = Actor.staff(request.user), timezone.now()
    if refused := _refused(form, lambda: services.argue(pk, **form.given(), by=by, now=now)):
        return _show(request, pk, arguing=form, status=refused.status)
    messages.success(request, _("The argument is on the docket."))
    return redirect("dispatch:docket", pk=pk)


@login_required
@require_POST
def step(request, pk: int, name: str) -> HttpResponse:
    """Rule, call a conference, or withdraw; a refusal keeps what was typed."""
    if name not in STEPS:
        raise Http404
    kind = STEPS[name]
    selectors.get_docket(request.user, pk)
    form = kind.form(request.POST, prefix=name)
    if not form.is_valid():
        return _show(request, pk, open_step=name, form=form, status=422)
    by, now = Actor.staff(request.user), timezone.now()
    if refused := _refused(form, lambda: kind.service(pk, **form.given(), by=by, now=now)):
        return _show(request, pk, open_step=name, form=form, status=refused.status)
    messages.success(request, str(kind.done))
    return redirect("dispatch:docket", pk=pk)


@holding(Act.DISPATCH_CASE)
@require_http_methods(["GET", "POST"])
def dispute(request, pk: int) -> HttpResponse:
    """Show precedents for a waiting case and the form that opens a docket; or open it."""
    case = get_object_or_404(get_waiting(request.user), pk=pk)
    part = get_desk_dispute(request.user, case, timezone.now())
    form = forms.OpenDocketForm(request.POST if request.method == "POST" else None, units=part.units)
    status = 200
    if request.method == "POST":
        by, now = Actor.staff(request.user), timezone.now()
        if form.is_valid() and not _refused(
            form, lambda: services.open_docket(pk, **form.cleaned_data, by=by, now=now), {"unit": "unit_id"}
        ):
            messages.success(request, _("A docket is open; the interim handler has the case."))
            response: HttpResponse = redirect("dispatch:unmatched")
            if request.htmx:
                response = HttpResponse(status=204)
                response["HX-Redirect"] = reverse("dispatch:unmatched")
            return response
        status = 422
    context = {"case": case, "part": part, "form": form, "title": _("Dispute")}
    template = "dispatch/_desk_dispute_part.html" if request.htmx else "dispatch/dispute.html"
    return render(request, template, context, status=status)


def _refused(form, press: Callable[[], Any], names: dict[str, str] | None = None) -> Refused | None:
    """Press; a refusal is put at its field. What is not allowed at all is left to the error page."""
    try:
        press()
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        field = (names or {}).get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, str(refusal))
        return refusal
    return None


def _show(request, pk: int, *, arguing=None, open_step: str = "", form=None, status: int = 200) -> HttpResponse:
    found = selectors.get_docket(request.user, pk)
    page = selectors.get_docket_page(request.user, found, timezone.now())
    context = {
        "title": _("Docket of %(number)s") % {"number": found.case.number}, "docket": found, "page": page,
        "now": page.now, "sides": [(side, _argue_form(side, arguing)) for side in page.sides],
        "rule_form": _form("rule", page, open_step, form), "confer_form": _form("confer", page, open_step, form),
        "withdraw_form": _form("withdraw", page, open_step, form), "open_step": open_step,
        "may_list": selectors.may_list(request.user),
    }  # fmt: skip
    return render(request, "dispatch/docket.html", context, status=status)


def _argue_form(side: selectors.Side, arguing: forms.ArgueForm | None) -> forms.ArgueForm | None:
    """Return the form of a party that this person speaks for, with what was typed where it was refused."""
    if not side.may_argue:
        return None
    if arguing is not None and arguing.data.get("unit_id") == str(side.party.unit_id):
        return arguing
    initial = {"text": side.party.text} | forms.ArgueForm.citing(side.party.citations.all())
    return forms.ArgueForm(unit_id=side.party.unit_id, initial=initial)


def _form(name: str, page: selectors.DocketPage, open_step: str, form) -> forms.VersionedForm | None:
    """Return the form of a step this person may take; the one that was refused with what was typed."""
    if not page.may(name):
        return None
    version = page.docket.row_version
    if name == open_step and form is not None:
        form.data = form.data.copy()
        form.data[form.add_prefix("row_version")] = str(version)  # another press decides on what is shown now
        return form
    initial: dict[str, Any] = {"row_version": version}
    if name == "rule":
        initial |= {"amends": True, "item": page.docket.item.code if page.docket.item else ""}
    return STEPS[name].form(prefix=name, initial=initial)
