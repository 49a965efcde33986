"""The page of one case, and the steps taken on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, selectors, services
from dispatch.models import WorkOrder
from intake.selectors import get_case_more
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused


@dataclass(frozen=True)
class StepKind:
    """One step of the button bar: its form, the service that takes it, its last button, and what is said when done."""

    form: type[forms.StepForm]
    service: Callable
    submit: str | Promise
    done: str | Promise


STEPS = {
    "sign": StepKind(
        forms.SignForm, services.sign, gettext_lazy("Sign"),
        gettext_lazy("Signed. The next step is to contact the citizen."),
    ),
    "contact": StepKind(
        forms.ContactForm, services.record_contact, gettext_lazy("Record the contact"),
        gettext_lazy("The contact is recorded."),
    ),
    "hand_down": StepKind(
        forms.HandDownForm, services.hand_down, gettext_lazy("Hand down"), gettext_lazy("Handed down.")
    ),
    "report": StepKind(
        forms.ReportForm, services.report, gettext_lazy("Submit the report"),
        gettext_lazy("Reported. The review has begun."),
    ),
    "approve": StepKind(
        forms.ApproveForm, services.approve, gettext_lazy("Approve the report"), gettext_lazy("Approved.")
    ),
    "send_back": StepKind(
        forms.SendBackForm, services.send_back, gettext_lazy("Send the report back"),
        gettext_lazy("Sent back with the reason."),
    ),
}  # fmt: skip
FIELDS = {"unit": "unit_id"}  # the services' field names where the form's differ


@login_required
@require_GET
def case(request, number: str):
    """Show a case; for htmx only the case itself, as the desks dock it."""
    return _show(request, selectors.get_case(request.user, number), open_step=request.GET.get("do"))


@login_required
@require_GET
def case_more(request, number: str):
    """Answer what intake knows of a case besides, also to who sees the case by a work order alone."""
    found = selectors.get_case(request.user, number)
    more = get_case_more(request.user, found, timezone.now())
    return render(request, "intake/case_more.html", {"more": more, "case": found, "now": more.now})


@login_required
@require_POST
def act(request, pk: int, step: str):
    """Take one step on a work order; a refusal shows the case afresh with the reason and all that was typed."""
    if step not in STEPS:
        raise Http404
    work_order = selectors.get_work_order(request.user, pk)
    form = _make_form(request, step, work_order, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, work_order.case, open_step=step, form=form, status=422)
    try:
        STEPS[step].service(pk, **form.given(), by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        return _refused(request, step, pk, refusal)
    messages.success(request, STEPS[step].done)
    return _done(request, work_order)


def _refused(request, step: str, pk: int, refusal: Refused) -> HttpResponse:
    """Show the case as it is now, the refusal at its field, and what was typed ready to be sent again."""
    fresh = selectors.get_work_order(request.user, pk)
    typed = request.POST.copy()
    typed["row_version"] = str(fresh.row_version)
    form = _make_form(request, step, fresh, typed, request.FILES)
    form.is_valid()
    field = FIELDS.get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal))
    return _show(request, fresh.case, open_step=step, form=form, status=422 if request.htmx else refusal.status)


def _done(request, work_order: WorkOrder) -> HttpResponse:
    if not request.htmx:
        return redirect("dispatch:case", number=work_order.case.number)
    response = _show(request, selectors.get_case(request.user, work_order.case.number))
    response["HX-Trigger"] = "desk-changed"
    return response


def _show(request, found, *, open_step=None, form=None, status=200) -> HttpResponse:
    by = Actor.staff(request.user)
    page = selectors.get_case_page(request.user, found, timezone.now())
    work_order = form.work_order if form else selectors.choose_work_order(page.work_orders, by)
    steps = selectors.get_steps(work_order, by) if work_order else []
    if form is None and any(step.name == open_step and step.allowed and step.opens_form for step in steps):
        form = _make_form(request, open_step, work_order)
    context = _context_of(page) | {
        "work_order": work_order, "steps": steps, "own_steps": [step for step in steps if step.permitted],
        "form": form, "open_step": open_step if form else None, "submit_label": STEPS[open_step].submit if form else "",
        "is_docked": "docked" in (request.GET | request.POST),
    }  # fmt: skip
    return render(request, "dispatch/_case.html" if request.htmx else "dispatch/case.html", context, status=status)


def _context_of(page: selectors.CasePage) -> dict:
    """Return what the page shows whoever looks at it."""
    version = page.case.item_version
    return {
        "page": page, "case": page.case, "now": page.now, "ahead": selectors.get_ahead(page),
        "criteria": forms.split_criteria(version.close_criteria) if version else [],
        "title": _("Case %(number)s") % {"number": page.case.number}, "is_sample": bool(version and version.is_sample),
    }  # fmt: skip


def _make_form(request, step: str, work_order: WorkOrder, data=None, files=None) -> forms.StepForm:
    """Return the form of a step with its choices."""
    extra = {}
    if step == "hand_down":
        units = list(selectors.find_units_below(request.user, work_order, timezone.localdate()))
        extra = {"units": units, "initial": {"unit_id": selectors.nearest_unit(units, work_order)}}
    elif step == "approve":
        version = work_order.case.item_version
        extra = {"criteria": forms.split_criteria(version.close_criteria) if version else []}
    return STEPS[step].form(data, files, work_order=work_order, **extra)
