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
    Move("redo", _("Redo"), (CLOSED, ANSWERED), AWAITING_DISPATCH, (SYSTEM,), why="F §4 不满意重办"),
    Move("appeal", _("Appeal against the score"), (CLOSED,), UNDER_APPEAL, (HANDLE,), why="S §4 差评申诉"),
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
    Move("urge", _("Urge"), OPEN_STATES, None, (SUPERVISE,), why="S §4 催办"),
    Move("supervise", _("Supervise"), OPEN_STATES, None, (SUPERVISE,), why="S §4 督办"),
    Move("instruct", _("Instruct"), OPEN_STATES, None, (INSTRUCT,), why="S §4 批示"),
    Move("evaluate", _("Evaluate"), (CLOSED, ANSWERED), None, (CITIZEN, REGISTER), why="F §4 评价 回访"),
)
# fmt: on

CASE = Workflow("case", states=STATES, start=DRAFT, moves=MOVES)
