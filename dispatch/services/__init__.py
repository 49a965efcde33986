"""Every write of dispatch and handling; see the module of the verb."""

from dispatch.deciding import decide_many

from .anonymising import anonymise_texts
from .assigning import PickUp, dispatch_awaiting, dispatch_by_hand, reconsider
from .claims import (
    ClaimedByOther,
    claim_case,
    claim_next,
    forget_claims,
    keep_claim,
    release,
    require_unclaimed,
    skip_case,
)
from .exchange.delivering import Delivery, deliver_next, drop_message, retry_message, retry_peer
from .exchange.peers import PeerRow, make_peer_secret, save_peer
from .exchange.receiving import receive_message
from .exchange.telling import tell_case, tell_decision, tell_evaluated, tell_moved
from .exchange.urging import urge_case
from .facts import note_move
from .follow_ups import begin_following, decide_follow_up, follow_some
from .handling import hand_down, record_contact, report, sign, sign_many
from .previews import ask_replay, count_cases, run_replay
from .rehoming import rehome_some
from .requests import ask_above
from .reviewing import approve, send_back
from .gate import count_outcomes, note_confirmed, note_return, switch_gate
from .rules import load_clock_rules

__all__ = [
    "anonymise_texts",
    "ClaimedByOther",
    "Delivery",
    "PeerRow",
    "PickUp",
    "approve",
    "ask_above",
    "ask_replay",
    "begin_following",
    "claim_case",
    "claim_next",
    "count_cases",
    "decide_follow_up",
    "decide_many",
    "deliver_next",
    "dispatch_awaiting",
    "dispatch_by_hand",
    "drop_message",
    "follow_some",
    "forget_claims",
    "hand_down",
    "keep_claim",
    "note_move",
    "load_clock_rules",
    "make_peer_secret",
    "receive_message",
    "reconsider",
    "record_contact",
    "rehome_some",
    "release",
    "require_unclaimed",
    "report",
    "retry_message",
    "retry_peer",
    "count_outcomes",
    "run_replay",
    "save_peer",
    "send_back",
    "sign",
    "sign_many",
    "skip_case",
    "tell_case",
    "tell_decision",
    "tell_evaluated",
    "tell_moved",
    "urge_case",
    "note_confirmed",
]
    "note_return",
    "switch_gate",
