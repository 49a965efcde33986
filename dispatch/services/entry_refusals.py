"""社区准入, the community's side: a case that its own list does not have goes back at once, with the entry quoted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import RequestKind
from dispatch.models import WorkOrder
from dispatch.selectors.power_check import power_check, quote_entry
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from .disputes.opening import after_return
from .requests import ask, return_order
from .steps import begin, tell

NOTE_LIMIT = 300


@transaction.atomic
def refuse_entry(
    work_order_id: int, *, note: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> WorkOrder:
    """不在本社区清单: where the list agrees the work order is returned without anybody's decision.

    Where the list does name the community it becomes a request to return, which the level above decides; that needs a
    reason. Raises BadInput at `note` when there is none.
    """
    order = begin(work_order_id, "refuse_entry", by=by, row_version=row_version)
    note, on = checked_text(note, NOTE_LIMIT, field="note"), timezone.localdate(now)
    quoted = power_check(order.unit, order.case, on)
    if quoted is None:
        _ask_instead(order, note, by, now)
        return order
    text = f"{quoted} {note}".strip()
    tell(order, "work_order.entry_refused", by=by, now=now, note=text, unit=str(order.unit))
    return_order(order, by=by, now=now, note=text)
    after_return(order.case, order, now=now)
    return order


def _ask_instead(order: WorkOrder, note: str, by: Actor, now: datetime) -> None:
    entry, _named = quote_entry(order, timezone.localdate(now))
    if not note:
        text = _("Your own list has this: %(entry)s. To ask for its return all the same, give the reason.")
        raise BadInput(text % {"entry": entry}, field="note")
    item = order.case.item
    ask(order.pk, kind=RequestKind.RETURN, reason=note, value={"item": item.code if item else ""}, by=by, now=now)
