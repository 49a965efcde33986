"""The dispatch desk: the next case that needs a person, why, and where it could go. The next one slides in.

Whoever opens the desk has the case they see claimed (services/claims.py), so that nobody else gets it. For htmx the
columns and the bar below them are answered, for everybody else the whole page; both show the same.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, selectors, services
from dispatch.choices import NeedsPerson
from dispatch.services.deciding_again import is_on
from grid.access import holding, holds
from grid.choices import Act
from intake.models import Case
from intake.selectors import area_path
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused

FIELDS = {"unit": "unit_id", "item": "item_id"}


@holding(Act.DISPATCH_CASE)
@require_GET
def unmatched(request):
    """Show the waiting cases, the chosen one (else the next that nobody else has) with its candidates."""
    return _show(request, _choose(request, request.GET.get("case", "")[:30]))


@holding(Act.DISPATCH_CASE)
@require_POST
def dispatch(request, pk: int):
    """Dispatch a case, and the like ones that were ticked, to the chosen unit; the next case slides in."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    form = forms.DispatchForm(request.POST, find_units=lambda name: _units_called(request.user, name))
    if not form.is_valid():
        return _show(request, pk, form=form, status=422)
    given, by = form.cleaned_data, Actor.staff(request.user)
    try:
        done = services.dispatch_together(pk, given.pop("also"), **given, by=by, now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        field = FIELDS.get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, str(refusal))
        return _show(request, pk, form=form, status=422 if request.htmx else refusal.status)
    _tell(request, found, done)
    return _next(request, sent=done.orders)


@holding(Act.DISPATCH_CASE)
@require_POST
def skip(request, pk: int):
    """Put a case off: it comes last for whoever does so."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    services.skip_case(found.pk, by=Actor.staff(request.user), now=timezone.now())
    return _next(request)


@holding(Act.DISPATCH_CASE)
@require_POST
def reconsider(request, pk: int):
    """Let the machine look at a case again, after the duty list or the case was completed."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    services.reconsider([found.pk], by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The machine looks at %(number)s again.") % {"number": found.number})
    return _next(request)


@holding(Act.DISPATCH_CASE)
@require_POST
def again(request):
    """Let the machine look again at what came to the desk because the switch was off."""
    count = services.decide_again(by=Actor.staff(request.user), now=timezone.now())
    text = ngettext("The machine looks at %(n)s case again.", "The machine looks at %(n)s cases again.", count)
    messages.success(request, text % {"n": count})
    return redirect("dispatch:unmatched")


@holding(Act.DISPATCH_CASE)
@require_POST
def take_over(request, pk: int):
    """Take a case over from another dispatcher."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    services.claim_case(found.pk, by=Actor.staff(request.user), now=timezone.now(), take_over=True)
    if not request.htmx:
        return redirect(f"{reverse('dispatch:unmatched')}?case={found.number}")
    return _show(request, pk)


@holding(Act.DISPATCH_CASE)
@require_POST
def keep(request, pk: int):
    """Hold the case for some minutes more: the page says that somebody is reading it."""
    found = get_object_or_404(selectors.get_waiting(request.user), pk=pk)
    services.keep_claim(found.pk, by=Actor.staff(request.user), now=timezone.now())
    return HttpResponse(status=204)


@holding(Act.DISPATCH_CASE)
@require_POST
def release(request, pk: int):
    """Give a case back: its page was left."""
    claimed_at = _moment(request.POST.get("claimed_at", ""))
    if claimed_at is not None:
        services.release(pk, claimed_at=claimed_at, by=Actor.staff(request.user))
    return HttpResponse(status=204)


def _choose(request, number: str) -> int | None:
    """Return the id of the case to show, claimed where nobody else has it: the one asked for, else the next."""
    by, now = Actor.staff(request.user), timezone.now()
    if number:
        found = selectors.get_waiting(request.user).filter(number=number.replace("\x00", "")).values_list("pk").first()
        if found is not None:
            # What somebody else has before them is shown all the same, to be read.
            with suppress(services.ClaimedByOther):
                services.claim_case(found[0], by=by, now=now)
            return found[0]
        messages.info(request, _("%(number)s no longer waits for a dispatcher.") % {"number": number})
    return services.claim_next(by=by, now=now, why=_why(request))


def _next(request, *, sent=()) -> HttpResponse:
    """Answer with the next case: by itself where htmx asked, else by the page."""
    if not request.htmx:
        why = _why(request)
        return redirect(reverse("dispatch:unmatched") + (f"?why={why}" if why else ""))
    return _show(request, _choose(request, ""), sent=sent)


def _show(request, pk: int | None, *, form=None, status: int = 200, sent=()) -> HttpResponse:
    now, why = timezone.now(), _why(request)
    waiting = selectors.get_waiting_list(request.user, now, why)
    chosen = next((case for case in waiting.cases if case.pk == pk), None)
    if chosen is None and pk is not None:
        chosen = selectors.get_waiting(request.user).filter(pk=pk).first()
    context = {
        "waiting": waiting, "why": why, "chosen": chosen, "now": now,
        "title": _("Dispatch desk"), "sent": sent, "parents": None, "may_decide_again": _may_decide_again(waiting),
    }  # fmt: skip
    if chosen is not None:
        context |= _chosen(request, chosen, form, now)
    template = "dispatch/_desk_swap.html" if request.htmx else "dispatch/unmatched.html"
    return render(request, template, context, status=status)


def _may_decide_again(waiting) -> bool:
    """Whether cases wait only because the switch was off, and it is on again."""
    return any(code == NeedsPerson.SWITCHED_OFF for code, _words, _count in waiting.by_why) and is_on()


def _chosen(request, case: Case, form, now: datetime) -> dict:
    """Return what the middle and the right of the desk show."""
    by, day = Actor.staff(request.user), timezone.localdate(now)
    words = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    rows = selectors.get_candidates(case, by, day, words)
    first = next((row for row in rows if row.reason is None), None)
    initial = {"unit_id": first.unit.pk, "item_id": first.item.item_id} if first and first.unit else {}
    initial |= {"suggested_id": rows[0].item.item_id} if rows and not words else {}
    form = form or forms.DispatchForm(initial=initial)
    claim = getattr(case, "claim", None)
    held_by = claim.staff if claim and claim.staff_id != request.user.pk and claim.expires_at > now else None
    arguments = selectors.get_arguments(case)
    return {
        "form": form, "candidates": rows, "text": words,
        "decision": case.decisions.order_by("-id").first(),
        "chain": area_path(case.area),
        # the desk's own query says whether a case has files
        "attachments": list(case.attachments.all()) if case.has_files else [],  # type: ignore[attr-defined]
        "picked_unit": _unit_name(request.user, form, first),
        "picked_item": str(form["item_id"].value() or ""),
        "arguments": arguments, "returned_by": {row.unit_id for row in arguments},
        "claim": claim, "held_by": held_by,
        "may_take_over": held_by is not None and holds(request.user, Act.PUBLISH_RULES),
        "alike": selectors.get_alike(request.user, case, now) if "alike" in request.GET else None,
    }  # fmt: skip


def _tell(request, case: Case, done: services.Together) -> None:
    """Say what was sent, and which of the like cases were refused."""
    unit, others = done.orders[0].unit, len(done.orders) - 1
    text = _("%(number)s was sent to %(unit)s.") % {"number": case.number, "unit": unit}
    if others:
        more = ngettext("%(count)s case like it went along.", "%(count)s cases like it went along.", others)
        text = f"{text} {more % {'count': others}}"
    if others or not request.htmx:
        messages.success(request, text)
    for number, reason in done.refused:
        messages.warning(request, _("%(number)s was not sent: %(reason)s") % {"number": number, "reason": reason})


def _unit_name(user, form, first) -> str:
    """Return the name of the unit that is picked in the form, if it may be shown; else what was typed."""
    pk = str(form["unit_id"].value() or "")
    if first is not None and pk == str(first.unit.pk):
        return first.unit.name
    if not pk.isdecimal() or len(pk) > 18:
        return form.data.get("unit_name", "")[:120]
    unit = selectors.get_dispatchable_units(user).filter(pk=int(pk)).first()
    return unit.name if unit else ""


def _units_called(user, name: str):
    return selectors.find_units(user, name, timezone.localdate())


def _why(request) -> str:
    """Return the reason to which the desk is narrowed."""
    why = request.POST.get("why") or request.GET.get("why", "")
    return why if why in dict(selectors.REASONS) else ""


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
