"""The door of the ledger: who may open what, and how months stand in addresses."""

from __future__ import annotations

from datetime import date
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext as _

from analytics.choices import LEDGER_READERS
from analytics.selectors.ledger.places import is_in_sight, may_read
from analytics.selectors.ledger.tables import Basis, Place
from grid.access import lacking
from grid.models import Area, Unit
from shenzhen_gov.core.exceptions import OutOfSight

LENGTH = len("2026-01")
LATEST = 2200


def for_readers(view):
    """Open a page of the ledger to who is measured by it, keeps it or leads."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        require_reader(request.user)
        return view(request, *args, **kwargs)

    return guarded


def require_reader(user) -> None:
    """Raise NotAllowed for who has no part in the assessment."""
    if not may_read(user):
        raise lacking(*LEDGER_READERS)


def month_in(text: str) -> date:
    """Return the month an address names, such as 2026-01. Raises OutOfSight for anything else."""
    try:
        if len(text) != LENGTH or not text.isascii():
            raise ValueError(text)
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise OutOfSight(_("Not found.")) from None
    if month.year > LATEST:
        raise OutOfSight(_("Not found."))
    return month


def unit_in_sight(user, pk: int) -> Unit:
    """Return a unit whose sheet somebody may read. Raises OutOfSight."""
    unit = Unit.objects.visible_to(user).filter(pk=pk).select_related("home_area").first()
    if unit is None:
        raise OutOfSight(_("Not found."))
    return unit


def area_in_sight(user, code: str) -> Area:
    """Return an area whose sheet somebody may read. Raises OutOfSight."""
    area = Area.objects.visible_to(user).filter(code=code).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    return area


def opens(user, basis: Basis, place: Place) -> bool:
    """Whether the sheet of a line may be opened."""
    return is_in_sight(user, basis, place)
