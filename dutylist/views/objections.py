"""异议: the list, one objection with its route, raising one, deciding a step, taking one into a batch."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutylist import services
from dutylist.forms_objections import ObjectionForm, RulingForm, TakeForm, VerdictForm
from dutylist.models import Objection
from dutylist.selectors import names
from dutylist.selectors import objections as selectors
from dutylist.tables_objections import ObjectionTable
from grid.access import grants_of, holds
from grid.choices import Act
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort

OPENS = (Act.ENTER_DUTY, Act.REVIEW_DUTY, Act.MANAGE_DUTY, Act.HANDLE_CASE)
TABS = (
    (selectors.DECIDE, gettext_lazy("For me to decide")),
    (selectors.RAISED, gettext_lazy("Raised by my unit")),
    (selectors.ALL, gettext_lazy("All")),
)


class ObjectionList(ListPage):
    """Objections in sight, in tabs."""

    title = gettext_lazy("Objections")
    table_class = ObjectionTable
    template_name = "dutylist/objections.html"
    sorts = (Sort("newest", gettext_lazy("Newest first"), ("-id",), column="raised_at"),)
    row_css = "two"
    export_name = "objections"
    empty_text = gettext_lazy("No objection here")
    empty_hint = gettext_lazy("An objection is raised on the page of a duty item.")
    empty_icon = "flag"

    def check_access(self) -> None:
        """Open to who may raise objections or decide them."""
        user = self.request.user
        if not user.is_superuser and not any(holds(user, act) for act in OPENS):
            raise NotAllowed(_("None of your roles raises objections or decides them."))

    @property
    def tab(self) -> str:
        """Return the tab that is open: what waits for the user first, where the user may decide at all."""
        asked = self.request.GET.get("tab")
        if asked in dict(TABS):
            return asked
        decides = {Act.REVIEW_DUTY, Act.MANAGE_DUTY} & grants_of(self.request.user).acts()
        return selectors.DECIDE if decides else selectors.ALL

    def get_queryset(self):
        """Return the objections of the tab."""
        return selectors.list_objections(self.request.user, self.tab)

    def get_context(self, **context) -> dict:
        """Add the tabs and how many wait for the user."""
        waiting = selectors.count_to_decide(self.request.user)
        counts = {selectors.DECIDE: waiting}
        return context | {"tabs": [(code, label, counts.get(code)) for code, label in TABS], "tab": self.tab}


@login_required
@require_GET
def objection(request, pk: int):
    """Show an objection, its route, and what may be said now."""
    return _show(request, _find(request, pk))


@login_required
@require_http_methods(["GET", "POST"])
def objection_new(request, code: str):
    """Raise an objection to an item; `again` starts from one that was returned."""
    version = selectors.get_version_to_object(request.user, code)
    if version is None:
        raise OutOfSight(_("There is no duty item %(code)s.") % {"code": code})
    if not selectors.may_raise(request.user):
        raise NotAllowed(_("An objection is raised by a unit that enters duty-list changes or handles cases."))
    form = ObjectionForm(request.POST or None, request.FILES or None, initial=_former(request))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        new = services.NewObjection(
            title=data["title"], content=data["content"], item_code=code, area_id=data["area"],
            handling_unit_id=data["handling_unit"],
        )  # fmt: skip
        made = attempt(form, request, services.raise_objection, new, data["files"])
        if made:
            messages.success(request, _("The objection is raised: %(state)s.") % {"state": made.get_state_display()})
            return redirect("dutylist:objection", pk=made.pk)
    context = _head(_("Raise an objection")) | {"form": form, "version": version}
    return render(request, "dutylist/objection_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def objection_decide(request, pk: int):
    """Take one step of the route."""
    found = _find(request, pk)
    page = selectors.get_objection_page(found, request.user)
    _refuse_without(page.offers)
    form = VerdictForm(request.POST, offers=page.offers)
    if form.is_valid():
        data = form.cleaned_data
        decided = attempt(form, request, services.decide_objection, pk, **data)
        if decided:
            messages.success(request, _("Recorded: %(state)s.") % {"state": decided.get_state_display()})
            return redirect("dutylist:objection", pk=pk)
    return _show(request, _find(request, pk), verdict=form)


@login_required
@require_POST
def objection_take(request, pk: int):
    """Take an agreed objection into a batch."""
    found = _find(request, pk)
    page = selectors.get_objection_page(found, request.user)
    _refuse_without([page.take] if page.take else [])
    form = TakeForm(request.POST, drafts=page.drafts)
    if form.is_valid():
        data = form.cleaned_data
        given = {
            "batch_id": data["batch"], "area_id": data["area"], "unit_id": data["unit"],
            "row_version": data["row_version"],
        }  # fmt: skip
        batch = attempt(form, request, services.take_into_batch, pk, **given)
        if batch:
            messages.success(request, _("Taken into batch %(number)s.") % {"number": batch.number})
            return redirect("dutylist:batch", number=batch.number)
    return _show(request, _find(request, pk), take=form)


@login_required
@require_http_methods(["GET", "POST"])
def ruling(request, code: str):
    """Enter a ruling about an item: it becomes a line of a draft."""
    version = selectors.get_version_to_object(request.user, code)
    if version is None:
        raise OutOfSight(_("There is no duty item %(code)s.") % {"code": code})
    if not selectors.may_rule(request.user, version.item):
        raise NotAllowed(_("A ruling is entered by who publishes changes of the list the item is on."))
    form = RulingForm(request.POST or None, drafts=selectors.list_drafts(request.user, version.item.owner_area_id))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = (data["batch"], code, data["area"], data["lead_unit"], data["fallback_unit"], data["document"])
        batch = attempt(form, request, services.draft_line_from_ruling, *given)
        if batch:
            messages.success(request, _("The ruling is a line of batch %(number)s.") % {"number": batch.number})
            return redirect("dutylist:batch", number=batch.number)
    context = _head(_("Enter a ruling")) | {"form": form, "version": version}
    return render(request, "dutylist/ruling_form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def suggest(request, kind: str):
    """Answer the names of units or areas that fit what is being typed, as options of a data list."""
    if not (request.user.is_superuser or grants_of(request.user).rows):
        raise NotAllowed(_("The duty list is open to everybody who holds a role; you hold none yet."))
    text = next(iter(request.GET.values()), "").strip()[:60]
    found = names.suggest_areas(text) if kind == "area" else names.suggest_units(text, timezone.localdate())
    return render(request, "dutylist/_names.html", {"names": found})


def _refuse_without(offers) -> None:
    """Raise NotAllowed with the reason when no move is open to the user."""
    if not any(offer.allowed for offer in offers):
        reasons = [str(offer.reason) for offer in offers]
        raise NotAllowed(reasons[0] if reasons else _("This objection has been decided."))


def _find(request, pk: int) -> Objection:
    found = selectors.get_objection(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    return found


def _former(request) -> dict:
    """Return what a returned objection said, to be raised again."""
    pk = request.GET.get("again", "")
    found = selectors.get_objection(request.user, int(pk)) if pk.isdecimal() and len(pk) < 10 else None
    if found is None:
        return {}
    return {
        "title": found.title, "content": found.content, "area": names.label_of(found.area),
        "handling_unit": names.label_of(found.handling_unit),
    }  # fmt: skip


def _head(title: str) -> dict:
    return {"title": title, "parents": [(_("Duty list"), reverse("dutylist:list"))]}


def _show(request, found: Objection, *, verdict=None, take=None) -> HttpResponse:
    page = selectors.get_objection_page(found, request.user)
    version = {"row_version": found.row_version}
    if verdict is None and any(offer.allowed for offer in page.offers):
        verdict = VerdictForm(offers=page.offers, initial=version)
    if take is None and page.take is not None and page.take.allowed:
        named = {"area": names.label_of(found.area), "unit": names.label_of(found.handling_unit)}
        take = TakeForm(drafts=page.drafts, initial=version | named)
    context = {
        "title": found.title, "parents": [(_("Objections"), reverse("dutylist:objections"))], "page": page,
        "objection": found, "verdict": verdict, "take": take, "is_sample": found.version.is_sample,
        "shut": next((str(one.reason) for one in page.offers if not one.allowed), ""),
    }  # fmt: skip
    wrong = any(form is not None and form.errors for form in (verdict, take))
    return render(request, "dutylist/objection.html", context, status=422 if wrong else 200)
