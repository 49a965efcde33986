"""Who keeps the register of places and the outlines: administration, and who plans the grid's work, in their areas."""

from __future__ import annotations

from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import NotAllowed

MAY_KEEP_PLACES = (SYSTEM, Act.MANAGE_SYSTEM.value, Act.MANAGE_GRID.value)
ACTS = (Act.MANAGE_SYSTEM, Act.MANAGE_GRID)


def kept_area_ids(by: Actor) -> set[int] | None:
    """Return the ids of the areas whose places `by` keeps; None means all. Raises NotAllowed where there are none."""
    if access.administers(by, None):
        return None
    if by.user is None:
        raise NotAllowed(_("This step is not open to %(who)s.") % {"who": by.name})
    ids = {pk for act in ACTS for pk in access.areas_with(by.user, act).values_list("pk", flat=True)}
    if not ids:
        raise access.lacking(*ACTS)
    return ids
