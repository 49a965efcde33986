"""考核台账: the months with their rankings, and the steps of a month."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from analytics.models import AssessmentMonth
from analytics.selectors.ledger.exclusions import bases_of
from analytics.selectors.ledger.months import list_months, steps_of
from analytics.selectors.ledger.places import keeps_everywhere, sees
from analytics.selectors.ledger.tables import Basis
from analytics.services import ledger
from grid.access import holds
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from .door import for_readers, month_in

MOST = 24  # months on the page
MOVES = ("propose", "reopen")


@dataclass(frozen=True)
class MonthLine:
    """A month on the page: its rankings and the steps that may be taken."""

    row: AssessmentMonth
    bases: list[Basis]
    steps: list


@for_readers
@require_GET
def months(request):
    """Show the months, newest first."""
    today, user = timezone.localdate(), request.user
    keeps = keeps_everywhere(user)
    shown = sees(user)
    lines = []
    current = None
    for row in list_months(today, MOST):
        if row.is_frozen:
            bases = bases_of(row)
        else:
            current = bases = current if current is not None else bases_of(row)
        steps = steps_of(row, today) if keeps else []
        lines.append(MonthLine(row, [basis for basis in bases if shown(basis)], steps))
    context = {
        "title": _("Assessment ledger"),
        "lines": lines,
        "keeps": keeps,
        "unit": user.unit if holds(user, Act.HANDLE_CASE) else None,
        "is_sample": any(basis.is_sample for line in lines for basis in line.bases),
    }
    return render(request, "analytics/ledger/months.html", context)


@for_readers
@require_POST
def step(request, month: str):
    """Take a step of a month: propose it, take that back, have it frozen."""
    day, move = month_in(month), request.POST.get("move", "")
    by, now = Actor.staff(request.user), timezone.now()
    if move == "freeze":
        ledger.ask_freeze(day, by=by, now=now)
        messages.success(request, _("The month will be frozen within a minute; you may go on with something else."))
    elif move in MOVES:
        ledger.move_month(day, move, by=by, now=now)
        messages.success(request, _("Done."))
    else:
        raise BadInput(_("This step is not made here."), field="move")
    return redirect("analytics:ledger")
