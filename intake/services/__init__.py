"""Every write of intake."""

from .attachments import Upload, add_attachment
from .channels import ChannelRow, create_channel_token, load_channels, revoke_channel_token, save_channel
from .citizens import Identity, view_identity
from .desk import follow_version, set_awaits_person, set_holder, set_holders
from .idempotency import KeyReused
from .life_cycle import accept_case, answer_case, lock_case, reclassify_case, refuse_case
from .moves import move_case, move_cases
from .registration import NewCase, Registration, register_case, register_once

__all__ = [
    "ChannelRow",
    "Identity",
    "KeyReused",
    "NewCase",
    "Registration",
    "Upload",
    "accept_case",
    "add_attachment",
    "answer_case",
    "create_channel_token",
    "follow_version",
    "load_channels",
    "lock_case",
    "move_case",
    "move_cases",
    "reclassify_case",
    "refuse_case",
    "register_case",
    "register_once",
    "revoke_channel_token",
    "save_channel",
    "set_awaits_person",
    "set_holder",
    "set_holders",
    "view_identity",
]
