"""What a registration refers to: channel, item, area, and the unit that is accountable until somebody else is."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from dutylist.models import ItemVersion
from grid.choices import UnitKind
from grid.models import Area, Unit
from grid.selectors import centre_for
from intake.models import Channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

NUMBERS = """
SELECT c.*, nextval('intake_case_number') AS running, nextval('intake_case_id_seq') AS case_id
  FROM intake_channel c WHERE c.code = %s
"""


def channel_with_numbers(code: str) -> Channel:
    """Return the channel, with the next running number and case id drawn in the same statement."""
    channel = next(iter(Channel.objects.raw(NUMBERS, [code])), None)
    if channel is None or not channel.is_active:
        raise BadInput(_("There is no channel “%(code)s” in use.") % {"code": code}, field="channel")
    return channel


def version_with_code(code: str, on: date) -> ItemVersion:
    """Return the version in force of the duty item with this code. Raises BadInput(field="item")."""
    version = ItemVersion.objects.in_force(on).select_related("item").filter(item__code=code).first()
    if version is None:
        raise BadInput(_("No duty item with the code “%(code)s” is in force.") % {"code": code}, field="item")
    return version


def area_with_code(code: str) -> Area:
    """Return the area in use with this official code. Raises BadInput(field="area")."""
    area = Area.objects.filter(code=code, is_active=True).first()
    if area is None:
        raise BadInput(_("There is no area with the code “%(code)s”.") % {"code": code}, field="area")
    return area


def centre_answering_for(area: Area | None, by: Actor | None = None) -> Unit:
    """Return the civic request centre that answers for `area`: the district's, else the city's.

    Without a place it is the centre that whoever registers works for, else the city's: somebody always answers.
    """
    found = None
    if area is None and by is not None and by.user is not None and by.user.unit_id:
        found = Unit.objects.filter(kind=UnitKind.CENTRE, closed_on=None, pk__in=_chain(by.user.unit.path)).order_by(
            "-level"
        ).first()
    found = found or centre_for(area)
    if found is None:
        raise Refused(_("No civic request centre is set up, so nobody would be accountable for the case."))
    return found


def _chain(path: str) -> list[int]:
    """Return the ids in a path string."""
    return [int(part) for part in path.strip("/").split("/")]
