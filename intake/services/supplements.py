"""追加: what a citizen adds to a case after it was registered, and asking where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import SupplementKind, Via
from intake.limits import SUPPLEMENT_LIMIT
from intake.models import Case, Supplement
from intake.signals import case_supplemented
from intake.workflow import OPEN_STATES
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, CITIZEN, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, Refused
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .attachments import Upload, add_to_case, inspect_all, stored_or_none
from .deliveries import owe_callback
from .life_cycle import lock_case

MAY_SUPPLEMENT = (Act.REGISTER_CASE.value, CHANNEL, CITIZEN)
ACTIONS = {
    SupplementKind.ADDED: "case.supplemented",
    SupplementKind.URGED: "case.urged_by_citizen",
    SupplementKind.WITHDRAWN: "case.withdrawal_asked",
}
SHORTEST = 2  # characters


def add_supplement(
    case_id: int,
    text: str,
    *,
    kind: str = SupplementKind.ADDED,
    via: str,
    by: Actor,
    now: datetime,
    files: Sequence[Upload] = (),
) -> Supplement:
    """Add words and files to an open case, or ask where it stands (`kind` urged: the text may be empty, once a day).

    Raises BadInput(field="text" or "files"), IllegalMove for a case that has ended, Refused when it is too early to
    ask again. Either all of it is kept or nothing.
    """
    if kind not in (SupplementKind.ADDED, SupplementKind.URGED):
        raise BadInput(_("“%(kind)s” is no kind of addition.") % {"kind": kind}, field="kind")
    text = checked_text(text, SUPPLEMENT_LIMIT, field="text")
    if kind == SupplementKind.ADDED and len(text) < SHORTEST:
        raise BadInput(_("Write down what is to be added."), field="text")
    looked_into = inspect_all(files, now)
    with stored_or_none(looked_into), transaction.atomic():
        case = lock_open_case(case_id, by=by)
        access.require(by, MAY_SUPPLEMENT, case)
        if kind == SupplementKind.URGED:
            _require_patience(case, now)
        found = store_supplement(case, kind, text, via=via, by=by, now=now)
        for file in looked_into:
            add_to_case(case, file, by=by, now=now)
    return found


def next_urge_at(case: Case, *, now: datetime) -> datetime | None:
    """Return from when on it may be asked again where the case stands; None: now."""
    hours = get_parameter("supplement.urge_hours", timezone.localdate(now))
    last = case.supplements.filter(kind=SupplementKind.URGED).order_by("-pk").first()
    after = last.added_at + timedelta(hours=hours) if last else None
    return after if after and after > now else None


def _require_patience(case: Case, now: datetime) -> None:
    if after := next_urge_at(case, now=now):
        reason = _("It was asked already where case %(number)s stands; it can be asked again after %(time)s.")
        when = f"{timezone.localtime(after):%Y-%m-%d %H:%M}"
        raise Refused(reason % {"number": case.number, "time": when}, field="kind")


def lock_open_case(case_id: int, *, by: Actor) -> Case:
    """Return the locked case; refuse one that has ended."""
    case = lock_case(case_id, by=by)
    if case.state not in OPEN_STATES:
        raise IllegalMove(_("Case %(number)s has ended; nothing can be added.") % {"number": case.number})
    return case


def store_supplement(case: Case, kind: str, text: str, *, via: str, by: Actor, now: datetime) -> Supplement:
    """Write an addition to a locked case; the caller asked `access`."""
    if via not in Via.values:
        raise BadInput(_("“%(via)s” is no way in.") % {"via": via}, field="via")
    most = get_parameter("supplement.max_per_case", timezone.localdate(now))
    if case.supplements.count() >= most:
        raise Refused(_("At most %(most)s additions belong to a case.") % {"most": most}, field="text")
    found = Supplement(case=case, kind=kind, text=text, via=via, added_at=now, added_by=by.name)
    found.save(force_insert=True)
    audit.record(ACTIONS[SupplementKind(kind)], case, by=by, now=now, changes={"via": via}, note=text)
    case_supplemented.send(None, supplement=found, now=now)
    if via != Via.CHANNEL:  # a channel knows what it said itself
        owe_callback(case, "case.supplemented", now=now, facts={"kind": str(kind)})
    return found
