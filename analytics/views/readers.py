"""The door of the pages of figures: who lacks the act is told which it is."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from analytics.choices import LEVEL_READERS
from analytics.selectors.unit_figures import home_units
from grid.access import grants_of, lacking
from shenzhen_gov.core.exceptions import NotAllowed


def refuse() -> NotAllowed:
    """Return the refusal that names the acts."""
    return lacking(*LEVEL_READERS)


def to_unit_board(user) -> HttpResponseRedirect:
    """Lead who has no area to the board of the widest unit whose figures one reads. Raises NotAllowed."""
    unit = next(iter(home_units(user)), None)
    if unit is None:
        raise refuse()
    return redirect("analytics:unit_board", unit.pk)


def require_reader(user) -> None:
    """Raise NotAllowed for who reads no figures anywhere."""
    if not (user.is_superuser or grants_of(user).acts().intersection(LEVEL_READERS)):
        raise refuse()
