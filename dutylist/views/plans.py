"""机构变更: the plans, one plan with everything it touches, planning, preparing the batches, giving up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dutylist import services
from dutylist.choices import PlanState
from dutylist.forms_objections import PlanForm
from dutylist.models import UnitPlan
from dutylist.selectors import plans as selectors
from dutylist.tables_objections import PLAN_TONES, PlanTable
from grid.access import holds
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort

from .guards import duty_desk, require_duty_role

TABS = (("", gettext_lazy("To come")), ("all", gettext_lazy("All")))


class PlanList(ListPage):
    """Planned institutional changes."""

    title = gettext_lazy("Institutional changes")
    table_class = PlanTable
    template_name = "dutylist/plans.html"
    sorts = (
        Sort("day", gettext_lazy("By day"), ("effective_on", "id"), column="effective_on"),
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="unit"),
    )
    row_css = "two"
    export_name = "institutional-changes"
    empty_text = gettext_lazy("Nothing is planned")
    empty_hint = gettext_lazy("Plan a renaming, a merge, a split or a closing before its day; the list follows it.")
    empty_action = (gettext_lazy("Plan a change"), reverse_lazy("dutylist:plan_new"))  # type: ignore[assignment]
    empty_icon = "building"

    def check_access(self) -> None:
        """Open to whoever holds an act of the duty list."""
        require_duty_role(self.request.user)

    def get_queryset(self):
        """Return the plans of the tab."""
        return selectors.list_plans(self.request.user, self.request.GET.get("tab", ""))

    def get_context(self, **context) -> dict:
        """Add the tabs."""
        tab = "all" if self.request.GET.get("tab") == "all" else ""
        may_plan = holds(self.request.user, Act.MANAGE_DUTY)
        return context | {"tabs": TABS, "tab": tab, "may_plan": may_plan}


@duty_desk
@require_GET
def plan(request, pk: int):
    """Show a plan: what names the unit, who works there, what lies below, and what stands in the way."""
    return _show(request, _find(request, pk))


@duty_desk
@require_http_methods(["GET", "POST"])
def plan_new(request):
    """Plan a change."""
    if not holds(request.user, Act.MANAGE_DUTY):
        raise NotAllowed(_("Institutional changes are planned by who publishes duty-list changes."))
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = services.NewPlan(**form.given())
        made = attempt(form, request, services.plan_unit_change, new)
        if made:
            messages.success(request, _("Planned. Look at what it touches, and prepare the batches."))
            return redirect("dutylist:plan", pk=made.pk)
    context = {"form": form, "title": _("Plan an institutional change"), "parents": _parents()}
    return render(request, "dutylist/plan_form.html", context, status=422 if form.errors else 200)


@duty_desk
@require_POST
def plan_prepare(request, pk: int):
    """Open the batches that give the unit's items to its successor."""
    found = _find(request, pk)
    batches = services.prepare_batches(found.pk, by=Actor.staff(request.user), now=timezone.now())
    text = ngettext("%(count)s batch is prepared.", "%(count)s batches are prepared.", len(batches))
    messages.success(request, text % {"count": len(batches)})
    return redirect("dutylist:plan", pk=pk)


@duty_desk
@require_POST
def plan_cancel(request, pk: int):
    """Give a plan up."""
    found = _find(request, pk)
    services.cancel_plan(found.pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The plan is given up."))
    return redirect("dutylist:plan", pk=pk)


def _find(request, pk: int) -> UnitPlan:
    found = selectors.get_plan(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    return found


def _parents() -> list[tuple[str, str]]:
    return [(_("Institutional changes"), reverse("dutylist:plans"))]


def _show(request, found: UnitPlan) -> HttpResponse:
    page = selectors.get_plan_page(found, request.user)
    context = {
        "title": f"{found.get_kind_display()} · {found.unit}", "parents": _parents(), "page": page, "plan": found,
        "tone": PLAN_TONES[PlanState(found.state)], "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "dutylist/plan.html", context)
