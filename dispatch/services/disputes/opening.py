"""开卷: a docket opens by itself with the second disputed return, or by a dispatcher; the work goes on at once.

先办后议: who handles it until the ruling is the unit that the duty list names, else the one that received it first (F
W14: no lead → the first one leads), else the fallback unit of the list. A unit that has the case keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dispatch.choices import ClockKind, DecisionMode, DocketOrigin, RequestKind, RequestState, WorkRole
from dispatch.clocks import ClockBook
from dispatch.drafts import Draft
from dispatch.models import CaseRequest, Docket, DocketParty, WorkOrder
from dispatch.selectors.power_check import power_check
from dutylist.choices import LimitUnit
from dutylist.selectors import duty_for
from grid import access
from grid.choices import Act
from grid.models import Unit
from intake import services as intake
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, CASE, IN_HANDLING
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, Refused
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text
from shenzhen_gov.core.worktime import add_limit

from ..assigning import assign
from ..claims import end_claims, require_unclaimed
from ..hop_guard import TooManyHops, count_returned, is_ruled, most_units
from ..notices import notify_units
from ..recalling import centres_of

REASON_LIMIT = 1000
BY = Actor.system("disputes")


@dataclass(frozen=True)
class Interim:
    """Who handles a case until the ruling, and why (a code of dispatch/reasons.py)."""

    unit: Unit
    code: str


@transaction.atomic
def open_docket(
    case_id: int, *, reason: str, unit_id: int | None = None, by: Actor, now: datetime, row_version: int | None = None
) -> Docket:
    """提请裁决: a dispatcher asks for a ruling on a waiting case; the interim handler gets it at once.

    Without `unit_id` the rule says who that is. Raises BadInput naming the field, IllegalMove when a docket is open or
    there was a ruling in this round, ClaimedByOther.
    """
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["dispute"].acts, case)
    CASE.check("dispute", case)
    require_unclaimed(case, by=by, now=now)
    text = checked_text(reason, REASON_LIMIT, field="reason")
    if not text:
        raise BadInput(_("Say what is disputed."), field="reason")
    if is_ruled(case):
        raise IllegalMove(_("There was a ruling in this round; it is final."))
    interim = _chosen(unit_id, case, by, now) if unit_id else find_interim(case, now)
    if interim is None:
        raise BadInput(_("Choose the unit that handles it until the ruling."), field="unit")
    end_claims([case])
    return _open(case, DocketOrigin.DISPATCHER, text, interim, by=by, now=now)


def after_return(case: Case, order: WorkOrder, *, now: datetime) -> Docket | None:
    """Open a docket when the return of a locked case that was just decided makes it a dispute; else None.

    In the transaction of the decision. Where no deadline can be computed the case stays with a dispatcher, who may
    open the docket later.
    """
    if order.role != WorkRole.LEAD or order.parent_id is not None or is_ruled(case):
        return None
    if Docket.objects.open().filter(case=case).exists():
        return None
    origin = _why_disputed(case, now)
    if not origin:
        return None
    keeps = case.state == IN_HANDLING  # the return was refused: the unit has it, and works on it meanwhile
    with suppress(Refused), transaction.atomic():
        interim = Interim(order.unit, "") if keeps else find_interim(case, now)
        return _open(case, origin, _summary(case), interim, by=BY, now=now)
    return None


def opens_docket(service: Callable[..., Any]) -> Callable[..., Any]:
    """Let a docket open when `service` is refused because the case went to too many units; the refusal stands."""

    @wraps(service)
    def guarded(*args: Any, now: datetime, **given: Any) -> Any:
        try:
            return service(*args, now=now, **given)
        except TooManyHops as refusal:
            opened = _open_after_hops(refusal, now)
            if opened is not None:
                said = _("A docket is open now; %(unit)s handles the case until the ruling.")
                refusal.text = f"{refusal.text} {said % {'unit': opened.interim_unit or '—'}}"
            raise

    return guarded


def find_interim(case: Case, now: datetime) -> Interim | None:
    """Return who handles a disputed case until the ruling; None when no unit can be named."""
    day = timezone.localdate(now)
    duty = duty_for(case.item_id, case.area, day) if case.item_id and case.area else None
    row = duty.row if duty else None
    sent = WorkOrder.objects.filter(case=case, round=case.round, role=WorkRole.LEAD, parent=None)
    first = sent.select_related("unit__home_area").order_by("seq").first()
    ranked = (
        ("interim_list", row.lead_unit if row else None),
        ("interim_first", first.unit if first else None),
        ("interim_fallback", row.fallback_unit if row else None),
    )
    for code, unit in ranked:
        is_open = unit is not None and (unit.closed_on is None or unit.closed_on > day)
        if unit is not None and is_open and power_check(unit, case, day) is None:
            return Interim(unit, code)
    return None


def argue_by(now: datetime) -> datetime:
    """Return until when the parties of a docket opened now give their arguments."""
    hours = int(get_parameter("docket.argue_hours", timezone.localdate(now)))
    return add_limit(now, hours, LimitUnit.WORKHOUR, ClockBook(now).calendar)


def _open_after_hops(refusal: TooManyHops, now: datetime) -> Docket | None:
    """Open the docket of a case that goes no further; None when one is open already or none can be."""
    with suppress(Refused), transaction.atomic():
        case = intake.lock_case(refusal.case_id, by=BY)
        if case.state not in (AWAITING_DISPATCH, IN_HANDLING) or is_ruled(case):
            return None
        own = Unit.objects.filter(pk=refusal.unit_id or 0).first() if case.state == IN_HANDLING else None
        interim = Interim(own, "") if own else find_interim(case, now)
        docket = _open(case, DocketOrigin.HOPS, _summary(case), interim, by=BY, now=now)
        if refusal.said:
            docket.parties.filter(unit=own).update(text=refusal.said)
        return docket
    return None


def _open(
    case: Case, origin: str, text: str, interim: Interim | None, *, by: Actor, now: datetime
) -> Docket:  # fmt: skip
    if Docket.objects.open().filter(case=case).exists():
        raise IllegalMove(_("A docket of this case is open already."))
    clock = ClockBook(now).start(ClockKind.RULING, case)
    docket = Docket(
        case=case, round=case.round, area=case.area, origin=origin, reason=text, opened_at=now, opened_by=by.name[:120],
        interim_unit=interim.unit if interim else None, argue_until=argue_by(now), due_at=clock.due_at,
        item_id=case.item_id,
    )  # fmt: skip
    docket.save(force_insert=True)
    clock.save(force_insert=True)
    parties = _parties(docket, now)
    DocketParty.objects.bulk_create(parties)
    units = [str(party.unit) for party in parties]
    facts = {"docket": docket.pk, "parties": units, "interim": str(docket.interim_unit or "—")}
    audit.record("docket.opened", case, by=by, now=now, changes=facts, note=text)
    if interim is not None and case.state == AWAITING_DISPATCH:
        _hand_over(case, interim, by, now)
    _tell(docket, [party.unit_id for party in parties], now)
    return docket


def _hand_over(case: Case, interim: Interim, by: Actor, now: datetime) -> None:
    """Give the case to its interim handler, with clocks that go on where they stood."""
    draft = Draft(case, unit=interim.unit)
    draft.follow(duty_for(case.item_id, case.area, timezone.localdate(now)) if case.item_id else None)
    draft.say(interim.code, unit=interim.unit, who=by.name)
    assign([draft], DecisionMode.INTERIM, by=by, now=now)


def _parties(docket: Docket, now: datetime) -> list[DocketParty]:
    """Return the sides: who gave the case back, who was named instead, who is named by the list, who handles it."""
    case = docket.case
    asked = CaseRequest.objects.filter(case=case, kind=RequestKind.RETURN, work_order__round=case.round)
    returns = list(
        asked.filter(work_order__parent=None).select_related("asked_by_unit", "proposed_unit").order_by("id")
    )
    duty = duty_for(case.item_id, case.area, timezone.localdate(now)) if case.item_id and case.area else None
    last = {request.asked_by_unit: request for request in returns}
    named = [request.proposed_unit for request in returns]
    others = [*named, duty.row.lead_unit if duty and duty.row else None, docket.interim_unit]
    units = dict.fromkeys([*last, *(unit for unit in others if unit is not None)])
    return [DocketParty(docket=docket, unit=unit, request=last.get(unit)) for unit in units]


def _chosen(unit_id: int, case: Case, by: Actor, now: datetime) -> Interim:
    unit = Unit.objects.open_on(timezone.localdate(now)).filter(pk=unit_id).first()
    if unit is None:
        raise BadInput(_("This unit does not exist or is closed."), field="unit")
    if why := access.why_not(by, CASE.moves["dispute"].acts, unit) or power_check(unit, case, timezone.localdate(now)):
        raise BadInput(_("%(unit)s: %(reason)s") % {"unit": unit, "reason": why}, field="unit")
    return Interim(unit, "interim_chosen")


def _why_disputed(case: Case, now: datetime) -> str:
    """Return why a docket opens now; empty while the case is in no dispute."""
    decided = CaseRequest.objects.filter(
        case=case, kind=RequestKind.RETURN, state__in=(RequestState.AGREED, RequestState.REFUSED),
        work_order__round=case.round, work_order__role=WorkRole.LEAD, work_order__parent=None,
    )  # fmt: skip
    if decided.count() >= int(get_parameter("docket.returns", timezone.localdate(now))):
        return DocketOrigin.RETURNS
    return DocketOrigin.HOPS if count_returned(case) >= most_units(now) else ""


def _summary(case: Case) -> str:
    """Return in the language of the house who gave the case back and why."""
    asked = CaseRequest.objects.filter(case=case, kind=RequestKind.RETURN, work_order__round=case.round)
    returns = asked.filter(work_order__parent=None).select_related("asked_by_unit", "ground").order_by("id")[:10]
    with override(settings.LANGUAGE_CODE):
        lines = [
            _("%(unit)s gave it back: %(ground)s")
            % {"unit": one.asked_by_unit, "ground": one.ground.name if one.ground else one.reason[:60]}
            for one in returns
        ]
        return "\n".join(lines)[:REASON_LIMIT] or _("No unit keeps the case.")


def _tell(docket: Docket, unit_ids: list[int], now: datetime) -> None:
    """Tell those who rule, at the centre of the place and of the city, and the parties."""
    case, unit = docket.case, str(docket.interim_unit or "—")
    centres = Unit.objects.filter(pk__in=centres_of([case]).values()).values_list("pk", "parent")
    ids = [pk for row in centres for pk in row]
    notify_units(ids, "docket_opened", case, act=Act.RULE_DISPUTE, now=now, unit=unit, due=docket.due_at)
    notify_units(unit_ids, "docket_argue", case, now=now)
