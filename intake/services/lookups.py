"""What a registration refers to: channel, area, item, and the unit that is accountable until somebody else is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from dutylist.models import Item, ItemVersion
from grid.choices import UnitKind
from grid.models import Area, Unit
from grid.selectors import centre_for
from intake.models import Channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.by_hand import first_row
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.texts import joined

Row = TypeVar("Row", bound=Model)

# Everything by code in one statement, because every registration pays for it. The rules are those of
# grid.selectors.centre_for and ItemVersionQuerySet.in_force; a test holds the two against each other.
REFERENCES = """
SELECT nextval('intake_case_number'), nextval('intake_case_id_seq'),
       c.id, c.code, c.name, c.name_en, c.origin, c.default_urgency, c.is_active,
       a.id, a.code, a.name, a.short_name, a.level, a.path,
       u.id, u.name, u.path,
       v.id, v.item_id, v.is_secret, v.code,
       (SELECT id FROM dutylist_item WHERE code = %(suggested)s)
  FROM intake_channel c
  LEFT JOIN grid_area a ON a.code = %(area)s AND a.is_active
  LEFT JOIN LATERAL (
       SELECT u.id, u.name, u.path FROM grid_unit u JOIN grid_area h ON h.id = u.home_area_id
        WHERE u.kind = 'centre' AND u.closed_on IS NULL
          AND u.home_area_id = ANY (string_to_array(trim(BOTH '/' FROM a.path), '/')::bigint[])
        ORDER BY h.level DESC, u.level, u.path LIMIT 1) u ON true
  LEFT JOIN LATERAL (
       SELECT v.id, v.item_id, v.is_secret, v.is_retired, i.code
         FROM dutylist_item i JOIN dutylist_itemversion v ON v.item_id = i.id
        WHERE i.code = %(item)s AND v.effective_from <= %(day)s
        ORDER BY v.effective_from DESC, v.number DESC LIMIT 1) v ON NOT v.is_retired
 WHERE c.code = %(channel)s
"""


@dataclass(frozen=True)
class References:
    """What the codes of a request stand for, and the numbers drawn for its case. `centre` answers for `area`."""

    running: int
    case_id: int
    channel: Channel
    area: Area | None
    centre: Unit | None
    version: ItemVersion | None
    suggested_id: int | None = None  # of the item that was suggested first


def read_references(*, channel: str, area: str, item: str, on: date, suggested: str = "") -> References:
    """Return what the codes stand for on the day `on`. Raises BadInput(field="channel"); `check_known` asks the rest.

    The rows hold what a registration needs; their other columns are read when they are asked for.
    """
    row = first_row(REFERENCES, {"channel": channel, "area": area, "item": item, "day": on, "suggested": suggested})
    if row is None or not row[8]:
        raise BadInput(_("There is no channel “%(code)s” in use.") % {"code": channel}, field="channel")
    version = None
    if row[18] is not None:
        version = _row(ItemVersion, ("id", "item_id", "is_secret"), row[18:21])
        version.item = _row(Item, ("id", "code"), (row[19], row[21]))
    return References(
        running=row[0],
        case_id=row[1],
        channel=_row(Channel, ("id", "code", "name", "name_en", "origin", "default_urgency", "is_active"), row[2:9]),
        area=_row(Area, ("id", "code", "name", "short_name", "level", "path"), row[9:15]) if row[9] else None,
        centre=_row(Unit, ("id", "name", "path"), row[15:18]) if row[15] else None,
        version=version,
        suggested_id=row[22],
    )


def check_known(found: References, *, area: str, item: str) -> None:
    """Raise BadInput naming the field when a code that was given stands for nothing."""
    if area and found.area is None:
        raise unknown_area(area)
    if item and found.version is None:
        raise unknown_item(item)


def version_with_code(code: str, on: date) -> ItemVersion:
    """Return the version in force of the duty item with this code. Raises BadInput(field="item")."""
    version = ItemVersion.objects.in_force(on).select_related("item").filter(item__code=code).first()
    if version is None:
        raise unknown_item(code)
    return version


def area_with_code(code: str) -> Area:
    """Return the area in use with this official code. Raises BadInput(field="area")."""
    area = Area.objects.filter(code=code, is_active=True).first()
    if area is None:
        raise unknown_area(code)
    return area


def centre_answering_for(area: Area | None, by: Actor | None = None) -> Unit:
    """Return the civic request centre that answers for `area`: the district's, else the city's.

    Without a place it is the centre that whoever registers works for, else the city's: somebody always answers.
    """
    found = None
    if area is None and by is not None and by.user is not None and by.user.unit_id:
        around = [int(part) for part in by.user.unit.path.strip("/").split("/")]
        centres = Unit.objects.filter(kind=UnitKind.CENTRE, closed_on=None, pk__in=around)
        found = centres.order_by("-level").first()
    found = found or centre_for(area)
    if found is None:
        raise Refused(_("No civic request centre is set up, so nobody would be accountable for the case."))
    return found


def unknown_area(code: str) -> BadInput:
    """Return the refusal of an area code."""
    return BadInput(_("There is no area with the code “%(code)s”.") % {"code": code}, field="area")


def unknown_item(code: str) -> BadInput:
    """Return the refusal of an item code; of an item that ended it says what took its place."""
    newest = ItemVersion.objects.filter(item__code=code).order_by("-number").first()
    if newest is not None and newest.is_retired and newest.successors:
        text = _("The duty item “%(code)s” is no longer in force; in its place: %(codes)s.")
        return BadInput(text % {"code": code, "codes": joined(newest.successors)}, field="item")
    return BadInput(_("No duty item with the code “%(code)s” is in force.") % {"code": code}, field="item")


def _row(model: type[Row], names: Sequence[str], values: Sequence) -> Row:
    """Return a row read by hand as an object; its other columns are read when they are asked for."""
    return model.from_db("default", names, values)
