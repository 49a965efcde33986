"""Every write of intake."""

from .attachments import Upload, add_attachment, largest_file
from .calls import CallEvent, record_call
from .case_texts import index_texts
from .channels import (
    ChannelRow,
    create_channel_token,
    load_channels,
    require_right,
    revoke_channel_token,
    save_channel,
)
from .deliveries import deliver_some, drop_delivery, forget_delivered, owe_callback, retry_delivery
from .desk import follow_version, set_awaits_person, set_due, set_holder, set_holders
from .drafts import SavedDraft, discard_draft, expire_drafts, finish_draft, save_draft
from .evaluations import Scores, create_rating_link, evaluate_case, rate_by_link
from .handoffs import hand_over
from .idempotency import KeyReused, answer_once
from .identity import Identity, ask_identity, decide_identity, view_identity
from .lead_reports import NewLead, Reported, report_lead
from .leads import dismiss_lead, file_lead, finish_leads, verify_lead
from .learning import confirm_item
from .life_cycle import accept_case, lock_case, reclassify_case
from .links import link_cases, link_part, undo_link
from .marks import mark_cases
from .moves import move_case, move_cases
from .outcomes import Outcome, answer_case, register_with_outcome
from .parts import Part, checked_part, keep_part, register_part
from .points import NewPoint, create_plates, create_point, set_point_active
from .presence import forget_present, mark_present
from .recuts import follow_recuts, move_to_areas
from .refusals import confirm_refusal, decline_refusal, propose_refusal
from .registration import NewCase, Registration, register_case, register_once
from .retention import ask_retention, fresh_preview, limits_on, run_retention
from .scanning import scan_files
from .screening import ScreeningRow, load_screening_words, register_screened, save_screening_word
from .seats import set_seat
from .standard_texts import StandardTextRow, load_standard_texts, save_standard_text
from .supplements import add_supplement
from .tallies import TooMany, forget_tallies, spend
from .themes import ThemeRow, load_themes, save_theme
from .withdrawing import withdraw_case

__all__ = [
    "follow_recuts",
    "move_to_areas",
    "ask_retention",
    "fresh_preview",
    "largest_file",
    "limits_on",
    "run_retention",
    "scan_files",
    "deliver_some",
    "drop_delivery",
    "forget_delivered",
    "owe_callback",
    "retry_delivery",
    "index_texts",
    "keep_part",
    "link_cases",
    "link_part",
    "undo_link",
    "CallEvent",
    "ChannelRow",
    "Identity",
    "KeyReused",
    "NewCase",
    "NewLead",
    "NewPoint",
    "Outcome",
    "Part",
    "Registration",
    "Reported",
    "SavedDraft",
    "Scores",
    "ScreeningRow",
    "StandardTextRow",
    "ThemeRow",
    "TooMany",
    "Upload",
    "accept_case",
    "add_attachment",
    "ask_identity",
    "decide_identity",
    "add_supplement",
    "answer_case",
    "answer_once",
    "confirm_item",
    "confirm_refusal",
    "checked_part",
    "create_channel_token",
    "create_plates",
    "create_point",
    "create_rating_link",
    "decline_refusal",
    "discard_draft",
    "dismiss_lead",
    "evaluate_case",
    "expire_drafts",
    "file_lead",
    "finish_draft",
    "finish_leads",
    "follow_version",
    "forget_present",
    "forget_tallies",
    "hand_over",
    "load_channels",
    "load_screening_words",
    "load_standard_texts",
    "load_themes",
    "lock_case",
    "mark_cases",
    "mark_present",
    "move_case",
    "move_cases",
    "propose_refusal",
    "rate_by_link",
    "reclassify_case",
    "record_call",
    "register_case",
    "register_once",
    "register_part",
    "register_screened",
    "register_with_outcome",
    "report_lead",
    "require_right",
    "revoke_channel_token",
    "save_channel",
    "save_draft",
    "save_screening_word",
    "save_standard_text",
    "save_theme",
    "set_awaits_person",
    "set_due",
    "set_holder",
    "set_holders",
    "set_point_active",
    "set_seat",
    "spend",
    "verify_lead",
    "view_identity",
    "withdraw_case",
]
