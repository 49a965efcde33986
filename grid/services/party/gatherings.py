"""书记茶话会 and liaison visits: what was brought up, and what becomes of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import GatheringKind, UnitKind
from grid.models import Gathering, GatheringItem
from grid.selectors import answering_unit
from grid.workflow import GATHERING_ITEM, ITEM_OPEN
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.texts import checked_text

from .keeping import MAY_KEEP, keep, locked, validate

MOST_ITEMS = 200  # of one meeting


@dataclass(frozen=True, kw_only=True)
class GatheringData:
    """A meeting, or a visit of the unit of a liaison. Nobody is named; people are counted."""

    area_id: int
    kind: str
    title: str
    held_on: date
    place: str
    liaison_id: int | None = None
    residents: int = 0
    members: int = 0
    officials: int = 0
    note: str = ""
    source: str = ""


@transaction.atomic
def keep_gathering(pk: int | None, data: GatheringData, *, by: Actor, now: datetime) -> Gathering:
    """Add or change a meeting or visit. Raises BadInput(field): a day to come, a liaison of another area."""

    def check(row: Gathering) -> None:
        if row.held_on > timezone.localdate(now):
            raise BadInput(_("This day is still to come."), field="held_on")
        if row.kind == GatheringKind.TEA:
            row.liaison_id = None
        elif row.liaison is not None and not row.area.path.startswith(row.liaison.area.path):
            raise BadInput(_("This liaison is for another area."), field="liaison")

    return keep(Gathering, pk, asdict(data), check=check, by=by, now=now)


@transaction.atomic
def add_item(gathering_id: int, content: str, place: str = "", *, by: Actor, now: datetime) -> GatheringItem:
    """Write down what somebody brought up."""
    gathering = locked(Gathering, gathering_id, by)
    if gathering.items.count() >= MOST_ITEMS:
        raise Refused(_("A meeting has at most %(count)s items.") % {"count": MOST_ITEMS})
    item = GatheringItem(
        gathering=gathering,
        content=checked_text(content, 2000, field="content"),
        place=checked_text(place, 200, field="place"),
    )
    validate(item)
    item.save()
    audit.record("gathering_item.added", item, by=by, now=now, changes={"gathering": gathering.pk})
    return item


@transaction.atomic
def answer_item(item_id: int, answer: str, *, by: Actor, now: datetime) -> GatheringItem:
    """Answered on the spot, or by the subdistrict that it was escalated to."""
    item = lock_item(item_id, by)
    item.answer = checked_text(answer, 1000, field="answer")
    if len(item.answer) < 2:
        raise BadInput(_("Write down the answer."), field="answer")
    return settle_item(item, "answer", "gathering_item.answered", {}, by, now)


@transaction.atomic
def escalate_item(item_id: int, *, by: Actor, now: datetime) -> GatheringItem:
    """提级: the subdistrict above answers it or hands it on."""
    item = lock_item(item_id, by)
    GATHERING_ITEM.check("escalate", item)
    unit = answering_unit(item.gathering.area, [UnitKind.SUBDISTRICT], timezone.localdate(now))
    if unit is None:
        raise Refused(_("There is no subdistrict above."))
    item.escalated_to = unit
    return settle_item(item, "escalate", "gathering_item.escalated", {"unit": unit.name}, by, now)


def lock_item(item_id: int, by: Actor) -> GatheringItem:
    """Return the item, locked. One that was escalated is the subdistrict's: to others it is closed (NotAllowed)."""
    item = locked(GatheringItem, item_id, by)
    if item.escalated_to is not None and item.state != ITEM_OPEN:
        access.require(by, MAY_KEEP, item.escalated_to)
    return item


def settle_item(item: GatheringItem, move: str, action: str, changes: dict, by: Actor, now: datetime) -> GatheringItem:
    """Make one move of the table on a locked item. For layers above too, with what the item became in `changes`."""
    row, before = GATHERING_ITEM.check(move, item), item.state
    item.state = row.to_state or item.state
    item.settled_at, item.settled_by = now, by.name
    item.save()
    audit.record(action, item, by=by, now=now, changes={"state": [before, item.state]} | changes)
    return item
