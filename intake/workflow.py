"""The life cycle of a case (domain §4). Data only; the engine is core/workflow.py."""

from django.utils.translation import gettext_lazy as _

from grid.choices import Act
from shenzhen_gov.core.actor import CHANNEL, CITIZEN, SYSTEM
from shenzhen_gov.core.workflow import Move, Workflow

DRAFT, REGISTERED, NOT_ACCEPTED, ANSWERED = "draft", "registered", "not_accepted", "answered"
AWAITING_DISPATCH, IN_HANDLING, UNDER_REVIEW = "awaiting_dispatch", "in_handling", "under_review"
STAGE_CLOSED, SUSPENDED, CLOSED, UNDER_APPEAL = "stage_closed", "suspended", "closed", "under_appeal"
ARCHIVED, VOID = "archived", "void"

STATES = (
    (DRAFT, _("Draft")),
    (REGISTERED, _("Awaiting acceptance")),
    (NOT_ACCEPTED, _("Not accepted")),
    (ANSWERED, _("Answered on the spot")),
    (AWAITING_DISPATCH, _("Awaiting dispatch")),
    (IN_HANDLING, _("In handling")),
    (UNDER_REVIEW, _("Under review")),
    (STAGE_CLOSED, _("Closed for this stage")),
    (SUSPENDED, _("Suspended")),
    (CLOSED, _("Closed")),
    (UNDER_APPEAL, _("Score under appeal")),
    (ARCHIVED, _("Archived")),
    (VOID, _("Void")),
)
OPEN_STATES = (REGISTERED, AWAITING_DISPATCH, IN_HANDLING, UNDER_REVIEW, STAGE_CLOSED, SUSPENDED)

REGISTER, CONFIRM, DISPATCH = Act.REGISTER_CASE.value, Act.CONFIRM_REFUSAL.value, Act.DISPATCH_CASE.value
HANDLE, REVIEW, DECIDE = Act.HANDLE_CASE.value, Act.REVIEW_CASE.value, Act.DECIDE_REQUEST.value
SUPERVISE, INSTRUCT = Act.SUPERVISE_CASE.value, Act.INSTRUCT_CASE.value
CALL_BACK = Act.CALL_BACK.value

# fmt: off  (one move, one row)
MOVES = (
    Move("register", _("Register"), (DRAFT,), REGISTERED, (REGISTER, CHANNEL, SYSTEM), why="F §4 登记"),
    Move("answer", _("Answer now"), (REGISTERED,), ANSWERED, (REGISTER,), why="F §4 即时答复"),
    Move("refuse", _("Refuse"), (REGISTERED,), NOT_ACCEPTED, (CONFIRM,), why="S §4 不予受理, 班长确认"),
    Move("accept", _("Accept"), (REGISTERED,), AWAITING_DISPATCH, (REGISTER, CHANNEL, SYSTEM), why="F §4 受理"),
    Move("dispatch", _("Dispatch"), (AWAITING_DISPATCH,), IN_HANDLING, (DISPATCH, SYSTEM), why="F §3 分拨"),
    Move(
        "recall",
        _("Take back for dispatch"),
        (IN_HANDLING,),
        AWAITING_DISPATCH,
        (DISPATCH, DECIDE, SYSTEM),
        why="S §3 退回 同意",
    ),
    Move("report", _("Report done"), (IN_HANDLING,), UNDER_REVIEW, (HANDLE, SYSTEM), why="S §3 处置反馈"),
    Move("send_back", _("Send back"), (UNDER_REVIEW,), IN_HANDLING, (REVIEW,), why="S §4 审核不通过"),
    Move("undo_report", _("Take the report back"), (UNDER_REVIEW,), IN_HANDLING, (HANDLE,), why="P 一分钟内撤销"),
    Move("close", _("Close the case"), (UNDER_REVIEW,), CLOSED, (REVIEW,), why="S §3 终审办结"),
    Move(
        "stage_close",
        _("Close for this stage"),
        (IN_HANDLING, UNDER_REVIEW),
        STAGE_CLOSED,
        (DECIDE,),
        why="S §4 阶段性办结",
    ),
    Move("suspend", _("Suspend"), (IN_HANDLING,), SUSPENDED, (DECIDE,), why="S §4 挂起"),
    Move("wake", _("Resume"), (STAGE_CLOSED, SUSPENDED), IN_HANDLING, (DECIDE, SYSTEM), why="P §4 到期唤醒"),
    Move("redo", _("Redo"), (CLOSED, ANSWERED), AWAITING_DISPATCH, (SYSTEM, SUPERVISE), why="F §4 不满意重办"),
    Move("split", _("Split into several cases"), (AWAITING_DISPATCH,), None, (DISPATCH,), why="P 一件多事拆分"),
    Move("dispute", _("Ask for a ruling"), (AWAITING_DISPATCH,), None, (DISPATCH,), why="F §3 提请裁决"),
    Move("appeal", _("Appeal against the score"), (CLOSED,), UNDER_APPEAL, (HANDLE,), why="S §4 差评申诉"),
    Move(
        "appeal_in_redo",
        _("Appeal against the score"),
        (AWAITING_DISPATCH, IN_HANDLING, UNDER_REVIEW, STAGE_CLOSED, SUSPENDED),
        None,
        (HANDLE,),
        why="P §4 差评已触发重办: 申诉期间照常重办",
    ),
    Move("rule_appeal", _("Rule on the appeal"), (UNDER_APPEAL,), CLOSED, (DECIDE,), why="S §4 差评申诉"),
    Move("archive", _("Archive"), (CLOSED, ANSWERED, NOT_ACCEPTED), ARCHIVED, (SYSTEM,), why="P §4 评价期满"),
    Move(
        "void",
        _("Void"),
        (REGISTERED, AWAITING_DISPATCH, IN_HANDLING, SUSPENDED, STAGE_CLOSED),
        VOID,
        (DECIDE,),
        why="S §4 作废 审批",
    ),
    Move(
        "ask_void",
        _("Ask to void"),
        (AWAITING_DISPATCH, IN_HANDLING, SUSPENDED, STAGE_CLOSED),
        None,
        (REGISTER, DISPATCH, CHANNEL),
        why="S §4 申请作废",
    ),
    Move(
        "withdraw",
        _("Withdraw"),
        (REGISTERED, AWAITING_DISPATCH),
        VOID,
        (CITIZEN, CHANNEL, REGISTER),
        why="S §4 撤销, 分拨前",
    ),
    Move("urge", _("Urge"), OPEN_STATES, None, (SUPERVISE, SYSTEM), why="S §4 催办; F W22 催办通知书"),
    Move("supervise", _("Supervise"), OPEN_STATES, None, (SUPERVISE, SYSTEM), why="S §4 督办"),
    Move("instruct", _("Instruct"), OPEN_STATES, None, (INSTRUCT,), why="S §4 批示"),
    Move("circulate", _("Name in a circular"), (*OPEN_STATES, CLOSED), None, (SUPERVISE, SYSTEM), why="F W22 W5 通报"),
    Move(
        "confirm_supervision",
        _("Confirm the supervision"),
        OPEN_STATES,
        None,
        (HANDLE, DISPATCH),
        why="P §4 督办确认",
    ),
    Move("end_supervision", _("End the supervision"), OPEN_STATES, None, (SUPERVISE, SYSTEM), why="P §4 督办办结"),
    Move("answer_instruction", _("Answer the instruction"), OPEN_STATES, None, (HANDLE, DISPATCH), why="P §4 批示答复"),
    Move(
        "evaluate",
        _("Evaluate"),
        (CLOSED, ANSWERED),
        None,
        (CITIZEN, CHANNEL, REGISTER, CALL_BACK),
        why="F §4 评价 回访",
    ),
    Move("call_back", _("Call back"), (CLOSED, ANSWERED), None, (CALL_BACK,), why="F W22 回访"),
    Move(
        "annotate", _("Annotate"), (ARCHIVED,), None, (REGISTER, HANDLE, REVIEW, SUPERVISE), why="P §4 归档后只可批注"
    ),
)
# fmt: on

CASE = Workflow("case", states=STATES, start=DRAFT, moves=MOVES)

# What outsiders are told: None is the office's own affair, a review inside the office is still handling.
TOLD_AS = {DRAFT: None, UNDER_APPEAL: None, ARCHIVED: None, UNDER_REVIEW: IN_HANDLING}


def state_told(state: str) -> str | None:
    """Return the state of a case as its citizen and its channel are told it, None when they are not."""
    return TOLD_AS.get(state, state)


# --- articles of the knowledge base (domain §5, issue 4: 草稿, 审核, 上线, 下线, 失效) -----------------
ARTICLE_DRAFT, ARTICLE_REVIEW, ARTICLE_LIVE = "draft", "review", "live"
ARTICLE_OFF, ARTICLE_EXPIRED, ARTICLE_REPLACED, ARTICLE_DROPPED = "off", "expired", "replaced", "dropped"

ARTICLE_STATES = (
    (ARTICLE_DRAFT, _("Draft")),
    (ARTICLE_REVIEW, _("In review")),
    (ARTICLE_LIVE, _("Online")),
    (ARTICLE_OFF, _("Offline")),
    (ARTICLE_EXPIRED, _("Expired")),
    (ARTICLE_REPLACED, _("Replaced")),
    (ARTICLE_DROPPED, _("Discarded")),
)
EDIT, CHECK = Act.EDIT_KNOWLEDGE.value, Act.REVIEW_KNOWLEDGE.value

# fmt: off  (one move, one row)
ARTICLE_MOVES = (
    Move("submit", _("Submit for review"), (ARTICLE_DRAFT,), ARTICLE_REVIEW, (EDIT,), why="S 知识库 提交审核"),
    Move("return", _("Send back"), (ARTICLE_REVIEW,), ARTICLE_DRAFT, (CHECK,), why="S 知识库 审核不通过"),
    Move("publish", _("Put online"), (ARTICLE_REVIEW,), ARTICLE_LIVE, (CHECK,), why="S 知识库 上线"),
    Move("take_off", _("Take offline"), (ARTICLE_LIVE,), ARTICLE_OFF, (EDIT, CHECK), why="S 知识库 下线"),
    Move("expire", _("Expire"), (ARTICLE_LIVE,), ARTICLE_EXPIRED, (SYSTEM,), why="S 知识库 失效"),
    Move("replace", _("Replace"), (ARTICLE_LIVE,), ARTICLE_REPLACED, (CHECK,), why="P 新版本上线"),
    Move("discard", _("Discard"), (ARTICLE_DRAFT,), ARTICLE_DROPPED, (EDIT,), why="P 草稿作废"),
)
# fmt: on

ARTICLE = Workflow("article", states=ARTICLE_STATES, start=ARTICLE_DRAFT, moves=ARTICLE_MOVES)

# --- leads (domain §1 未诉先办: 线索发现—内容核实—主动立案—跟踪督办, F W11) ------------------------------
LEAD_FOUND, LEAD_VERIFIED, LEAD_FILED = "found", "verified", "filed"
LEAD_DISMISSED, LEAD_DONE = "dismissed", "done"

LEAD_STATES = (
    (LEAD_FOUND, _("To be verified")),
    (LEAD_VERIFIED, _("Verified")),
    (LEAD_FILED, _("Filed as a case")),
    (LEAD_DISMISSED, _("Not confirmed")),
    (LEAD_DONE, _("Followed to the end")),
)
VERIFY = Act.VERIFY_LEAD.value

# fmt: off  (one move, one row)
LEAD_MOVES = (
    Move("verify", _("Confirm"), (LEAD_FOUND,), LEAD_VERIFIED, (VERIFY,), why="F W11 内容核实"),
    Move("dismiss", _("Not confirmed"), (LEAD_FOUND, LEAD_VERIFIED), LEAD_DISMISSED, (VERIFY,), why="F W11 内容核实"),
    Move("file", _("File as a case"), (LEAD_VERIFIED,), LEAD_FILED, (VERIFY,), why="F W11 主动立案"),
    Move("finish", _("Followed to the end"), (LEAD_FILED,), LEAD_DONE, (VERIFY, SYSTEM), why="F W11 跟踪督办"),
    Move("reopen", _("Verify again"), (LEAD_DISMISSED,), LEAD_FOUND, (VERIFY, SYSTEM, CHANNEL), why="P 再次上报"),
)
# fmt: on

LEAD = Workflow("lead", states=LEAD_STATES, start=LEAD_FOUND, moves=LEAD_MOVES)

# --- mediation 法治前哨 (domain §7): a legal matter of a case with an adviser --------------------------
MEDIATION_OPEN, MEDIATION_SETTLED, MEDIATION_FAILED = "open", "settled", "failed"
MEDIATION_STATES = (
    (MEDIATION_OPEN, _("In mediation")),
    (MEDIATION_SETTLED, _("Settled by mediation")),
    (MEDIATION_FAILED, _("Mediation failed")),
)
MAY_MEDIATE = (HANDLE, Act.MANAGE_GRID.value)
# fmt: off  (one move, one row)
MEDIATION_MOVES = (
    Move("settle", _("Settled"), (MEDIATION_OPEN,), MEDIATION_SETTLED, MAY_MEDIATE, why="F seeds 化解成功"),
    Move("fail", _("Failed"), (MEDIATION_OPEN,), MEDIATION_FAILED, MAY_MEDIATE, why="P 未成"),
)
# fmt: on

MEDIATION = Workflow("mediation", states=MEDIATION_STATES, start=MEDIATION_OPEN, moves=MEDIATION_MOVES)
