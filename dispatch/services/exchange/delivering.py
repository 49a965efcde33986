"""Delivering messages: one at a time, in the order of each conversation, again with growing pauses, until stuck.

A message is taken for a minute, sent outside any transaction, and closed. A worker killed in between loses nothing:
when the minute is over another one sends it again, and the receiver knows it by its id.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import ExchangeDirection, ExchangeState
from dispatch.exchange.contents import envelope, may_name_caller
from dispatch.exchange.messages import Message
from dispatch.exchange.sending import Outcome, send
from dispatch.models import ExchangeCase, ExchangeMessage, Peer
from grid import access
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, OutOfSight
from shenzhen_gov.core.parameters import get_parameter

from .telling import tell, wake

TAKEN_FOR = timedelta(minutes=1)  # longer than one call lasts
OUT, WAITING = ExchangeDirection.OUT, ExchangeState.WAITING
IN_THE_WAY = (WAITING, ExchangeState.STUCK)
ARRIVED = (ExchangeState.DONE, ExchangeState.REFUSED)
LINKED = ("exchange_case__peer__unit", "exchange_case__case__citizen")


@dataclass(frozen=True)
class Delivery:
    """What became of one message; `peer_id` was not reached when `reached` is False."""

    message_id: int
    peer_id: int
    state: str
    reached: bool


def deliver_next(*, by: Actor, now: datetime, but_peers: Collection[int] = ()) -> Delivery | None:
    """Send the message that is due longest; None when none is. `but_peers` were just found out of reach."""
    taken = _take(by, now, but_peers)
    if taken is None:
        return None
    row, message = taken
    outcome = send(message, row.exchange_case.peer)
    state = _close(row.pk, outcome, now)
    return Delivery(row.pk, row.peer_id, state, outcome.reached)


@transaction.atomic
def retry_message(message_id: int, *, by: Actor, now: datetime) -> ExchangeMessage:
    """Send a message again now, with all its tries before it.

    What was refused is answered for good: it goes as a new message, the last of its conversation.
    """
    row = _lock(message_id, by)
    if row.state not in (*IN_THE_WAY, ExchangeState.REFUSED):
        raise IllegalMove(_("Only a message that waits, is stuck or was refused is sent again."))
    if row.state == ExchangeState.REFUSED:
        return _say_again(row, by, now)
    row.state, row.tries, row.next_try_at, row.problem, row.ended_at = WAITING, 0, now, "", None
    row.save(update_fields=["state", "tries", "next_try_at", "problem", "ended_at"])
    _tell(row, "exchange.retried", by, now)
    wake()
    return row


@transaction.atomic
def retry_peer(peer_id: int, *, by: Actor, now: datetime) -> int:
    """Send everything of one platform that is stuck or waits for its next try again now; returns how many."""
    peer = Peer.objects.select_related("unit").filter(pk=peer_id).first()
    if peer is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, peer)
    held = ExchangeMessage.objects.filter(peer=peer, direction=OUT, state__in=IN_THE_WAY)
    count = held.filter(Q(state=ExchangeState.STUCK) | Q(tries__gt=0)).update(
        state=WAITING, tries=0, next_try_at=now, problem="", ended_at=None
    )
    if count:
        audit.record("peer.retried", peer, by=by, now=now, changes={"messages": count})
        wake()
    return count


@transaction.atomic
def drop_message(message_id: int, *, note: str, by: Actor, now: datetime) -> ExchangeMessage:
    """Give a message up, so that those behind it go on. Who does says why."""
    row = _lock(message_id, by)
    if row.state not in IN_THE_WAY:
        raise IllegalMove(_("Only a message that waits or is stuck is given up."))
    row.state, row.next_try_at, row.ended_at = ExchangeState.DROPPED, None, now
    row.save(update_fields=["state", "next_try_at", "ended_at"])
    _tell(row, "exchange.dropped", by, now, note.strip()[:300])
    wake()
    return row


@transaction.atomic
def _take(by: Actor, now: datetime, but_peers: Collection[int]) -> tuple[ExchangeMessage, Message] | None:
    """Take the next message for a minute. Nothing passes an earlier one of the same conversation."""
    sent = ExchangeMessage.objects.filter(direction=OUT)
    earlier = sent.filter(exchange_case=OuterRef("exchange_case"), seq__lt=OuterRef("seq"), state__in=IN_THE_WAY)
    due = sent.filter(state=WAITING, next_try_at__lte=now, peer__is_active=True).exclude(peer__in=but_peers)
    row = (
        due.exclude(Exists(earlier))
        .select_related(*LINKED)
        .order_by("next_try_at", "id")
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    if row is None:
        return None
    row.tries, row.next_try_at = row.tries + 1, now + TAKEN_FOR
    row.save(update_fields=["tries", "next_try_at"])
    after = sent.filter(exchange_case=row.exchange_case, seq__lt=row.seq, state__in=ARRIVED).aggregate(Max("seq"))
    if row.tries == 1 and row.kind == "report" and may_name_caller(row.exchange_case):
        _note_identity(row, by, now)
    return row, envelope(row, after["seq__max"] or 0)


def _note_identity(row: ExchangeMessage, by: Actor, now: datetime) -> None:
    """Write down, before it goes, that a platform learns who asked, and what for."""
    link = row.exchange_case
    facts = {"to": str(link.peer), "citizen": link.case.citizen_id}
    audit.record("exchange.identity_sent", link.case, by=by, now=now, changes=facts, note=link.peer.identity_purpose)


@transaction.atomic
def _close(message_id: int, outcome: Outcome, now: datetime) -> str:
    """Write how a try ended; return the state."""
    row = ExchangeMessage.objects.select_for_update(of=("self",)).get(pk=message_id)
    if row.state != WAITING:  # another worker was faster after this one took too long
        return row.state
    row.state, row.problem, row.answer = outcome.state, outcome.problem, outcome.answer or None
    row.next_try_at, row.ended_at = None, now
    if outcome.state == WAITING:
        row.ended_at, row.next_try_at = None, now + _pause(row.tries, now)
        if row.tries >= get_parameter("exchange.tries", timezone.localdate(now)):
            row.state, row.next_try_at = ExchangeState.STUCK, None
    row.save(update_fields=["state", "problem", "answer", "next_try_at", "ended_at"])
    number = outcome.answer.get("number")
    if row.state == ExchangeState.DONE and isinstance(number, str) and number.isascii():
        ExchangeCase.objects.filter(pk=row.exchange_case_id, peer_number="").update(peer_number=number[:40])
    return row.state


def _pause(tries: int, now: datetime) -> timedelta:
    """Return how long to wait: twice as long each time, up to a limit."""
    today = timezone.localdate(now)
    first, longest = get_parameter("exchange.first_pause", today), get_parameter("exchange.longest_pause", today)
    return timedelta(seconds=min(first * 2 ** min(tries - 1, 20), longest))


def _lock(message_id: int, by: Actor) -> ExchangeMessage:
    row = ExchangeMessage.objects.select_for_update(of=("self",)).select_related(*LINKED).filter(pk=message_id).first()
    if row is None or row.direction != OUT:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, row.exchange_case.peer)
    return row


def _say_again(row: ExchangeMessage, by: Actor, now: datetime) -> ExchangeMessage:
    request, row.request, row.state = row.request, None, ExchangeState.DROPPED
    row.save(update_fields=["request", "state"])
    _tell(row, "exchange.retried", by, now)
    return tell(row.exchange_case, row.kind, row.body, now=now, request=request)


def _tell(row: ExchangeMessage, action: str, by: Actor, now: datetime, note: str = "") -> None:
    facts = {"to": str(row.exchange_case.peer), "kind": row.kind, "seq": row.seq}
    audit.record(action, row.exchange_case.case, by=by, now=now, changes=facts, note=note)
