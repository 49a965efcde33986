"""The dispatch desk: the next case that needs a person, why, and where it could go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, selectors, services
from grid.choices import Act
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused

from .guards import desk

FIELDS = {"unit": "unit_id", "item": "item_id"}


@desk(Act.DISPATCH_CASE)
@require_GET
def unmatched(request):
    """Show the waiting cases, the chosen one (else the most urgent) with its candidates."""
    return _show(request, request.GET.get("case"))


@desk(Act.DISPATCH_CASE)
@require_POST
def dispatch(request, pk: int):
    """Dispatch a case to the chosen unit; the next case slides in."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    form = forms.DispatchForm(request.POST)
    if not form.is_valid():
        return _show(request, found.number, form=form, status=422)
    try:
        order = services.dispatch_by_hand(pk, **form.cleaned_data, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        field = FIELDS.get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, str(refusal))
        return _show(request, found.number, form=form, status=refusal.status)
    messages.success(request, _("%(number)s was sent to %(unit)s.") % {"number": found.number, "unit": order.unit})
    return redirect("dispatch:unmatched")


@desk(Act.DISPATCH_CASE)
@require_POST
def reconsider(request, pk: int):
    """Let the machine look at a case again, after the duty list or the case was completed."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    services.reconsider([found.pk], by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The machine looks at %(number)s again.") % {"number": found.number})
    return redirect("dispatch:unmatched")


@desk(Act.DISPATCH_CASE)
@require_GET
def candidates(request, pk: int):
    """Answer the search for a duty item: the items that fit the words, each with its responsible unit."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    text = request.GET.get("q", "").strip()[:200]
    rows = selectors.get_candidates(found, Actor.staff(request.user), timezone.localdate(), text)
    return render(request, "dispatch/_candidates.html", {"candidates": rows, "case": found, "text": text})


@desk(Act.DISPATCH_CASE)
@require_GET
def units(request):
    """Answer the search for a unit by any name it ever had."""
    name = request.GET.get("unit_name", "").strip()[:120]
    rows = selectors.find_units(request.user, name, timezone.localdate()) if name else []
    return render(request, "dispatch/_unit_choices.html", {"units": rows, "name": name})


def _show(request, number: str | None, *, form=None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    waiting = list(selectors.get_waiting(request.user)[: selectors.WAITING_SHOWN])
    chosen = next((case for case in waiting if case.number == number), waiting[0] if waiting else None)
    if number and (chosen is None or chosen.number != number):
        messages.info(request, _("%(number)s no longer waits for a dispatcher.") % {"number": number})
    context = {"waiting": waiting, "chosen": chosen, "now": now, "title": _("Dispatch desk"), "form": form}
    if chosen is not None:
        context |= _chosen(request, chosen, form)
    return render(request, "dispatch/unmatched.html", context, status=status)


def _chosen(request, case: Case, form) -> dict:
    """Return what the middle and the right of the desk show."""
    by, day = Actor.staff(request.user), timezone.localdate()
    rows = selectors.get_candidates(case, by, day)
    first = next((row for row in rows if row.reason is None), None)
    initial = {"unit_id": first.unit.pk, "item_id": first.item.item_id} if first else {}
    form = form or forms.DispatchForm(initial=initial)
    return {
        "form": form,
        "candidates": rows,
        "decision": case.decisions.order_by("-id").first(),
        "chain": selectors.get_area_chain(case.area),
        "attachments": list(case.attachments.all()),
        "picked_unit": _unit_name(request.user, form["unit_id"].value()),
        "picked_item": str(form["item_id"].value() or ""),
    }


def _unit_name(user, pk) -> str:
    """Return the name of the unit that is picked in the form, if it may be shown."""
    if not str(pk or "").isdigit():
        return ""
    unit = selectors.get_dispatchable_units(user).filter(pk=int(pk)).first()
    return unit.name if unit else ""
