"""Requests for exclusions: asked from the sheet of a unit, decided at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from analytics.filters import ExclusionFilters
from analytics.forms.ledger import DecideForm, ExclusionForm
from analytics.models import ExclusionRequest
from analytics.selectors.ledger.exclusions import bases_of, columns_of, get_file, get_request, list_requests
from analytics.selectors.ledger.exclusions import why_not_decide as not_decide
from analytics.selectors.ledger.frozen import get_month
from analytics.services import ledger
from analytics.tables import ExclusionTable
from analytics.workflow import EXCLUSION_OPEN
from grid.access import why_not
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.files import send_file
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort

from .door import for_readers, month_in, require_reader, unit_in_sight

READ_IN_PLACE = ("application/pdf",)


class ExclusionList(ListPage):
    """Requests of one's territory, those to be decided first of all."""

    title = gettext_lazy("Requests for exclusions")
    filterset_class = ExclusionFilters
    table_class = ExclusionTable
    sorts = (Sort("newest", gettext_lazy("Newest first"), ("-id",)),)
    row_css = "two"
    export_name = "exclusions"
    empty_text = gettext_lazy("Nothing was asked.")
    empty_hint = gettext_lazy("A unit asks from its sheet of the month, beside the case.")
    empty_icon = "docket"

    def check_access(self) -> None:
        """Open to who is measured, keeps the ledger or leads."""
        require_reader(self.request.user)

    def get_queryset(self):
        """Return the requests in sight."""
        return list_requests(self.request.user)

    def get_context(self, **context) -> dict:
        """Lead back to the ledger."""
        return context | {"parents": [(_("Assessment ledger"), reverse("analytics:ledger"))]}


@for_readers
@require_GET
def exclusion(request, pk: int):
    """Show one request, and the form to decide it."""
    return _page(request, _find(request, pk), DecideForm())


@for_readers
@require_POST
def decide(request, pk: int):
    """Agree or refuse, with an opinion."""
    found, form = _find(request, pk), DecideForm(request.POST)
    agreed = request.POST.get("agreed") == "1"
    if form.is_valid():
        opinion = form.cleaned_data["opinion"]
        if attempt(form, request, ledger.decide_exclusion, pk, agreed=agreed, opinion=opinion) is not None:
            messages.success(request, _("Decided."))
            return redirect("analytics:ledger_exclusion", pk)
    return _page(request, found, form)


@for_readers
@require_POST
def withdraw(request, pk: int):
    """Ask no longer."""
    _find(request, pk)
    by = Actor.staff(request.user)
    ledger.withdraw_exclusion(pk, by=by, now=timezone.now())
    messages.success(request, _("The request is withdrawn; the case counts."))
    return redirect("analytics:ledger_exclusion", pk)


@for_readers
@require_GET
def file(request, pk: int) -> HttpResponseBase:
    """Send evidence of a request in sight."""
    found = get_file(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    return send_file(
        request, found.file, name=found.name, content_type=found.content_type, tag=found.sha256, inline=READ_IN_PLACE
    )


@for_readers
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, month: str, pk: int, number: str):
    """Ask that a case does not count for a rate of one's unit."""
    row, unit = get_month(month_in(month)), unit_in_sight(request.user, pk)
    columns = columns_of(bases_of(row))
    given = {"indicators": [(code, column.label) for code, column in columns.items()]}
    if request.method == "POST":
        form = ExclusionForm(request.POST, request.FILES, **given)
        if form.is_valid() and (made := _ask(request, form, row.month, unit.pk, number)):
            messages.success(request, _("Asked. Until it is decided the case counts."))
            return redirect("analytics:ledger_exclusion", made.pk)
    else:
        form = ExclusionForm(initial={"indicator": request.GET.get("indicator", "")}, **given)
    context = {
        "title": _("Ask for an exclusion"),
        "parents": [(unit.name, reverse("analytics:ledger_unit", args=[str(row), unit.pk]))],
        "month": row, "unit": unit, "number": number, "form": form,
        "why_not": why_not(Actor.staff(request.user), (Act.HANDLE_CASE.value,), unit),
    }  # fmt: skip
    return render(request, "analytics/ledger/ask.html", context, status=400 if form.errors else 200)


def _ask(request, form: ExclusionForm, month, unit_id: int, number: str) -> ExclusionRequest | None:
    data = form.cleaned_data
    given = ledger.NewExclusion(unit_id, month, number, data["indicator"], data["ground"].code, data["reason"])
    return attempt(form, request, ledger.ask_exclusion, given, files=data["files"])


def _find(request, pk: int) -> ExclusionRequest:
    found = get_request(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    return found


def _page(request, found: ExclusionRequest, form: DecideForm):
    by = Actor.staff(request.user)
    context = {
        "title": _("Exclusion: %(number)s") % {"number": found.case.number},
        "parents": [(_("Requests for exclusions"), reverse("analytics:ledger_exclusions"))],
        "request_row": found,
        "month": get_month(found.month),
        "form": form,
        "is_open": found.state == EXCLUSION_OPEN,
        "why_not": not_decide(found, by),
        "withdraws": why_not(by, (Act.HANDLE_CASE.value,), found.unit) is None,
    }
    return render(request, "analytics/ledger/exclusion.html", context, status=400 if form.errors else 200)
