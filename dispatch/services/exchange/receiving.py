"""Taking a message of another platform: once, in its order, and with an answer that stays the same.

Lock order is that of every step: the case, then what hangs on it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.choices import ExchangeDirection, ExchangeRole, ExchangeState
from dispatch.exchange.contents import actor_of
from dispatch.exchange.messages import ERRORS, KINDS, Message
from dispatch.models import CaseRequest, ExchangeCase, ExchangeMessage, Peer
from intake import services as intake
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, Refused

from .acting import do

IN = ExchangeDirection.IN
OK = 200
Answered = tuple[int, dict]


@transaction.atomic
def receive_message(peer_id: int, message: Message, *, now: datetime) -> Answered:
    """Do what a message says and return (HTTP status, answer).

    The same message again is answered the same. A refusal by the rules of the life cycle (422) is an answer too and
    uses the message's number; one that came too early (409), or about somebody else's case (404), leaves no trace.
    """
    peer = Peer.objects.select_related("account", "channel", "unit").get(pk=peer_id)
    if message.kind == "report":
        return _receive_report(peer, message, now)
    link = ExchangeCase.objects.filter(peer=peer, number=message.peer_number).first()
    if link is None or (link.peer_number and link.peer_number != message.number):
        return _answer(message, "not_found")
    intake.lock_case(link.case_id, by=actor_of(peer))
    link = ExchangeCase.objects.select_for_update(of=("self",)).select_related("case", "work_order").get(pk=link.pk)
    link.peer = peer
    if earlier := _earlier(peer, message):
        return earlier
    if problem := _out_of_place(link, message):
        return _answer(message, problem)
    return _act(link, message, now)


def _receive_report(peer: Peer, message: Message, now: datetime) -> Answered:
    """Register a case that the platform reports; refused reports open no conversation and may come again."""
    if earlier := _earlier(peer, message):
        return earlier
    if message.seq != 1:
        return _answer(message, "sequence_used")
    try:
        with transaction.atomic():
            case = _register(peer, message, now)
    except Refused as refusal:
        return _answer(message, "refused", refusal=refusal)
    link, created = ExchangeCase.objects.get_or_create(
        peer=peer, peer_number=message.number, role=ExchangeRole.HANDLER,
        defaults={"case": case, "number": case.number, "opened_at": now},
    )  # fmt: skip
    if not created:  # the same message at the same moment, or the number under another message
        return _earlier(peer, message) or _answer(message, "sequence_used")
    link.received_seq = message.seq
    link.save(update_fields=["received_seq"])
    audit.record("exchange.reported", case, by=actor_of(peer), now=now, changes={"number": message.number})
    return _keep(link, message, _answer(message, number=case.number), None, now)


def _register(peer: Peer, message: Message, now: datetime):
    if peer.channel is None:
        raise NotAllowed(_("This platform reports no cases."))
    body, caller = message.body, message.body.get("caller", {})
    names = ("title", "content", "request_type", "urgency", "wish", "area", "address", "house_code", "item")
    given = {name: body[name] for name in (*names, "longitude", "latitude") if name in body}
    data = intake.NewCase(
        channel=peer.channel.code, external_id=message.number, phone=caller.get("phone", ""),
        name=caller.get("name", ""), **given,
    )  # fmt: skip
    key = f"exchange:{message.id}"
    return intake.register_case(data, by=Actor.channel(peer.channel), now=now, idempotency_key=key)


def _earlier(peer: Peer, message: Message) -> Answered | None:
    """Return what was answered when the message came first."""
    known = ExchangeMessage.objects.filter(peer=peer, direction=IN, message_id=message.id).first()
    return (known.answer["status"], known.answer["given"]) if known and known.answer else None


def _out_of_place(link: ExchangeCase, message: Message) -> str | None:
    """Return the code of what is wrong with a message's place in the conversation."""
    others = ExchangeRole.HANDLER if link.role == ExchangeRole.OWNER else ExchangeRole.OWNER
    if others not in KINDS[message.kind].senders:
        return "not_yours"
    if message.after > link.received_seq:
        return "out_of_order"
    return "sequence_used" if message.seq <= link.received_seq else None


def _act(link: ExchangeCase, message: Message, now: datetime) -> Answered:
    """Do it, and keep the message with its answer: what was done, or why not."""
    link.received_seq = message.seq
    link.peer_number = link.peer_number or message.number
    link.save(update_fields=["received_seq", "peer_number"])
    try:
        with transaction.atomic():
            request = do(link, message, now)
    except Refused as refusal:
        return _keep(link, message, _answer(message, "refused", refusal=refusal), None, now)
    return _keep(link, message, _answer(message, number=link.number), request, now)


def _keep(
    link: ExchangeCase, message: Message, answered: Answered, request: CaseRequest | None, now: datetime
) -> Answered:
    status, given = answered
    ExchangeMessage.objects.create(
        peer_id=link.peer_id, exchange_case=link, direction=IN, message_id=message.id, seq=message.seq,
        kind=message.kind, at=message.at, body=_without_persons(message).body, request=request,
        state=ExchangeState.DONE if status == OK else ExchangeState.REFUSED, problem=given.get("detail", "")[:300],
        answer={"status": status, "given": given}, created_at=now, ended_at=now,
    )  # fmt: skip
    return answered


def _without_persons(message: Message) -> Message:
    """Return the message as it is kept: who asked is with the citizens, files are with the case."""
    return replace(message, body={name: value for name, value in message.body.items() if name not in _NOT_KEPT})


_NOT_KEPT = {"caller", "files"}


def _answer(message: Message, code: str = "", *, number: str = "", refusal: Refused | None = None) -> Answered:
    """Return (status, answer); without a code it is a yes."""
    if not code:
        return OK, {"id": message.id, "outcome": "accepted", "number": number}
    status, meaning, _sender = ERRORS[code]
    told = {"id": message.id, "outcome": "refused", "code": code, "detail": meaning}
    if refusal is not None:
        told |= {"reason": refusal.code, "field": refusal.field or "", "detail": str(refusal)}
    return status, told
