"""What a planned re-cut of areas touches here: a fragment of grid's page, which may not ask itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dispatch.selectors.recuts import count_for_recut
from grid.access import holds
from grid.choices import Act
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight


@login_required
@require_GET
def recut_touched(request, pk: int):
    """Show how many open cases, points, leads and items a re-cut in the user's sight touches."""
    user = request.user
    found = count_for_recut(user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    if not (user.is_superuser or holds(user, Act.MANAGE_GRID) or holds(user, Act.MANAGE_SYSTEM)):
        raise NotAllowed(_("None of your roles includes: %(act)s.") % {"act": Act.MANAGE_GRID.label})
    return render(request, "dispatch/_recut_touched.html", {"found": found})
