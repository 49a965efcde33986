"""防踢皮球: how often a case may be given back, and who may not give it back any more.

A unit that handles a case until the ruling, and the unit that was ruled for, keep it. A case that went from unit to
unit too often goes no further without a ruling (`dispatch.most_units`).
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import WorkRole
from dispatch.models import Docket, WorkOrder
from dispatch.workflow import DOCKET, RETURNED, WORK_ORDER
from grid.models import Unit
from intake.models import Case
from intake.workflow import OPEN_STATES
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.parameters import get_parameter


class TooManyHops(Refused):
    """The case went to as many units as it may without a ruling. What follows is a docket (disputes/opening.py)."""

    code = "too_many_hops"

    def __init__(self, text: str, *, case_id: int, unit_id: int | None = None, said: str = "", field: str = ""):
        super().__init__(text, field=field or None)
        self.case_id, self.unit_id, self.said = case_id, unit_id, said


@WORK_ORDER.need("may_return")
def may_return(order: WorkOrder):
    """先办后议, 裁决为准: no return while a docket is open, and none after the ruling in the same round."""
    if order.role != WorkRole.LEAD or order.parent_id is not None:
        return None
    docket = _last_docket(order.case)
    if docket is None:
        return None
    if docket.is_open:
        text = _("A docket is open: %(unit)s handles the case until the ruling, due %(due)s.")
        return text % {"unit": order.unit, "due": f"{timezone.localtime(docket.due_at):%Y-%m-%d %H:%M}"}
    if docket.ruled_unit is not None and docket.round == order.round:
        text = _("Ruled on %(day)s: %(unit)s is responsible. In this round the ruling is final.")
        return text % {"day": timezone.localdate(docket.decided_at), "unit": docket.ruled_unit}
    return None


@DOCKET.need("not_conferring")
def not_conferring(docket: Docket):
    """疑难会商: called once."""
    return _("A conference has been called already.") if docket.is_conference else None


@DOCKET.need("has_handler")
def has_handler(docket: Docket):
    """What is not disputed any more has a unit that does it; of a case that is over nobody asks."""
    if docket.interim_unit_id is not None or docket.case.state not in OPEN_STATES:
        return None
    return _("No unit has the case yet.")


def require_dispatchable(case: Case, now: datetime) -> None:
    """Raise TooManyHops when a locked case was sent to as many units as it may be without a ruling.

    While its docket is open a dispatcher may name who handles it until the ruling.
    """
    most = most_units(now)
    if case.due_at and count_returned(case) >= most and not _is_on_docket(case):
        text = _("%(most)s units have given the case back in this round; only a ruling sends it on.")
        raise TooManyHops(text % {"most": most}, case_id=case.pk, field="unit")


def require_hop_left(case: Case, unit: Unit, now: datetime, *, said: str = "") -> None:
    """Raise TooManyHops when a unit asks to give back what as many units as may have given back before it."""
    most = most_units(now)
    if count_returned(case) + 1 >= most and not is_ruled(case):
        text = _("The case is at its unit number %(most)s in this round and is not given back without a ruling.")
        raise TooManyHops(text % {"most": most}, case_id=case.pk, unit_id=unit.pk, said=said, field="kind")


def note_interim(case: Case, unit: Unit) -> None:
    """Note who handles a case whose docket is open, when a dispatcher sends it somewhere; the parties hear it there."""
    if case.due_at:
        Docket.objects.open().filter(case=case).update(interim_unit=unit)


def count_returned(case: Case) -> int:
    """Return how often a unit that the case was dispatched to gave it back in the present round."""
    sent = WorkOrder.objects.filter(case=case, round=case.round, role=WorkRole.LEAD, parent=None)
    return sent.filter(state=RETURNED).count()


def is_ruled(case: Case) -> bool:
    """Whether there is a ruling in the present round."""
    return Docket.objects.ruled().filter(case=case, round=case.round).exists()


def _last_docket(case: Case) -> Docket | None:
    """Return the newest docket; read once for a row of a case, for its page asks about several steps."""
    known = case.__dict__
    if "_last_docket" not in known:
        known["_last_docket"] = Docket.objects.filter(case=case).select_related("ruled_unit").order_by("-id").first()
    return known["_last_docket"]


def _is_on_docket(case: Case) -> bool:
    return is_ruled(case) or Docket.objects.open().filter(case=case).exists()


def most_units(now: datetime) -> int:
    """Return how many units a case is sent to in a round without a ruling."""
    return int(get_parameter("dispatch.most_units", timezone.localdate(now)))
