"""One message over the wire, and what its answer means for us."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dispatch.choices import ExchangeState
from dispatch.models import Peer
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.http import Answer, CallFailed, post_json

from .messages import ERRORS, Message, signed_headers

# What goes by itself, sooner or later; everything else needs a person.
PASSING = {401, 408, 425, 429}
PASSING_CODES = {"out_of_order"}
REFUSED = ERRORS["refused"][0]


@dataclass(frozen=True)
class Outcome:
    """How one try ended: `state` DONE, REFUSED or STUCK, or WAITING for another try."""

    state: str
    problem: str = ""
    answer: dict = field(default_factory=dict)
    reached: bool = True  # whether anybody answered at all


def send(message: Message, peer: Peer) -> Outcome:
    """Send one message, signed, and read the answer. Never raises for what the other side does."""
    raw = message.to_bytes()
    try:
        answer = post_json(peer.url, raw, signed_headers(peer.secret, peer.our_code, raw, time.time()))
    except CallFailed as error:
        return Outcome(ExchangeState.WAITING, str(error), reached=False)
    except BadInput as refusal:
        return Outcome(ExchangeState.STUCK, str(refusal), reached=False)
    return read_answer(message, answer)


def read_answer(message: Message, answer: Answer) -> Outcome:
    """Return what an answer means. One that does not name the message is nobody's who understood it."""
    given = answer.json()
    if given.get("id") == message.id and answer.is_ok:
        return Outcome(ExchangeState.DONE, answer=given)
    if given.get("id") == message.id and answer.status == REFUSED:
        return Outcome(ExchangeState.REFUSED, _told(answer.status, given), given)
    passes = answer.is_ok or answer.status in PASSING or answer.status >= 500 or given.get("code") in PASSING_CODES
    return Outcome(ExchangeState.WAITING if passes else ExchangeState.STUCK, _told(answer.status, given), given)


def _told(status: int, given: dict) -> str:
    words = [str(given[name]) for name in ("code", "reason", "field", "detail") if given.get(name)]
    return " · ".join([str(status), *(words or [_("not an answer of an exchange")])])[:300]
