"""The page of one case, and the steps taken on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, selectors, services
from dispatch.models import WorkOrder
from dispatch.workflow import HANDLING, PENDING_SIGN
from grid.choices import UnitKind
from intake.models import Case
from intake.selectors import get_case_more
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused

from .step_choices import CHOICES
from .step_kinds import CASE_STEPS, WORK_ORDER_STEPS, StepKind

FIELDS = {"unit": "unit_id", "files": "evidence"}  # the services' field names where the form's differ


@login_required
@require_GET
def case(request, number: str):
    """Show a case; for htmx only the case itself, as the desks dock it."""
    return show_case(request, selectors.get_case(request.user, number), open_step=request.GET.get("do"))


@login_required
@require_GET
def case_more(request, number: str):
    """Answer what is known of a case besides, also to who sees the case by a work order alone."""
    found, now = selectors.get_case(request.user, number), timezone.now()
    more = get_case_more(request.user, found, now)
    parts = selectors.get_case_parts(request.user, found, now)
    return render(request, "dispatch/case_more.html", {"more": more, "parts": parts, "case": found, "now": now})


@login_required
@require_POST
def act(request, pk: int, step: str):
    """Take one step on a work order; a refusal shows the case afresh with the reason and all that was typed."""
    if step not in WORK_ORDER_STEPS:
        raise Http404
    return _take(request, WORK_ORDER_STEPS[step], step, pk, selectors.get_work_order)


@login_required
@require_POST
def act_on_case(request, pk: int, step: str):
    """Take one step on the case itself, in the same way."""
    if step not in CASE_STEPS:
        raise Http404
    return _take(request, CASE_STEPS[step], step, pk, selectors.get_case_by_id)


def _take(request, kind: StepKind, step: str, pk: int, read) -> HttpResponse:
    target = read(request.user, pk)
    form = _make_form(request, step, target, request.POST, request.FILES)
    if not form.is_valid():
        if _wants_json(request):
            return JsonResponse(
                {"error": " ".join(text for texts in form.errors.values() for text in texts)}, status=422
            )
        return show_case(request, _case_of(target), open_step=step, form=form, status=422)
    try:
        _service_of(request, kind, step)(pk, **form.given(), by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        if _wants_json(request):
            return JsonResponse({"error": str(refusal), "row_version": read(request.user, pk).row_version}, status=409)
        return _refused(request, step, read(request.user, pk), refusal)
    if _wants_json(request):
        return JsonResponse({"done": str(kind.done), "number": str(target)}, status=200)
    messages.success(request, str(kind.done))
    return show_done(request, _case_of(target))


def _service_of(request, kind: StepKind, step: str) -> Callable:
    """Return what takes the step; a report that brings a key is taken once, however often it arrives."""
    key = request.POST.get("once", "") if step == "report" else ""
    return partial(services.report_once, key=key) if key else kind.service


def _wants_json(request) -> bool:
    """Whether a script asks that sends what a browser kept while the line was down."""
    return request.headers.get("Accept") == "application/json"


def _refused(request, step: str, fresh: WorkOrder | Case, refusal: Refused) -> HttpResponse:
    """Show the case as it is now, the refusal at its field, and what was typed ready to be sent again."""
    typed = request.POST.copy()
    typed["row_version"] = str(fresh.row_version)
    form = _make_form(request, step, fresh, typed, request.FILES)
    form.is_valid()
    names = (refusal.field or "", FIELDS.get(refusal.field or "", ""))
    form.add_error(next((name for name in names if name in form.fields), None), str(refusal))
    return show_case(
        request, _case_of(fresh), open_step=step, form=form, status=422 if request.htmx else refusal.status
    )


def show_done(request, case: Case) -> HttpResponse:
    """Show a case after a step was taken: afresh, and the desk around it is told."""
    if not request.htmx:
        return redirect("dispatch:case", number=case.number)
    response = show_case(request, selectors.get_case(request.user, case.number))
    response["HX-Trigger"] = "desk-changed"
    return response


def show_case(request, found, *, open_step=None, form=None, deciding=None, status=200) -> HttpResponse:
    """Show a case, with the form of a step open, or with what was typed about a request (`deciding`)."""
    by = Actor.staff(request.user)
    page = selectors.get_case_page(request.user, found, timezone.now())
    work_order = getattr(form, "work_order", None) or selectors.choose_work_order(
        page.work_orders, by, request.GET.get("wo")
    )
    steps = selectors.get_steps(work_order, by) if work_order else []
    case_steps = selectors.get_case_steps(page.case, by)
    is_open = any(step.name == open_step and step.allowed and step.opens_form for step in steps)
    if form is None and work_order is not None and is_open:
        form = _make_form(request, open_step, work_order)
    elif form is None and any(step.name == open_step and step.allowed for step in case_steps):
        form = _make_form(request, open_step, page.case)
    kind = WORK_ORDER_STEPS.get(open_step) or CASE_STEPS.get(open_step)
    context = _context_of(page) | {
        **_bar(work_order, steps, page), "case_steps": case_steps, "asked": _asked(page, deciding),
        "form": form, "open_step": open_step if form else None, "submit_label": kind.submit if form and kind else "",
        "is_docked": "docked" in (request.GET | request.POST),
        "undo": selectors.get_undo_of_case(page.case, page.timeline, page.work_orders, by, page.now),
        "has_own_list": has_own_list(work_order),
    }  # fmt: skip
    return render(request, "dispatch/_case.html" if request.htmx else "dispatch/case.html", context, status=status)


def has_own_list(work_order: WorkOrder | None) -> bool:
    """Whether a community has the work order, whose own list says what it may be given."""
    if work_order is None or work_order.state not in (PENDING_SIGN, HANDLING):
        return False
    return work_order.unit.kind == UnitKind.COMMUNITY and work_order.case.item_id is not None


def _bar(work_order: WorkOrder | None, steps: list[selectors.Step], page: selectors.CasePage) -> dict:
    """Return the buttons of a work order: its own steps, and in a menu what the level above decides.

    What was asked already is off until it is decided.
    """
    permitted, why = [step for step in steps if step.permitted], _("This was asked already and is not decided yet.")
    asked = {f"ask_{row.kind}" for row in page.open_requests if work_order and row.work_order_id == work_order.pk}
    return {
        "work_order": work_order, "steps": steps,
        "own_steps": [step for step in permitted if not step.is_asked],
        "ask_steps": [
            replace(step, reason=why) if step.name in asked else step for step in permitted if step.is_asked
        ],
    }  # fmt: skip


def _asked(page: selectors.CasePage, deciding: forms.DecideRequestForm | None) -> list[tuple]:
    """Return the open requests, each with the form to decide it; the one that was refused with what was typed."""
    return [
        (one, deciding if deciding and deciding.asked == one.row else forms.DecideRequestForm(asked=one.row))
        for one in selectors.show_requests(page.open_requests, page.user, page.now)
    ]


def _context_of(page: selectors.CasePage) -> dict:
    """Return what the page shows whoever looks at it."""
    version = page.case.item_version
    return {
        "page": page, "case": page.case, "now": page.now, "ahead": selectors.get_ahead(page),
        "criteria": forms.split_criteria(version.close_criteria) if version else [],
        "title": _("Case %(number)s") % {"number": page.case.number}, "is_sample": bool(version and version.is_sample),
    }  # fmt: skip


def _case_of(target: WorkOrder | Case) -> Case:
    return target.case if isinstance(target, WorkOrder) else target


def _make_form(request, step: str, target: WorkOrder | Case, data=None, files=None):
    """Return the form of a step with its choices."""
    if isinstance(target, Case):
        return CASE_STEPS[step].form(data, files, case=target)
    extra = CHOICES[step](request, target) if step in CHOICES else {}
    return WORK_ORDER_STEPS[step].form(data, files, work_order=target, **extra)
