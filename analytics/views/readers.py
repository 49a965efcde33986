"""The door of the pages of figures: a foreign area or unit is not found, one's own without the act says which it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from analytics.choices import LEVEL_READERS
from grid.access import grants_of, lacking
from grid.models import Unit
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight


def refuse() -> NotAllowed:
    """Return the refusal that names the acts."""
    return lacking(*LEVEL_READERS)


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
