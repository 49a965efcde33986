"""受理告知, 办理告知: telling the citizen, as a step of its own with its way and time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import ToldOf
from dispatch.models import Telling
from dispatch.workflow import WORK_ORDER
from intake.choices import ReplyWay
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.texts import checked_text

from .steps import lock_work_order, require_at, save, tell

NOTE_LIMIT = 500


@transaction.atomic
def tell_citizen(
    work_order_id: int, *, kind: str, way: str, note: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> Telling:
    """Note that the citizen was told: that the case was taken on, or what came of it.

    A result can be told before or after the report, whose own field says the same in one step.
    """
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    move = WORK_ORDER.moves["tell"]
    require_at(by, move.acts, order, order.unit)
    WORK_ORDER.check(move.name, order)
    if kind not in ToldOf.values:
        raise BadInput(_("Choose what the citizen was told of."), field="kind")
    if way not in ReplyWay.values:
        raise BadInput(_("Choose how the citizen was told."), field="way")
    if order.case.citizen_id is None:
        raise Refused(_("Nobody is known who could be told."), field="kind")
    note = checked_text(note, NOTE_LIMIT, field="note")
    told = Telling.objects.create(work_order=order, kind=kind, way=way, at=now, note=note, by=by.name[:120])
    save(order)
    tell(order, "work_order.told", by=by, now=now, note=note, told=way, of=kind)
    return told
