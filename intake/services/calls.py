"""Telephone calls as the telephone system tells them: each event any number of times, in any order.

A call goes ringing → talking → ended, or ringing → missed, and never back. Whoever is called gets a draft of a case,
which their desk shows as a tab; the draft is what makes the screen pop up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from grid.models import Staff
from intake.choices import CallState
from intake.models import Call, Channel, Seat
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, Actor
from shenzhen_gov.core.crypto import blind_index
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight
from shenzhen_gov.core.texts import joined

from .citizens import normal_phone
from .drafts import drop_call_draft, open_call_draft

RANK = {CallState.RINGING: 0, CallState.TALKING: 1, CallState.ENDED: 2, CallState.MISSED: 2}
FINAL = 2
WITHHELD = frozenset({"anonymous", "unknown", "unavailable", "withheld", "private", "restricted"})
LIMITS = {"external_id": 80, "phone": 30, "agent": 150, "extension": 20, "recording": 200}


@dataclass(frozen=True)
class CallEvent:
    """What the telephone system says of a call. `agent` is a user name; without one the seat of `extension` tells."""

    external_id: str
    state: str
    phone: str = ""
    agent: str = ""
    extension: str = ""
    at: datetime | None = None  # when it happened; None: now
    recording: str = ""


def record_call(event: CallEvent, *, channel_id: int, by: Actor, now: datetime) -> Call:
    """Take one event over and return the call as it stands. The same event again changes nothing.

    Raises BadInput naming the field (`agent`, `extension`, `phone`, `state`, …), NotAllowed for another channel.
    """
    _check(event)
    phone = "" if event.phone.strip().lower() in WITHHELD else normal_phone(event.phone)
    with transaction.atomic():
        channel = Channel.objects.filter(pk=channel_id).first()
        if channel is None:
            raise OutOfSight(_("Not found."))
        _require(by, channel)
        agent = _agent(event)
        call, is_new = _locked(channel, event, now)
        changes = _advance(call, replace(event, phone=phone), agent, now)
        if is_new:
            changes["state"] = ["", call.state]
        if changes:
            call.save()
            audit.record("call.told", call, by=by, now=now, changes=changes)
        if "agent" in changes and call.state != CallState.MISSED and call.case_id is None:
            open_call_draft(call, now)
        elif "state" in changes and call.state == CallState.MISSED:
            drop_call_draft(call)
        return call


def _check(event: CallEvent) -> None:
    for field, limit in LIMITS.items():
        text = getattr(event, field)
        if len(text) > limit or not text.isprintable():
            raise BadInput(_("At most %(limit)s printable characters.") % {"limit": limit}, field=field)
    if not event.external_id.strip():
        raise BadInput(_("%(field)s must not be empty.") % {"field": "external_id"}, field="external_id")
    if event.state not in CallState.values:
        text = _("“%(value)s” is not one of: %(choices)s.")
        choices = joined(CallState.values)
        raise BadInput(text % {"value": str(event.state)[:20], "choices": choices}, field="state")


def _require(by: Actor, channel: Channel) -> None:
    """Let a channel tell its own calls, and administrators repair."""
    if by.kind != CHANNEL:
        access.require_administration(by, None)
    elif by.id != channel.pk:
        raise NotAllowed(_("A channel tells its own calls only."))


def _agent(event: CallEvent) -> Staff | None:
    """Return who is called: by name, else by seat; None while the call waits for somebody."""
    if event.agent:
        agent = Staff.objects.filter(username=event.agent, is_active=True).first()
        if agent is None or not access.holds(agent, Act.REGISTER_CASE):
            raise BadInput(_("There is no agent with the user name “%(name)s”.") % {"name": event.agent}, field="agent")
        return agent
    if not event.extension:
        return None
    seat = Seat.objects.select_related("staff").filter(extension=event.extension, staff__is_active=True).first()
    if seat is None:
        text = _("Nobody sits at extension “%(extension)s”; give the agent's user name.")
        raise BadInput(text % {"extension": event.extension}, field="agent")
    return seat.staff


def _locked(channel: Channel, event: CallEvent, now: datetime) -> tuple[Call, bool]:
    """Return the call's row, locked, and whether this event made it. Two first events at once make one row."""
    first = {"state": event.state, "rang_at": event.at or now, "received_at": now}
    calls = Call.objects.select_for_update()
    return calls.get_or_create(channel=channel, external_id=event.external_id, defaults=first)


def _advance(call: Call, event: CallEvent, agent: Staff | None, now: datetime) -> dict:
    """Bring the call forward by one event and return what changed; what is known is never unlearnt."""
    at, before = event.at or now, _facts(call)
    is_newer = RANK[CallState(event.state)] >= RANK[CallState(call.state)]
    call.rang_at = min(call.rang_at, at)
    if event.state == CallState.TALKING:
        call.answered_at = min(call.answered_at or at, at)
    if RANK[CallState(event.state)] == FINAL:
        call.ended_at = call.ended_at or at
    if RANK[CallState(event.state)] > RANK[CallState(call.state)]:
        call.state = event.state
    if call.state == CallState.MISSED and call.answered_at:
        call.state = CallState.ENDED  # somebody did talk: the order of the events was mixed up
    if event.phone and (is_newer or not call.phone):
        call.phone, call.phone_index = event.phone, blind_index(event.phone)
    if agent is not None and (is_newer or call.agent_id is None):
        call.agent, call.extension = agent, event.extension or call.extension
    call.recording = event.recording or call.recording
    after = _facts(call)
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def _facts(call: Call) -> dict:
    """Return what an audit entry tells of a call; the number itself is not among it."""
    return {
        "state": call.state,
        "agent": call.agent_id,
        "extension": call.extension,
        "phone_known": bool(call.phone),
        "rang_at": str(call.rang_at),
        "answered_at": call.answered_at and str(call.answered_at),
        "ended_at": call.ended_at and str(call.ended_at),
        "recording": bool(call.recording),
    }
