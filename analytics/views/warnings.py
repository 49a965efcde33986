"""Early warnings 治未病: the ranked list, the precision of each detector, one with its evidence, what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from analytics import services
from analytics.choices import WARNING_READERS, WarningKind
from analytics.filters_warnings import WarningFilters
from analytics.forms import warnings as forms
from analytics.models import EarlyWarning
from analytics.selectors import may_open
from analytics.selectors import warnings as selectors
from analytics.tables_warnings import TONES, WarningTable
from analytics.warning_words import bars_of, explain, title_of
from analytics.workflow import WARNING, WARNING_FALSE
from grid.access import lacking, why_not
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort


@dataclass(frozen=True)
class WarningStep:
    """One step on a warning: its service, its form, what is said when it is done."""

    service: Callable[..., Any]
    form: type[forms.WarningForm]
    done: str | Promise


STEPS = {
    "accept": WarningStep(
        services.accept_warning, forms.AcceptForm, gettext_lazy("Found true. The owner has been told.")
    ),
    "reject": WarningStep(services.reject_warning, forms.RejectForm, gettext_lazy("Kept as a false alarm.")),
    "assign": WarningStep(services.assign_warning, forms.AssignForm, gettext_lazy("The new owner has been told.")),
    "take_on": WarningStep(services.take_on_warning, forms.WarningForm, gettext_lazy("You have taken it on.")),
    "act": WarningStep(services.record_action, forms.ActForm, gettext_lazy("What was done is recorded.")),
    "close": WarningStep(services.close_warning, forms.WarningForm, gettext_lazy("The warning is closed.")),
    "reopen": WarningStep(services.reopen_warning, forms.ReopenForm, gettext_lazy("The warning can be judged again.")),
}


class WarningList(ListPage):
    """What may be about to happen, the most pressing first."""

    title = gettext_lazy("Early warnings")
    filterset_class = WarningFilters
    table_class = WarningTable
    template_name = "analytics/warnings.html"
    sorts = (
        Sort("score", gettext_lazy("Most pressing first"), ("-score", "id"), column="score"),
        Sort("newest", gettext_lazy("Last found first"), ("-last_found_at", "-id"), column="last_found_at"),
        Sort("cases", gettext_lazy("Most cases first"), ("-count", "id"), column="count"),
    )
    row_css = "two"
    export_name = "early-warnings"
    empty_text = gettext_lazy("No early warning waits for a verdict")
    empty_hint = gettext_lazy("The detectors look several times a day; risk words are read every minute.")
    empty_icon = "bell"

    def check_access(self) -> None:
        """Open to those who read figures or judge warnings."""
        if not selectors.may_read(self.request.user):
            raise lacking(*WARNING_READERS)

    def get_queryset(self):
        """Return the warnings in sight."""
        return selectors.list_warnings(self.request.user)

    def get_context(self, **context) -> dict:
        """Add how precise each detector is, and when they looked last."""
        if self._template() == self.fragment_name:
            return context
        precision = selectors.count_precision(self.request.user, timezone.now())
        kind = self.request.GET.get("kind", "")
        return context | {"precision": precision, "kind": kind, "looked_at": selectors.last_look()}


@login_required
@require_GET
def warning(request, pk: int) -> HttpResponse:
    """Show one warning: its evidence, the cases in sight, what may be said about it."""
    return _show(request, _find(request, pk))


@login_required
@require_POST
def step(request, pk: int, name: str) -> HttpResponse:
    """Make one step; a refusal keeps what was typed."""
    if name not in STEPS:
        raise Http404
    found, kind = _find(request, pk), STEPS[name]
    form = _form(name, found, request.POST)
    if not form.is_valid() or attempt(form, request, kind.service, pk, **form.given()) is None:
        return _show(request, found, form=form, name=name, status=400)
    messages.success(request, str(kind.done))
    return redirect("analytics:warning", pk)


def _find(request, pk: int) -> EarlyWarning:
    found = selectors.get_warning(pk, request.user)
    if found is None:
        raise Http404(_("There is no such warning."))
    if reason := selectors.why_not_read(request.user, found):
        raise NotAllowed(reason)
    return found


def _form(name: str, found: EarlyWarning, data=None) -> forms.WarningForm:
    has_owner = "owner_unit_id" in STEPS[name].form.base_fields
    units = selectors.possible_owners(found) if has_owner else ()
    initial = {"row_version": found.row_version, "owner_unit_id": found.owner_unit_id, "action": found.action}
    return STEPS[name].form(data, units=units, initial=initial, prefix=name)


def _show(request, found: EarlyWarning, *, form=None, name: str = "", status: int = 200) -> HttpResponse:
    by = Actor.staff(request.user)
    offers = WARNING.offers(found, lambda move: why_not(by, move.acts, found))
    steps = [
        {"offer": offer, "form": form if offer.move.name == name else _form(offer.move.name, found),
         "is_open": offer.move.name == name or number == 0}
        for number, offer in enumerate(one for one in offers if one.allowed)
    ]  # fmt: skip
    cases = selectors.cases_of(found, request.user)
    context = {
        "title": title_of(found), "parents": [(_("Early warnings"), reverse("analytics:warnings"))],
        "warning": found, "text": explain(found), "bars": bars_of(found), "tone": TONES.get(found.state, "ok"),
        "is_risk": found.kind == WarningKind.RISK, "cases": cases, "hidden": len(found.case_ids) - len(cases),
        "steps": steps, "refusals": [offer for offer in offers if not offer.allowed][:1] if not steps else [],
        "board": found.area.code if may_open(request.user, found.area) else "",
        "themes": selectors.themes_of(found, request.user), "may_theme": _may_theme(by, found),
    }  # fmt: skip
    return render(request, "analytics/warning.html", context, status=status)


def _may_theme(by: Actor, found: EarlyWarning) -> bool:
    """Whether one may propose a special theme out of it."""
    return found.state != WARNING_FALSE and why_not(by, (Act.JUDGE_WARNING.value,), found) is None
