"""催办下级: whoever handed a case down asks the unit below, such as a team of the grid, to be quick.

The words, the mark and the message are those of every urge; a person with a role above may urge any open case besides
(supervision.py). Not more often than every `urge.pause_minutes`, so that a phone is not rung all morning.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dispatch.choices import UrgeKind
from dispatch.models import Urge, WorkOrder
from dispatch.workflow import OPEN_STATES, UNDER_REVIEW, WORK_ORDER
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, Refused
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .handling import NOTE_LIMIT
from .steps import lock_work_order, require_at
from .supervision import MOST_AT_ONCE, write_urge


class NoNeedToUrge(Refused):
    """The unit was urged about this case a short while ago, or has reported: its report waits for review."""


@transaction.atomic
def urge_below(work_order_id: int, *, text: str = "", by: Actor, now: datetime, row_version: int | None = None) -> Urge:
    """Urge the unit that a work order was handed down to. Without words the usual ones are said.

    Raises NoNeedToUrge within the pause and while the report from below waits for review, IllegalMove when nothing was
    handed down, BadInput(field="text").
    """
    order = lock_work_order(work_order_id, by=by, row_version=row_version)
    require_at(by, WORK_ORDER.moves["urge_below"].acts, order, order.unit)
    WORK_ORDER.check("urge_below", order)
    below = WorkOrder.objects.filter(case=order.case, parent=order, state__in=OPEN_STATES).select_related("unit").last()
    if below is None or below.state == UNDER_REVIEW:
        raise NoNeedToUrge(_("The report from below waits for review: nobody there can be quicker."))
    _require_pause(below, now)
    words = checked_text(text, NOTE_LIMIT, field="text") or _usual_words()
    return write_urge(order.case, words, unit=below.unit, by=by, now=now, work_order=below.number)


@transaction.atomic
def urge_below_many(work_order_ids: Sequence[int], *, text: str = "", by: Actor, now: datetime) -> tuple[int, int]:
    """Urge about several work orders; returns how many were, and how many had no need of it.

    Any other refusal names its case, and then nobody is urged.
    """
    ids = sorted(set(work_order_ids))
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise BadInput(_("Tick 1 to %(most)s cases.") % {"most": MOST_AT_ONCE}, field="ids")
    urged = spared = 0
    for work_order_id in ids:
        try:
            urge_below(work_order_id, text=text, by=by, now=now)
        except NoNeedToUrge:
            spared += 1
        except (BadInput, OutOfSight):
            raise
        except Refused as refusal:
            order = WorkOrder.objects.select_related("case").filter(pk=work_order_id).first()
            refusal.text = _("%(number)s: %(reason)s Nobody was urged.") % {"number": order, "reason": refusal}
            raise
        else:
            urged += 1
    return urged, spared


def _require_pause(below: WorkOrder, now: datetime) -> None:
    pause = timedelta(minutes=int(get_parameter("urge.pause_minutes", timezone.localdate(now))))
    earlier = Urge.objects.filter(case=below.case, unit=below.unit, kind=UrgeKind.URGE, at__gt=now - pause)
    last = earlier.order_by("-id").first()
    if last is not None:
        again = f"{timezone.localtime(last.at + pause):%H:%M}"
        text = _("%(unit)s was urged a short while ago; again from %(at)s on.")
        raise NoNeedToUrge(text % {"unit": below.unit, "at": again})


def _usual_words() -> str:
    with override(settings.LANGUAGE_CODE):  # what is kept is in the language of the house
        return _("Please deal with this soon and report.")
