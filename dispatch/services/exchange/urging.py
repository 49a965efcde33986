"""催办, 督办: words to whoever has the case now. Nothing else changes; a platform that works on it is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from intake import services as intake
from intake.models import Case
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from ..handling import NOTE_LIMIT
from .telling import tell_case

ACTIONS = {"urge": "case.urged", "supervise": "case.supervised"}


@transaction.atomic
def urge_case(
    case_id: int, *, kind: str = "urge", text: str, due_at: datetime | None = None, by: Actor, now: datetime
) -> Case:
    """Urge (`kind` urge) or supervise an open case: an entry in its timeline, and a message to its platform."""
    if kind not in ACTIONS:
        raise BadInput(_("This cannot be said here."), field="kind")
    case = intake.lock_case(case_id, by=by)
    access.require(by, CASE.moves[kind].acts, case)
    CASE.check(kind, case)
    text = text.strip()
    if not 0 < len(text) <= NOTE_LIMIT:
        raise BadInput(_("Say in 1 to %(limit)s characters what is wanted.") % {"limit": NOTE_LIMIT}, field="text")
    facts = {"due_at": due_at.isoformat()} if due_at else {}
    audit.record(ACTIONS[kind], case, by=by, now=now, changes=facts, note=text)
    tell_case(case, kind, {"text": text, **facts}, now=now)
    return case
