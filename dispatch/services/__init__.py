"""Every write of dispatch and handling; see the module of the verb."""

from dispatch.deciding import decide_many

from .accepted_notices import tell_accepted
from .annotations import annotate_case
from .anonymising import anonymise_texts
from .archiving import archive_some
from .assigning import PickUp, dispatch_awaiting, dispatch_by_hand, reconsider
from .bulk import Together, dispatch_together
from .call_backs import claim_call_back, lapse_call_backs, plan_call_back, record_call_back, release_call_back
from .circulars import change_circular, circulate, drop_line, publish_circular, publish_due, read_circular
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
from .closing import load_closing_criteria, save_closing_criterion
from .co_tasks import accept_part, add_co_handler, refuse_part, take_part_back
from .deciding_again import decide_again
from .disputes import (
    Citation,
    TooManyHops,
    after_return,
    argue,
    call_conference,
    find_interim,
    open_docket,
    rule_docket,
    withdraw_docket,
    withdraw_with_case,
)
from .entry_refusals import refuse_entry
from .escalating import Escalated, escalate
from .exchange.delivering import Delivery, deliver_next, drop_message, retry_message, retry_peer
from .exchange.peers import PeerRow, make_peer_secret, save_peer
from .exchange.receiving import receive_message
from .exchange.telling import tell_case, tell_decision, tell_evaluated, tell_moved, tell_supplement
from .facts import note_move
from .false_closures import compare_some, decide_check, open_check, scan_some
from .follow_ups import begin_following, decide_follow_up, follow_some
from .found import NewFinding, NotForCommunity, report_found, solve_on_spot
from .gate import count_outcomes, note_confirmed, note_return, switch_gate
from .handling import hand_down, record_contact, report, sign, sign_many
from .kept_reports import report_once
from .notices import notify_citizen
from .opinions import ask_opinions
from .orders_to_spot import close_spot, note_arrival, order_to_spot
from .overtaking import close_overtaken
from .previews import ask_replay, count_cases, run_replay
from .recut_following import follow_recuts
from .rehoming import rehome_some
from .requests import (
    RequestReasonRow,
    ask,
    decide_request,
    load_request_reasons,
    return_order,
    save_request_reason,
    wake_case,
    wake_next,
    withdraw_request,
)
from .reviewing import approve, send_back
from .rounds import judge_by_evaluation, judge_round, redo_case, redo_some
from .rule_editing import RuleText, create_rule, edit_rule, start_rule_change
from .rule_moves import move_rule, retire_rules
from .rule_replays import ask_rule_replay, run_rule_replay
from .rule_runs import clear_rule_alarm, fold_rule_hits, note_matches
from .rules import load_clock_rules, load_escalation_rules
from .splitting import split_case
from .supervision import (
    answer_instruction,
    confirm_supervision,
    end_supervision,
    end_with_case,
    instruct,
    supervise,
    urge_case,
    urge_many,
)
from .taking_back import take_steps_back
from .tellings import tell_citizen
from .urging import NoNeedToUrge, urge_below, urge_below_many
from .waiting_clocks import follow_clocks, start_waiting
from .warning import tell_escalations
from .weeks import make_weeks, refresh_weeks

__all__ = [
    "NewFinding",
    "NotForCommunity",
    "report_found",
    "solve_on_spot",
    "report_once",
    "take_steps_back",
    "Citation",
    "TooManyHops",
    "after_return",
    "argue",
    "call_conference",
    "find_interim",
    "open_docket",
    "rule_docket",
    "withdraw_docket",
    "withdraw_with_case",
    "RuleText",
    "ask_rule_replay",
    "clear_rule_alarm",
    "create_rule",
    "edit_rule",
    "fold_rule_hits",
    "move_rule",
    "note_matches",
    "retire_rules",
    "run_rule_replay",
    "start_rule_change",
    "RequestReasonRow",
    "load_request_reasons",
    "save_request_reason",
    "load_escalation_rules",
    "tell_escalations",
    "escalate",
    "Escalated",
    "withdraw_request",
    "wake_next",
    "wake_case",
    "accept_part",
    "add_co_handler",
    "close_spot",
    "load_closing_criteria",
    "note_arrival",
    "notify_citizen",
    "order_to_spot",
    "refuse_entry",
    "refuse_part",
    "save_closing_criterion",
    "take_part_back",
    "tell_citizen",
    "start_waiting",
    "follow_clocks",
    "urge_many",
    "supervise",
    "instruct",
    "end_with_case",
    "end_supervision",
    "confirm_supervision",
    "answer_instruction",
    "publish_due",
    "decide_again",
    "publish_circular",
    "tell_accepted",
    "read_circular",
    "drop_line",
    "circulate",
    "change_circular",
    "judge_by_evaluation",
    "judge_round",
    "redo_case",
    "redo_some",
    "compare_some",
    "decide_check",
    "open_check",
    "scan_some",
    "claim_call_back",
    "lapse_call_backs",
    "plan_call_back",
    "record_call_back",
    "release_call_back",
    "archive_some",
    "annotate_case",
    "anonymise_texts",
    "ClaimedByOther",
    "Delivery",
    "PeerRow",
    "PickUp",
    "Together",
    "approve",
    "ask",
    "ask_opinions",
    "ask_replay",
    "begin_following",
    "claim_case",
    "claim_next",
    "count_cases",
    "count_outcomes",
    "decide_follow_up",
    "decide_many",
    "decide_request",
    "close_overtaken",
    "deliver_next",
    "dispatch_awaiting",
    "dispatch_by_hand",
    "dispatch_together",
    "drop_message",
    "follow_some",
    "forget_claims",
    "hand_down",
    "keep_claim",
    "note_confirmed",
    "note_move",
    "note_return",
    "load_clock_rules",
    "make_peer_secret",
    "make_weeks",
    "receive_message",
    "reconsider",
    "record_contact",
    "follow_recuts",
    "rehome_some",
    "release",
    "require_unclaimed",
    "report",
    "retry_message",
    "retry_peer",
    "return_order",
    "run_replay",
    "save_peer",
    "send_back",
    "sign",
    "sign_many",
    "skip_case",
    "refresh_weeks",
    "switch_gate",
    "split_case",
    "tell_case",
    "tell_decision",
    "tell_evaluated",
    "tell_moved",
    "tell_supplement",
    "NoNeedToUrge",
    "urge_below",
    "urge_below_many",
    "urge_case",
]
