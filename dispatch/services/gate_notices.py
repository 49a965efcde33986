"""Who is told when the machine loses what it had earned, and when the switch is thrown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dispatch.models import GateCell, GateSwitch
from dutylist.models import Item
from grid.choices import Act, Level, UnitKind
from grid.models import Unit
from grid.services import Receiver, send_message

PAGE = "/dispatch/gate/"
NAMED = 5  # items in one message


def tell_shut(cells: Sequence[GateCell], *, now: datetime) -> int:
    """Tell whoever publishes rules at the city centre which items go to a person again; returns how many messages."""
    if not cells:
        return 0
    codes = list(
        Item.objects.filter(pk__in={cell.item_id for cell in cells}).order_by("code").values_list("code", flat=True)
    )
    facts = {"count": len(codes), "items": "、".join(codes[:NAMED])}
    return send_message("gate_shut", _centres(Act.PUBLISH_RULES, Level.CITY), facts=facts, now=now, link=PAGE)


def tell_switched(turned: GateSwitch, *, now: datetime) -> int:
    """Tell every dispatch desk that automatic dispatch stopped, or goes on."""
    template = "gate_on" if turned.is_on else "gate_off"
    facts = {"who": turned.by, "reason": turned.reason}
    return send_message(template, _centres(Act.DISPATCH_CASE, Level.DISTRICT), facts=facts, now=now, link=PAGE)


def _centres(act: Act, lowest: Level) -> list[Receiver]:
    centres = Unit.objects.filter(kind=UnitKind.CENTRE, level__lte=lowest, closed_on=None).order_by("path")
    return [Receiver(unit_id=pk, act=act.value) for pk in centres.values_list("pk", flat=True)]
