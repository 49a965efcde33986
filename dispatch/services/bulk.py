"""Dispatching several like cases together: each its own decision and its own transaction, and a summary of refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import WorkOrder
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.parameters import get_parameter

from .assigning import dispatch_by_hand
from .disputes.opening import opens_docket

send = opens_docket(dispatch_by_hand)


@dataclass
class Together:
    """What became of cases that were dispatched together: the work orders, and (number, reason) of each refusal."""

    orders: list[WorkOrder] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def dispatch_together(
    case_id: int,
    also: Sequence[int] = (),
    *,
    unit_id: int,
    item_id: int | None = None,
    suggested_id: int | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
    row_version: int | None = None,
) -> Together:
    """Dispatch a waiting case and the ones like it to the same unit. A refusal of the first is raised: nothing is sent.

    The others are sent one by one; what is refused among them (taken by somebody else, another unit by the list and no
    reason given, …) is named with its number in the answer.
    """
    most = get_parameter("dispatch.most_together", timezone.localdate(now))
    others = [pk for pk in dict.fromkeys(also) if pk != case_id]
    if len(others) > most:
        raise BadInput(_("At most %(most)s cases are sent together.") % {"most": most + 1}, field="also")
    given = {"unit_id": unit_id, "item_id": item_id, "suggested_id": suggested_id, "note": note, "by": by, "now": now}
    done = Together([send(case_id, row_version=row_version, **given)])
    seen = Case.objects.visible_to(by.user) if by.user else Case.objects.all()
    numbers = dict(seen.filter(pk__in=others).values_list("pk", "number"))
    for pk in others:
        try:
            done.orders.append(send(pk, **given))
        except Refused as refusal:
            done.refused.append((numbers.get(pk, "—"), str(refusal)))
    return done
