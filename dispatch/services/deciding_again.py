"""Cases that came to the desk while the switch was off: once it is on again, the machine may look at them again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import NeedsPerson
from dispatch.gate.cells import get_switch
from dispatch.selectors.waiting import find_waiting_ids
from grid.access import require_any
from grid.choices import Act
from intake import services as intake
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .claims import end_claims

PORTION, PORTIONS = 200, 5


class SwitchedOff(Refused):
    """Automatic dispatch is off, so that the machine would send every case back to the desk."""


def is_on() -> bool:
    """Whether automatic dispatch is on now."""
    switch = get_switch()
    return switch is None or switch.is_on


def decide_again(*, by: Actor, now: datetime) -> int:
    """Let the machine look again at what the switch alone sent to the desks of `by`; returns how many cases.

    In portions, each whole; at most PORTION × PORTIONS at once, those due first. What lies before another dispatcher
    stays. Each case is decided anew by the pipeline, with a stored reason, and may well need a person for another one.
    Raises SwitchedOff while the switch is off, NotAllowed for who dispatches nowhere.
    """
    require_any(by.user, Act.DISPATCH_CASE)
    if not is_on():
        raise SwitchedOff(_("Automatic dispatch is switched off; every case would come back to the desk."))
    done = 0
    for _portion in range(PORTIONS):
        count = _decide_some(by, now)
        done += count
        if count < PORTION:
            break
    return done


@transaction.atomic
def _decide_some(by: Actor, now: datetime) -> int:
    ids = find_waiting_ids(by.user, now, NeedsPerson.SWITCHED_OFF, PORTION)
    rows = Case.objects.awaiting_person().filter(pk__in=ids).order_by("pk")
    cases = list(rows.select_for_update(of=("self",), skip_locked=True))
    end_claims(cases)
    changes = {case.pk: {"why": NeedsPerson.SWITCHED_OFF.value} for case in cases}
    return intake.set_awaits_person(cases, False, action="case.reconsidered", by=by, now=now, changes=changes)
