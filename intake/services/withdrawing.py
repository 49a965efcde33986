"""撤销: a citizen no longer wants a case followed. Before dispatch it ends; later the unit that has it decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from intake.choices import SupplementKind, Via
from intake.models import Case
from intake.workflow import CASE
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.texts import checked_text

from .moves import move_case
from .supplements import MAY_SUPPLEMENT, SHORTEST, lock_open_case, store_supplement

REASON_LIMIT = 300


@transaction.atomic
def withdraw_case(case_id: int, *, reason: str, via: str, by: Actor, now: datetime) -> Case:
    """Withdraw a case that was not dispatched yet; of a later one the wish is an addition that its unit sees.

    Raises BadInput(field="reason"), IllegalMove for a case that has ended, Refused when the wish was said before.
    """
    reason = _checked_reason(reason)
    case = lock_open_case(case_id, by=by)
    move = CASE.moves["withdraw"]
    if case.state in move.from_states:
        access.require(by, move.acts, case)
        return move_case(
            case, move.name, action="case.withdrawn", by=by, now=now, changes={"via": _checked_via(via)}, note=reason
        )
    access.require(by, MAY_SUPPLEMENT, case)
    if case.supplements.filter(kind=SupplementKind.WITHDRAWN).exists():
        text = _("That case %(number)s is to be withdrawn was said already; the unit that handles it decides.")
        raise Refused(text % {"number": case.number}, field="reason")
    store_supplement(case, SupplementKind.WITHDRAWN, reason, via=via, by=by, now=now)
    return case


def _checked_via(via: str) -> str:
    if via not in Via.values:
        raise BadInput(_("“%(via)s” is no way in.") % {"via": via}, field="via")
    return via


def _checked_reason(reason: str) -> str:
    reason = checked_text(reason, REASON_LIMIT, field="reason")
    if len(reason) < SHORTEST:
        raise BadInput(_("Say why, in a few words."), field="reason")
    return reason
