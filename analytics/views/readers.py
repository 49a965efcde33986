"""The door of the pages of figures: a foreign area or unit is not found, one's own without the act says which it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics import selectors
from analytics.choices import LEVEL_READERS
from grid.access import grants_of
from grid.choices import Act
from grid.models import Area, Unit
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight


def refuse() -> NotAllowed:
    """Return the refusal that names the acts."""
    needed = " / ".join(str(Act(act).label) for act in LEVEL_READERS)
    return NotAllowed(_("Your roles here do not include: %(acts)s.") % {"acts": needed})


def area_for(user, code: str) -> Area:
    """Return the area whose figures `user` may read. Raises OutOfSight or NotAllowed."""
    area = Area.objects.visible_to(user).filter(code=code).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    if not selectors.may_open(user, area):
        raise refuse()
    return area


def unit_for(user, unit_id: int) -> Unit:
    """Return the unit whose figures `user` may read. Raises OutOfSight or NotAllowed."""
    unit = Unit.objects.visible_to(user).filter(pk=unit_id).first()
    if unit is None:
        raise OutOfSight(_("Not found."))
    area = unit.home_area.path if unit.home_area_id else None
    grants = grants_of(user)
    if not (user.is_superuser or any(grants.covers(act, unit_path=unit.path, area_path=area) for act in LEVEL_READERS)):
        raise refuse()
    return unit


def require_reader(user) -> None:
    """Raise NotAllowed for who reads no figures anywhere."""
    if not (user.is_superuser or grants_of(user).acts().intersection(LEVEL_READERS)):
        raise refuse()
