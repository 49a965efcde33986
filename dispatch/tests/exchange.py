"""A city with another platform beside it: helpers for the tests of the district exchange."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import uuid4

from dispatch.exchange.messages import Message, signed_headers
from dispatch.models import ExchangeMessage, Peer
from dispatch.services import PeerRow, deliver_next, dispatch_awaiting, make_peer_secret, receive_message, save_peer
from dispatch.tests.world import NOON, SYSTEM, new_case
from grid.tests.factories import make_role
from intake.tests.factories import make_channel
from shenzhen_gov.core.actor import Actor

LATER = NOON + timedelta(hours=1)
SECRET = "a secret for tests only"


def make_peer(city, *, unit=None, url="https://exchange.example.org/messages", **given) -> Peer:
    """Make the platform of the second district, which also reports cases through a channel of its own."""
    make_role("exchange_peer")
    row = {
        "code": "pingshan", "name": "坪山区民意速办", "unit_id": (unit or city.centres[1]).pk, "url": url,
        "our_code": "shenzhen", "channel_id": make_channel("digital_city").pk,
    } | given  # fmt: skip
    peer = save_peer(PeerRow(**row), by=SYSTEM, now=NOON)
    make_peer_secret(peer.pk, by=SYSTEM, now=NOON)
    Peer.objects.update(secret=SECRET)
    return Peer.objects.select_related("account").get(pk=peer.pk)


def hand_over(city, **given):
    """Dispatch a case of the second district's first community, and return it; it goes to the platform."""
    case = new_case(city, area=city.communities[1][0][0].code, **given)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    case.refresh_from_db()
    return case


def sent(kind: str | None = None) -> list[ExchangeMessage]:
    """Return what we owe or have sent, in order."""
    rows = ExchangeMessage.objects.filter(direction="out").order_by("id")
    return list(rows.filter(kind=kind) if kind else rows)


def deliver(now=NOON) -> list:
    """Deliver what is due and return what became of each."""
    done = []
    while (one := deliver_next(by=Actor.system("exchange"), now=now)) is not None:
        done.append(one)
    return done


def message(kind: str, peer_number: str = "", *, number="PS-1", seq=1, after=None, **body) -> Message:
    """Return a message of the other platform."""
    return Message(
        id=str(uuid4()), kind=kind, number=number, peer_number=peer_number, seq=seq,
        after=seq - 1 if after is None else after, at=NOON.isoformat(), body=body,
    )  # fmt: skip


def receive(peer: Peer, given: Message, now=LATER) -> tuple[int, dict]:
    """Take a message as the address of the exchange does."""
    return receive_message(peer.pk, given, now=now)


def post(client, given: Message | bytes, *, code="pingshan", secret=SECRET, now=None):
    """Post a message to our address, signed."""
    raw = given if isinstance(given, bytes) else given.to_bytes()
    headers = signed_headers(secret, code, raw, time.time() if now is None else now)
    return client.post("/api/v1/exchange/messages", raw, content_type="application/json", headers=headers)
