"""The gate of automatic dispatch: what was earned where, and the switch; and the weekly report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from dispatch import forms, selectors, services
from dispatch.filters import GateFilters
from dispatch.gate.cells import get_switch
from dispatch.gate.figures import thresholds
from dispatch.tables import GateTable
from grid.access import holds_everywhere, require_any
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, Refused
from shenzhen_gov.core.lists import ListPage, Sort

READERS = (Act.EDIT_RULES, Act.PUBLISH_RULES, Act.VIEW_FIGURES)


def _require_reader(user) -> None:
    require_any(user, *READERS, or_superuser=True)


class GateList(ListPage):
    """The cells of the gate in one's territory, the last confirmed first."""

    title = gettext_lazy("Gate of automatic dispatch")
    filterset_class = GateFilters
    table_class = GateTable
    sorts = (Sort("newest", gettext_lazy("Last confirmed first"), ("-last_at", "-id"), column="last_at"),)
    template_name = "dispatch/gate.html"
    row_css = "two"
    export_name = "gate"
    empty_text = gettext_lazy("Nothing was confirmed yet")
    empty_hint = gettext_lazy(
        "Every case that a dispatcher or an agent decides says whether the machine would have been right."
    )
    empty_icon = "rules"

    def check_access(self) -> None:
        """For those who keep the rules, and those who read figures."""
        _require_reader(self.request.user)

    def get_queryset(self):
        """Return the cells in sight."""
        return selectors.get_cells(self.request.user)

    def get_table_options(self) -> dict:
        """Give the table the thresholds that the bars are drawn against."""
        return {"figures": thresholds(timezone.localdate())}

    def get_context(self, **context) -> dict:
        """Show the switch, and how much was automatic lately."""
        return context | gate_context(self.request.user)


def gate_context(user, form=None) -> dict:
    """Return what stands above the list of cells."""
    areas = list(selectors.get_report_areas(user)[:1])
    return {
        "switch": get_switch(),
        "switches": selectors.get_switches(),
        "may_switch": holds_everywhere(user, Act.PUBLISH_RULES),
        "switch_form": form or forms.SwitchForm(),
        "figures": thresholds(timezone.localdate()),
        "weeks": selectors.get_weeks(user, areas[0] if areas else None)[:2],
    }


@login_required
@require_POST
def switch(request):
    """Stop all automatic dispatch, or allow it again."""
    require_any(request.user, Act.PUBLISH_RULES)
    form = forms.SwitchForm(request.POST)
    if form.is_valid():
        is_on = form.cleaned_data["is_on"]
        try:
            services.switch_gate(
                is_on, reason=form.cleaned_data["reason"], by=Actor.staff(request.user), now=timezone.now()
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Automatic dispatch is on.") if is_on else _("Automatic dispatch is off."))
            return redirect("dispatch:gate")
    context = gate_context(request.user, form) | {"title": GateList.title}
    return render(request, "dispatch/gate_switch.html", context, status=422)


@login_required
@require_GET
def report(request):
    """Show the weekly figures of dispatch, of the city or of one district in sight."""
    _require_reader(request.user)
    areas = list(selectors.get_report_areas(request.user))
    wanted = request.GET.get("area", "")
    area = next((one for one in areas if str(one.pk) == wanted), areas[0] if areas else None)
    weeks = selectors.get_weeks(request.user, area)
    chosen = next(
        (row for row in weeks if str(row.week.monday) == request.GET.get("week")), weeks[0] if weeks else None
    )
    context: dict[str, Any] = {
        "title": _("Weekly dispatch report"), "areas": areas, "area": area, "weeks": weeks, "chosen": chosen,
    }  # fmt: skip
    if chosen is not None:
        context |= {"returns": selectors.get_returns(chosen), "buckets": selectors.get_calibration(chosen)}
    return render(request, "dispatch/report.html", context)
