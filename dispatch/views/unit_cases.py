"""What is open at one unit, in figures: a fragment for pages of the layers below that may not ask themselves."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dispatch.selectors.unit_cases import count_open_work
from shenzhen_gov.core.exceptions import OutOfSight


@login_required
@require_GET
def unit_cases(request, pk: int):
    """Show how many work orders are open at a unit in the user's sight, by state."""
    counts = count_open_work(request.user, pk)
    if counts is None:
        raise OutOfSight(_("Not found."))
    return render(request, "dispatch/_unit_cases.html", {"counts": counts, "all": sum(n for _state, n in counts)})
