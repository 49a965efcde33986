"""Every write of intake."""

from .attachments import Upload, add_attachment
from .calls import CallEvent, record_call
from .channels import ChannelRow, create_channel_token, load_channels, revoke_channel_token, save_channel
from .citizens import Identity, view_identity
from .desk import follow_version, set_awaits_person, set_holder, set_holders
from .drafts import SavedDraft, discard_draft, expire_drafts, finish_draft, save_draft
from .evaluations import Scores, create_rating_link, evaluate_case, rate_by_link
from .idempotency import KeyReused
from .life_cycle import accept_case, answer_case, lock_case, reclassify_case, refuse_case
from .moves import move_case, move_cases
from .registration import NewCase, Registration, register_case, register_once
from .seats import set_seat
from .supplements import add_supplement
from .withdrawing import withdraw_case

__all__ = [
    "CallEvent",
    "ChannelRow",
    "Identity",
    "KeyReused",
    "NewCase",
    "Registration",
    "SavedDraft",
    "Scores",
    "Upload",
    "accept_case",
    "add_attachment",
    "add_supplement",
    "answer_case",
    "create_channel_token",
    "create_rating_link",
    "discard_draft",
    "evaluate_case",
    "expire_drafts",
    "finish_draft",
    "follow_version",
    "load_channels",
    "lock_case",
    "move_case",
    "move_cases",
    "rate_by_link",
    "reclassify_case",
    "record_call",
    "refuse_case",
    "register_case",
    "register_once",
    "revoke_channel_token",
    "save_channel",
    "save_draft",
    "set_awaits_person",
    "set_holder",
    "set_holders",
    "set_seat",
    "view_identity",
    "withdraw_case",
]
