"""A meeting or visit with its items and its minutes, the counters of service sites, mediation of a case."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grid.access import holding, lacking
from grid.choices import Act
from grid.models import Gathering, ServiceSite
from grid.selectors import party as party_selectors
from grid.services import party
from intake.forms.community import AnswerForm, ItemForm, ReferForm, ResultForm
from intake.selectors import community as selectors
from intake.services import community as services
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.form_steps import attempt, version_number

from .guards import case_in_sight, for_agents

for_planners = holding(Act.MANAGE_GRID)


@for_planners
@require_http_methods(["GET", "POST"])
def gathering(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a meeting or visit with what was brought up, and write one more item down."""
    found = party_selectors.get_entry(Gathering, request.user, pk)
    form = ItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, request, party.add_item, found.pk, given["content"], given["place"]):
            messages.success(request, _("The item is written down."))
            return redirect("intake:gathering", pk=pk)
    context = _gathering_context(request, found) | {"form": form}
    return render(request, "intake/gathering.html", context, status=422 if form.errors else 200)


@for_planners
@require_GET
def gathering_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the minutes, ready for the printer."""
    found = party_selectors.get_entry(Gathering, request.user, pk)
    return render(request, "intake/gathering_print.html", _gathering_context(request, found))


@for_planners
@require_POST
def gathering_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an item, escalate it, or hand it on as a case or a lead."""
    found = party_selectors.get_entry(Gathering, request.user, pk)
    step, _colon, number = request.POST.get("step", "").partition(":")
    item = selectors.item_in(found, version_number(number))
    form = AnswerForm(request.POST)
    if item is None or step not in {"answer", "escalate", services.CASE, services.LEAD} or not form.is_valid():
        raise Http404
    given: dict = {"by": Actor.staff(request.user), "now": timezone.now()}
    try:
        if step == "answer":
            party.answer_item(item.pk, form.cleaned_data["answer"], **given)
            messages.success(request, _("The answer is kept."))
        elif step == "escalate":
            party.escalate_item(item.pk, **given)
            messages.success(request, _("The subdistrict takes it on."))
        else:
            filing = services.file_visit_item(item.pk, step, **given)
            messages.success(request, _("Handed on: %(number)s") % {"number": filing})
    except Refused as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
    return redirect(f"{reverse('intake:gathering', args=[pk])}#item-{item.pk}")


@for_agents
@require_GET
def counters(request: HttpRequest) -> HttpResponse:
    """Show the service sites in sight: which are open, and where a request is registered for their counter."""
    now = timezone.now()
    before = version_number(request.GET.get("before"))
    sites = list(party_selectors.list_entries(ServiceSite, request.user, before))
    counts = selectors.count_by_site([site.pk for site in sites], now)
    openings = party_selectors.openings_of(sites, now)
    rows = [(site, openings[site.pk], counts.get(site.pk, 0)) for site in sites]
    context = {
        "title": _("Counters"),
        "rows": rows,
        "days": selectors.COUNTED_DAYS,
        "older": sites[-1].pk if len(sites) == party_selectors.PAGE else None,
    }
    return render(request, "intake/counters.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mediation(request: HttpRequest, number: str) -> HttpResponse:
    """法治前哨: refer a legal matter of a case to an adviser, or record how the mediation ended."""
    case, today = case_in_sight(request, number), timezone.localdate()
    if not selectors.may_mediate(request.user, case):
        raise lacking(Act.HANDLE_CASE, Act.MANAGE_GRID)
    rows = selectors.mediations_of(case)
    current = next((row for row in rows if row.ended_at is None), None)
    form: ReferForm | ResultForm
    if current is not None:
        form = ResultForm(request.POST or None)
    else:
        advisers = party_selectors.advisers_for(case.area, today)
        form = ReferForm(request.POST or None, advisers=advisers, today=str(today.isoweekday()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if current is not None:
            done = attempt(form, request, services.end_mediation, current.pk, given["move"], given["result"])
        else:
            done = attempt(form, request, services.open_mediation, case.pk, int(given["adviser"]), given["matter"])
        if done is not None:
            messages.success(request, done.get_state_display())
            return redirect("intake:mediation", number=number)
    context = {"title": _("Legal advice and mediation"), "case": case, "rows": rows, "current": current, "form": form}
    context["parents"] = [(case.number, address_or_none("dispatch:case", number) or "#")]
    return render(request, "intake/mediation.html", context, status=422 if form.errors else 200)


def _gathering_context(request: HttpRequest, found: Gathering) -> dict:
    back = address_or_none("grid:party_list", "gatherings") or "#"
    items = selectors.items_of(found, request.user)
    for item in items:
        filed = getattr(item, "filing", None)
        if filed is not None and filed.case is not None:
            item.filed_url = address_or_none("dispatch:case", filed.case.number)  # type: ignore[attr-defined]
        elif filed is not None:
            item.filed_url = reverse("intake:lead", args=[filed.lead.number])  # type: ignore[attr-defined]
    return {
        "title": found.title,
        "parents": [(_("Meetings and visits"), back)],
        "gathering": found,
        "items": items,
        "open": sum(item.settled_at is None for item in items),
    }
