"""未诉先办: the list of leads, a lead with what may be done, and entering one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dutylist.selectors import search_items
from grid.access import holding, require_any
from grid.choices import Act
from intake import services
from intake.forms.leads import FindingForm, LeadForm
from intake.models import Lead
from intake.selectors import leads as selectors
from intake.tables import LeadTable
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import ListPage, Sort

ITEMS_OFFERED = 5
TABS = (
    (selectors.TO_VERIFY, gettext_lazy("To be verified")),
    (selectors.VERIFIED, gettext_lazy("Verified")),
    (selectors.FILED, gettext_lazy("Filed as a case")),
    (selectors.DISMISSED, gettext_lazy("Not confirmed")),
    (selectors.ALL, gettext_lazy("All")),
)


class LeadList(ListPage):
    """Leads in sight, in tabs."""

    title = gettext_lazy("Leads")
    table_class = LeadTable
    template_name = "intake/leads.html"
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="last_seen_at"),
        Sort("often", gettext_lazy("Most often reported first"), ("-times_seen", "-id"), column="times_seen"),
    )
    row_css = "two"
    export_name = "leads"
    empty_text = gettext_lazy("No lead here")
    empty_hint = gettext_lazy("Sensors, patrols, media and meetings tell leads; a person may enter one too.")
    empty_icon = "radar"

    def check_access(self) -> None:
        """Open to who verifies leads or registers cases."""
        require_any(self.request.user, Act.VERIFY_LEAD, Act.REGISTER_CASE, or_superuser=True)

    @property
    def tab(self) -> str:
        """Return the tab that is open."""
        asked = self.request.GET.get("tab", "")
        return asked if asked in dict(TABS) else selectors.TO_VERIFY

    def get_queryset(self):
        """Return the leads of the tab."""
        return selectors.list_leads(self.request.user, self.tab)

    def get_context(self, **context) -> dict:
        """Add the tabs."""
        return context | {"tabs": TABS, "tab": self.tab}


@holding(Act.VERIFY_LEAD, Act.REGISTER_CASE)
@require_http_methods(["GET", "POST"])
def lead_new(request: HttpRequest) -> HttpResponse:
    """Enter a lead; one that is known already is shown instead."""
    form = LeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = services.report_lead(form.new_lead(), by=Actor.staff(request.user), now=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            text = _("The lead is entered.") if told.created else _("This lead was known; the report is counted.")
            messages.success(request, text)
            return redirect("intake:lead", number=told.lead.number)
    context = {"title": _("Enter a lead"), "parents": [(_("Leads"), reverse("intake:leads"))], "form": form}
    return render(request, "intake/lead_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def lead(request: HttpRequest, number: str) -> HttpResponse:
    """Show a lead; verify it, dismiss it, file it as a case."""
    found = selectors.get_lead(request.user, number)
    if found is None:
        raise OutOfSight(_("Not found."))
    items = [(item.code, item.name) for item in search_items(
        found.content, on=timezone.localdate(), limit=ITEMS_OFFERED)]  # fmt: skip
    if found.item and found.item.code not in dict(items):
        items.insert(0, (found.item.code, found.item.code))
    initial = {"row_version": found.row_version, "item": found.item.code if found.item else ""}
    form = FindingForm(request.POST or None, items=items, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            text = _take_step(found, form.cleaned_data, request)
        except (NotAllowed, OutOfSight):
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, text)
            return redirect("intake:lead", number=number)
    return _show(request, found, form)


def _take_step(found: Lead, given: dict, request: HttpRequest) -> str:
    """Make the move that was asked for and return what to say."""
    by, now = Actor.staff(request.user), timezone.now()
    version = given["row_version"]
    if given["move"] == "file":
        case = services.file_lead(found.pk, row_version=version, by=by, now=now)
        return _("Filed as case %(number)s.") % {"number": case.number}
    if given["move"] == "dismiss":
        services.dismiss_lead(found.pk, finding=given["finding"], row_version=version, by=by, now=now)
        return _("Recorded as not confirmed.")
    services.verify_lead(
        found.pk,
        finding=given["finding"],
        area=given["area"],
        item=given["item"],
        row_version=version,
        by=by,
        now=now,
    )
    return _("Recorded as confirmed.")


def _show(request: HttpRequest, found: Lead, form: FindingForm) -> HttpResponse:
    context = {
        "title": found.title,
        "parents": [(_("Leads"), reverse("intake:leads"))],
        "page": selectors.get_lead_page(found, request.user),
        "lead": found,
        "form": form,
        "case_url": address_or_none("dispatch:case", found.case.number) if found.case else None,
    }
    return render(request, "intake/lead.html", context, status=422 if form.errors else 200)
