"""The officer's day: rounds to walk, points to pass; and for the community what was missed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grid import access
from grid.access import holding
from grid.choices import Act
from grid.forms.rounds import CheckInForm, ReasonForm
from grid.round_tables import RoundFilters, RoundTable
from grid.selectors import rounds as selectors
from grid.services import check_in, explain_round
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort

WALKERS = (Act.GRID_ROUND,)
READERS = (Act.GRID_ROUND, Act.MANAGE_GRID, Act.VIEW_FIGURES)


@holding(*WALKERS)
@never_cache
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show the rounds of today; the start page of grid officers."""
    day = timezone.localdate()
    tasks = selectors.todays_rounds(request.user, day)
    done, count = selectors.share_done(tasks)
    context = {
        "title": _("My rounds"), "day": day, "tasks": tasks, "done": done, "count": count, "now": timezone.now(),
        "missed": selectors.missed_lately(request.user, day), "missed_days": selectors.MISSED_DAYS,
        "registers": access.holds(request.user, Act.REGISTER_CASE),
    }  # fmt: skip
    return render(request, "grid/rounds/today.html", context)


@holding(*READERS)
@never_cache
@require_GET
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one round: its points, who was where, the button at the next one."""
    return _page(request, pk)


@holding(*WALKERS)
@require_POST
def round_check_in(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """Note that the user is at a point."""
    page = _round(request, pk)
    form = CheckInForm(request.POST, checks=page.task.plan.checks)
    found = attempt(form, request, check_in, pk, point, form.here()) if form.is_valid() else None
    if found is None:
        return _page(request, pk, at=point, form=form)
    if found.is_doubtful:
        text = _("Kept, and marked: %(metres)s m from the point.") % {"metres": found.metres}
        messages.warning(request, text if found.metres is not None else _("Kept, and marked: no place proves it."))
    else:
        messages.success(request, _("“%(point)s” is passed.") % {"point": found.point})
    return redirect("grid:round", pk=pk)


@holding(Act.GRID_ROUND, Act.MANAGE_GRID)
@require_POST
def round_explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep why a round was missed."""
    form = ReasonForm(request.POST)
    if form.is_valid() and attempt(form, request, explain_round, pk, reason=form.cleaned_data["reason"]) is not None:
        messages.success(request, _("The reason is kept."))
        return redirect("grid:round", pk=pk)
    return _page(request, pk, reason=form)


class RoundList(ListPage):
    """Rounds in sight, the newest first; those missed by a filter."""

    title = gettext_lazy("Rounds")
    table_class = RoundTable
    filterset_class = RoundFilters
    template_name = "grid/rounds/list.html"
    sorts = (Sort("newest", gettext_lazy("Newest first"), ("-day", "-id"), column="day"),)
    row_css = "two"
    export_name = "rounds"
    empty_text = gettext_lazy("No rounds here")
    empty_hint = gettext_lazy("Make a plan: its rounds stand here from the day on which it is valid.")
    empty_icon = "pin"

    def check_access(self) -> None:
        """Open to who walks or plans rounds, and to who reads figures."""
        access.require_any(self.request.user, *READERS, or_superuser=True)

    def get_queryset(self):
        """Return the rounds in sight."""
        return selectors.list_rounds(self.request.user)

    def get_context(self, **context) -> dict:
        """Add how many were missed lately."""
        user = self.request.user
        missed = selectors.missed_lately(user, timezone.localdate())
        return context | {
            "missed": missed, "missed_days": selectors.MISSED_DAYS, "plans": access.holds(user, Act.MANAGE_GRID),
        }  # fmt: skip


def _round(request: HttpRequest, pk: int) -> selectors.RoundPage:
    page = selectors.get_round(request.user, pk, timezone.now())
    if page is None:
        raise OutOfSight(_("Not found."))
    return page


def _page(request: HttpRequest, pk: int, *, at: int = 0, form: CheckInForm | None = None,
          reason: ReasonForm | None = None) -> HttpResponse:  # fmt: skip
    """Render one round; `form` is what was refused at the point `at`."""
    page = _round(request, pk)
    step = page.next_stop
    if form is None:
        form, at = CheckInForm(checks=page.task.plan.checks), step.point.pk if step else 0
    back = "grid:round_today" if access.holds(request.user, Act.GRID_ROUND) else "grid:rounds"
    context = {
        "title": page.task.plan.name, "parents": [(_("My rounds"), reverse(back))], "page": page, "task": page.task,
        "form": form, "at": at, "reason": reason or ReasonForm(), "now": timezone.now(),
        "registers": access.holds(request.user, Act.REGISTER_CASE),
    }  # fmt: skip
    has_errors = bool(form.errors or (reason and reason.errors))
    return render(request, "grid/rounds/round.html", context, status=422 if has_errors else 200)
