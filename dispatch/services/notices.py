"""What dispatch tells people: units, members of staff, citizens. Texts and ways are data (grid: MessageTemplate).

Called in the transaction of the step. A message names the case by its number and holds no personal data.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from grid.choices import Act
from grid.services import Receiver, send_message
from intake.models import Case


def notify_units(
    unit_ids: Iterable[int | None], template: str, case: Case, *, act: str = Act.HANDLE_CASE, now: datetime, **facts
) -> int:
    """Tell whoever holds `act` at these very units; returns how many messages were written."""
    to = [Receiver(unit_id=unit_id, act=str(act)) for unit_id in dict.fromkeys(unit_ids) if unit_id]
    return send_message(template, to, facts=_facts(case, facts), now=now, link=_page(case), about=case.number)


def notify_unit(
    unit_id: int | None, template: str, case: Case, *, act: str = Act.HANDLE_CASE, now: datetime, **facts
) -> int:
    """Tell whoever holds `act` at this very unit."""
    return notify_units([unit_id], template, case, act=act, now=now, **facts)


def notify_user(user_id: int, template: str, case: Case, *, now: datetime, **facts) -> int:
    """Tell one member of staff."""
    to = [Receiver(user_id=user_id)]
    return send_message(template, to, facts=_facts(case, facts), now=now, link=_page(case), about=case.number)


def notify_citizen(case: Case, template: str, *, now: datetime, **facts) -> int:
    """Tell whoever asked, if they left a phone number; cases of the exchange and of other channels tell their own."""
    citizen = case.citizen
    if citizen is None or not citizen.phone:
        return 0
    return send_message(
        template, [Receiver(phone=citizen.phone)], facts=_facts(case, facts), now=now, about=case.number
    )


def moment(at: datetime) -> str:
    """Return a moment as messages name it, in the time of the city."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _facts(case: Case, facts: dict) -> dict:
    words = {name: moment(value) if isinstance(value, datetime) else value for name, value in facts.items()}
    return {"number": case.number, **words}


def _page(case: Case) -> str:
    return f"/dispatch/cases/{case.number}/"
