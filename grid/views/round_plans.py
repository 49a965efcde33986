"""Patrol plans: the list, making, changing and ending one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from grid import access
from grid.access import holding
from grid.choices import Act
from grid.forms.rounds import PlanForm, plan_values
from grid.round_tables import PlanTable
from grid.selectors import rounds as selectors
from grid.services import change_plan, create_plan, end_plan
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort


class PlanList(ListPage):
    """Plans in sight."""

    title = gettext_lazy("Patrol plans")
    table_class = PlanTable
    template_name = "grid/rounds/plans.html"
    sorts = (Sort("newest", gettext_lazy("Newest first"), ("-id",), column="valid_from"),)
    row_css = "two"
    export_name = "patrol-plans"
    empty_text = gettext_lazy("No patrol plan here")
    empty_hint = gettext_lazy("A plan says which points are passed, how often and between which hours.")
    empty_icon = "pin"

    def check_access(self) -> None:
        """Open to who plans rounds somewhere."""
        access.require_any(self.request.user, Act.MANAGE_GRID, or_superuser=True)

    def get_queryset(self):
        """Return the plans in sight."""
        return selectors.list_plans(self.request.user)


@holding(Act.MANAGE_GRID)
@require_http_methods(["GET", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    """Make a plan."""
    start = {"valid_from": timezone.localdate(), "opens_at": "09:00", "closes_at": "12:00", "every_days": 1}
    return _edit(request, None, start)


@holding(Act.MANAGE_GRID)
@require_http_methods(["GET", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan."""
    plan = selectors.get_plan(request.user, pk)
    if plan is None:
        raise OutOfSight(_("Not found."))
    access.require(Actor.staff(request.user), Act.MANAGE_GRID.value, plan)
    return _edit(request, plan, plan_values(plan))


@holding(Act.MANAGE_GRID)
@require_POST
def plan_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a plan with today."""
    try:
        end_plan(pk, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The plan ends today; nothing is asked from tomorrow on."))
    return redirect("grid:round_plans")


def _edit(request: HttpRequest, plan, start: dict) -> HttpResponse:
    areas = selectors.planned_areas(request.user)
    form = PlanForm(request.POST or None, areas=areas, initial=start)
    if request.method == "POST" and form.is_valid():
        service = (lambda data, **who: change_plan(plan.pk, data, **who)) if plan else create_plan
        if attempt(form, request, service, form.new_plan()):
            messages.success(request, _("The plan is kept; its rounds are made each morning."))
            return redirect("grid:round_plans")
    context = {
        "title": plan.name if plan else _("New patrol plan"), "form": form, "plan": plan,
        "parents": [(_("Patrol plans"), reverse("grid:round_plans"))],
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "grid/rounds/plan_form.html", context, status=422 if form.errors else 200)
