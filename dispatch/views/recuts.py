"""What a planned re-cut of areas touches here: a fragment of grid's page, which may not ask itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dispatch.selectors.recuts import count_for_recut
from grid.access import require_any
from grid.choices import Act
from shenzhen_gov.core.exceptions import OutOfSight


@login_required
@require_GET
def recut_touched(request, pk: int):
    """Show how many open cases, points, leads and items a re-cut in the user's sight touches."""
    user = request.user
    found = count_for_recut(user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    require_any(user, Act.MANAGE_GRID, Act.MANAGE_SYSTEM, or_superuser=True)
    return render(request, "dispatch/_recut_touched.html", {"found": found})
