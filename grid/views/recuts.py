"""区划调整: planned re-cuts of communities and cells, what each touches, planning and giving up."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grid import services
from grid.access import require_any
from grid.choices import Act, RecutState
from grid.forms.recuts import RecutForm
from grid.models import Recut
from grid.selectors import recuts as selectors
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.form_steps import attempt

SHOWN = 100
TONES = {RecutState.PLANNED: "info", RecutState.MOVING: "warn", RecutState.DONE: "ok", RecutState.CANCELLED: ""}


def for_planners(view):
    """Open a page to those who plan the grid's work or administer."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        require_any(request.user, Act.MANAGE_GRID, Act.MANAGE_SYSTEM, or_superuser=True)
        return view(request, *args, **kwargs)

    return guarded


@for_planners
@require_GET
def recuts(request):
    """List the newest re-cuts in sight."""
    rows = [(one, TONES[RecutState(one.state)]) for one in selectors.list_recuts(request.user)[:SHOWN]]
    return render(request, "grid/recuts.html", {"title": _("Re-cuts"), "rows": rows})


@for_planners
@require_GET
def recut(request, pk: int):
    """Show a re-cut and where everything it touches goes."""
    plan = _find(request, pk)
    context = {
        "title": _("Re-cut: %(area)s") % {"area": plan.area},
        "parents": [(_("Re-cuts"), reverse("grid:recuts"))],
        "plan": plan,
        "tone": TONES[RecutState(plan.state)],
        "touched": selectors.get_touched(plan, timezone.now()),
        "is_planned": plan.state == RecutState.PLANNED,
    }
    return render(request, "grid/recut.html", context)


@for_planners
@require_http_methods(["GET", "POST"])
def recut_new(request):
    """Plan a re-cut."""
    form = RecutForm(request.POST or None, initial={"area": request.GET.get("area", "")[:80]})
    if request.method == "POST" and form.is_valid() and (made := _plan(request, form)):
        messages.success(request, _("Planned. Look at what it touches; it is carried out on its day."))
        return redirect("grid:recut", made.pk)
    context = {"title": _("Plan a re-cut"), "parents": [(_("Re-cuts"), reverse("grid:recuts"))], "form": form}
    return render(request, "grid/recut_form.html", context, status=422 if form.errors else 200)


@for_planners
@require_POST
def recut_cancel(request, pk: int):
    """Give a plan up."""
    plan = _find(request, pk)
    services.cancel_recut(plan.pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("The plan is given up."))
    return redirect("grid:recut", pk)


def _plan(request, form: RecutForm) -> Recut | None:
    given = dict(form.cleaned_data)
    area = selectors.area_named(request.user, given.pop("area"))
    if area is None:
        form.add_error("area", _("No area in your territory has this code or this name alone."))
        return None
    return attempt(form, request, services.plan_recut, services.NewRecut(area_id=area.pk, **given))


def _find(request, pk: int) -> Recut:
    plan = selectors.get_recut(request.user, pk)
    if plan is None:
        raise OutOfSight(_("Not found."))
    return plan
