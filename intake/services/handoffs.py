"""An emergency is handed over to 110, 119 or 120, and the hand-over is kept on the case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import EmergencyService
from intake.limits import NOTE_LIMIT
from intake.models import Case, EmergencyHandoff
from intake.workflow import CASE, OPEN_STATES
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove
from shenzhen_gov.core.texts import checked_text

from .life_cycle import lock_case

REFERENCE_LENGTH = 60


@transaction.atomic
def hand_over(
    case_id: int, *, service: str, reference: str = "", note: str = "", by: Actor, now: datetime
) -> EmergencyHandoff:
    """Record that the caller of an open case was handed to an emergency service; the case itself goes on.

    `reference` is the number they gave. Raises BadInput naming the field.
    """
    case = lock_case(case_id, by=by)
    access.require(by, (Act.REGISTER_CASE,), case)
    if case.state not in OPEN_STATES:
        text = _("Nobody is handed over from a case that is “%(state)s”.")
        raise IllegalMove(text % {"state": CASE.states[case.state]})
    return record_handoff(case, service=service, reference=reference, note=note, by=by, now=now)


def record_handoff(
    case: Case, *, service: str, reference: str, note: str, by: Actor, now: datetime
) -> EmergencyHandoff:
    """Write the hand-over of a case that is locked and was asked for."""
    if service not in EmergencyService.values:
        raise BadInput(_("Choose whom the caller is handed to."), field="service")
    reference = checked_text(reference, REFERENCE_LENGTH, field="reference")
    handoff = EmergencyHandoff(
        case=case,
        service=service,
        reference=reference,
        note=checked_text(note, NOTE_LIMIT, field="note"),
        handed_at=now,
        handed_by=by.name,
    )
    handoff.save(force_insert=True)
    facts = {"service": service, "reference": reference}
    audit.record("case.handed_over", case, by=by, now=now, changes=facts, note=handoff.note)
    return handoff
