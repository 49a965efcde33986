"""查看诉求人身份: a purpose first, then a look for a while; every look is recorded.

Who called about a confidential case is hidden from the units: they ask, and somebody one level above decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.access import grants_of
from grid.choices import Act
from intake.choices import IdentityState
from intake.models import Case, IdentityRequest
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.parameters import get_parameter

PURPOSE_LENGTH = range(4, 201)
OPINION_LENGTH = range(2, 301)


@dataclass(frozen=True)
class Identity:
    """What `view_identity` shows to the person who said why, and until when the page may show it."""

    name: str
    phone: str
    identity_type: str
    identity_number: str
    address: str
    until: datetime


@transaction.atomic
def ask_identity(case_id: int, *, purpose: str, by: Actor, now: datetime) -> IdentityRequest:
    """Ask to see who called, and say what for: granted for a while at once, for a confidential case by a level above.

    Raises NotAllowed without the act, BadInput for a purpose of another length than 4 to 200, IllegalMove while the
    same person's request is undecided.
    """
    case = _case(case_id)
    access.require(by, Act.VIEW_IDENTITY, case)
    purpose = purpose.strip()
    if len(purpose) not in PURPOSE_LENGTH:
        raise BadInput(_("Say in 4 to 200 characters what you need it for."), field="purpose")
    if case.citizen is None:
        raise BadInput(_("The caller of this case gave neither name nor phone number."))
    if open_request(case, by):
        raise IllegalMove(_("You have asked already; nobody has decided yet."))
    asked = IdentityRequest(case=case, staff=by.user, purpose=purpose, state=IdentityState.ASKED, asked_at=now)
    if not is_hidden_from(by, case):
        asked.state, asked.decided_at = IdentityState.GRANTED, now
        asked.visible_until = now + timedelta(minutes=_parameter("identity.visible_minutes", now))
    asked.save(force_insert=True)
    if asked.state == IdentityState.ASKED:
        audit.record("identity.asked", case, by=by, now=now, changes={"request": asked.pk}, note=purpose)
    return asked


@transaction.atomic
def view_identity(case_id: int, *, by: Actor, now: datetime) -> Identity:
    """Show who called to somebody whose time has not run out. Every look is an entry of the case with its purpose."""
    case = _case(case_id)
    access.require(by, Act.VIEW_IDENTITY, case)
    granted = current_grant(case, by, now)
    if granted is None or granted.visible_until is None:
        raise NotAllowed(_("Say first what you need it for; the time of an earlier look is over."))
    citizen = case.citizen
    if citizen is None:
        raise BadInput(_("The caller of this case gave neither name nor phone number."))
    facts = {"citizen": citizen.pk, "request": granted.pk}
    audit.record("citizen.viewed", case, by=by, now=now, changes=facts, note=granted.purpose)
    return Identity(
        name=citizen.name,
        phone=citizen.phone,
        identity_type=citizen.identity_type,
        identity_number=citizen.identity_number,
        address=citizen.address,
        until=min(granted.visible_until, now + timedelta(minutes=_parameter("identity.visible_minutes", now))),
    )


@transaction.atomic
def decide_identity(request_id: int, *, granted: bool, opinion: str, by: Actor, now: datetime) -> IdentityRequest:
    """同意/不同意: somebody one level above the asker decides, with an opinion; a grant may be used for some hours."""
    asked = (
        IdentityRequest.objects.select_for_update(of=("self",))
        .select_related("case__area", "case__holder", "staff__unit")
        .filter(pk=request_id)
        .first()
    )
    if asked is None:
        raise OutOfSight(_("Not found."))
    access.require(by, Act.DECIDE_REQUEST, asked.case)
    if reason := why_not_decide(asked, by):
        raise NotAllowed(reason)
    if asked.state != IdentityState.ASKED:
        raise IllegalMove(_("This request was decided already."))
    opinion = opinion.strip()
    if len(opinion) not in OPINION_LENGTH:
        raise BadInput(_("Give your opinion in 2 to 300 characters."), field="opinion")
    asked.state = IdentityState.GRANTED if granted else IdentityState.REFUSED
    asked.decided_at, asked.decided_by, asked.opinion = now, by.name[:120], opinion
    if granted:
        asked.visible_until = now + timedelta(hours=_parameter("identity.granted_hours", now))
    asked.save(update_fields=["state", "decided_at", "decided_by", "opinion", "visible_until"])
    facts = {"request": asked.pk, "asker": asked.staff.get_full_name()}
    action = "identity.granted" if granted else "identity.refused"
    audit.record(action, asked.case, by=by, now=now, changes=facts, note=opinion)
    return asked


def is_hidden_from(by: Actor, case: Case) -> bool:
    """Whether `by` sees no caller at all, not even masked: of confidential cases all but who took the call.

    Who took it registers cases here and handles none; a unit that does both handles.
    """
    if not case.is_confidential:
        return False
    receives = access.why_not(by, (Act.REGISTER_CASE, Act.CONFIRM_REFUSAL), case) is None
    return not receives or access.why_not(by, (Act.HANDLE_CASE,), case) is None


def why_not_decide(asked: IdentityRequest, by: Actor) -> str | None:
    """Return None when `by` decides at a level above the asker's unit, else the reason. For who holds the act."""
    if by.user is None or by.user.pk == asked.staff_id:
        return _("Nobody decides on the own request.")
    unit = asked.staff.unit
    area = asked.case.area
    for grant in grants_of(by.user).rows:
        if grant.act != Act.DECIDE_REQUEST:
            continue
        is_above = unit is None or (unit.path.startswith(grant.unit_path) and unit.path != grant.unit_path)
        is_centre = bool(grant.area_path and area and area.path.startswith(grant.area_path))
        is_own = unit is not None and unit.path == grant.unit_path
        if grant.whole_city or is_above or (is_centre and not is_own):
            return None
    return _("This is decided one level above the unit that asks.")


def open_request(case: Case, by: Actor) -> IdentityRequest | None:
    """Return the request of this person that nobody has decided yet."""
    return IdentityRequest.objects.filter(case=case, staff=by.user, state=IdentityState.ASKED).first()


def current_grant(case: Case, by: Actor, now: datetime) -> IdentityRequest | None:
    """Return the grant of this person whose time has not run out; of a confidential case only what was decided."""
    granted = IdentityRequest.objects.filter(
        case=case, staff=by.user, state=IdentityState.GRANTED, visible_until__gt=now
    )
    if is_hidden_from(by, case):
        granted = granted.exclude(decided_by="")
    return granted.order_by("-visible_until").first()


def _case(case_id: int) -> Case:
    """Return the case with its caller."""
    case = Case.objects.select_related("area", "holder", "citizen").filter(pk=case_id).first()
    if case is None:
        raise OutOfSight(_("Not found."))
    return case


def _parameter(key: str, now: datetime) -> int:
    return get_parameter(key, timezone.localdate(now))
