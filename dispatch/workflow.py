"""The life cycle of a work order (domain §4). Data only; the engine is core/workflow.py."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid.choices import Act
from shenzhen_gov.core.actor import SYSTEM
from shenzhen_gov.core.workflow import Move, Workflow

PENDING_SIGN, HANDLING, HANDED_DOWN = "pending_sign", "handling", "handed_down"
UNDER_REVIEW, DONE, RETURNED, RECALLED = "under_review", "done", "returned", "recalled"

STATES = (
    (PENDING_SIGN, _("To be signed")),
    (HANDLING, _("Handling")),
    (HANDED_DOWN, _("Handed down")),
    (UNDER_REVIEW, _("Under review")),
    (DONE, _("Done")),
    (RETURNED, _("Returned")),
    (RECALLED, _("Taken back")),
)
OPEN_STATES = (PENDING_SIGN, HANDLING, HANDED_DOWN, UNDER_REVIEW)
ACTIVE_STATES = (PENDING_SIGN, HANDLING, UNDER_REVIEW)  # somebody must act on this very work order

HANDLE, HAND_DOWN, REVIEW = Act.HANDLE_CASE.value, Act.HAND_DOWN.value, Act.REVIEW_CASE.value
DECIDE, DISPATCH = Act.DECIDE_REQUEST.value, Act.DISPATCH_CASE.value
ORDER = Act.ORDER_DEPARTMENT.value

# fmt: off  (one move, one row)
MOVES = (
    Move("sign", _("Sign"), (PENDING_SIGN,), HANDLING, (HANDLE, SYSTEM), ("not_on_hold",), why="S §4 签收, 自动签收"),
    Move("contact", _("Contact the citizen"), (HANDLING,), None, (HANDLE,), ("is_lead",), why="F seeds 24 小时联系"),
    Move(
        "hand_down", _("Hand down"), (HANDLING,), HANDED_DOWN, (HAND_DOWN,), ("is_lead", "not_on_hold"), why="S §4 转派"
    ),
    Move(
        "tell",
        _("Tell the citizen"),
        (HANDLING, UNDER_REVIEW),
        None,
        (HANDLE,),
        ("is_lead",),
        why="S §4 受理告知 办理告知",
    ),
    Move(
        "report",
        _("Report done"),
        (HANDLING,),
        UNDER_REVIEW,
        (HANDLE,),
        ("not_on_hold", "has_arrived", "citizen_contacted", "no_open_co_task", "photos_of_facility"),
        why="S §4 处置反馈; 城市部件须附照片",
    ),
    Move(
        "consolidate",
        _("Take over the report from below"),
        (HANDED_DOWN,),
        UNDER_REVIEW,
        (SYSTEM,),
        ("is_lead", "no_open_co_task"),
        why="S §3 结果逐级上报",
    ),
    Move(
        "urge_below", _("Urge"), (HANDED_DOWN,), None, (HAND_DOWN,), ("is_lead",), why="S §4 催办; P 转派者催下级, 限频"
    ),
    Move("undo_sign", _("Take the signing back"), (HANDLING,), PENDING_SIGN, (HANDLE,), why="P 一分钟内撤销, 本人"),
    Move("undo_hand_down", _("Take the hand-down back"), (HANDED_DOWN,), HANDLING, (HAND_DOWN,), why="P 一分钟内撤销"),
    Move("undo_report", _("Take the report back"), (UNDER_REVIEW,), HANDLING, (HANDLE,), why="P 一分钟内撤销, 本人"),
    Move(
        "approve",
        _("Approve"),
        (UNDER_REVIEW,),
        DONE,
        (REVIEW,),
        ("is_lead", "no_open_co_task", "citizen_told", "criteria_met"),
        why="S §3 部门审核→区终审; §4 办结标准",
    ),
    Move(
        "close_on_spot",
        _("Close as solved on the spot"),
        (UNDER_REVIEW,),
        DONE,
        (SYSTEM,),
        ("is_lead", "no_open_co_task", "citizen_told", "criteria_met"),
        why="F §5 即采即办; P 自动办结范围与抽查比例为参数",
    ),
    Move("send_back", _("Send back"), (UNDER_REVIEW,), HANDLING, (REVIEW,), ("is_lead",), why="S §4 审核不通过"),
    Move(
        "ask_return",
        _("Ask to return"),
        (PENDING_SIGN, HANDLING),
        None,
        (HANDLE,),
        ("not_on_hold", "may_return"),
        why="S §4 申请退回; P 案卷未裁决、已裁决的不得退回",
    ),
    Move(
        "ask_part_return",
        _("Ask to return a part"),
        (PENDING_SIGN, HANDLING),
        None,
        (HANDLE,),
        ("is_lead", "not_on_hold", "may_return"),
        why="S §4 申请退回; P 一件多事部分退回",
    ),
    Move(
        "ask_extend",
        _("Ask for more time"),
        (PENDING_SIGN, HANDLING),
        None,
        (HANDLE,),
        ("is_lead", "not_on_hold"),
        why="S §4 申请延期",
    ),
    Move(
        "ask_suspend",
        _("Ask to suspend"),
        (PENDING_SIGN, HANDLING),
        None,
        (HANDLE,),
        ("is_lead", "not_on_hold"),
        why="S §4 申请挂起",
    ),
    Move(
        "ask_stage_close",
        _("Ask to close for this stage"),
        (HANDLING,),
        None,
        (HANDLE,),
        ("is_lead", "not_on_hold", "citizen_contacted", "no_open_co_task"),
        why="S §4 申请阶段性办结",
    ),
    Move("ask_void", _("Ask to void"), (PENDING_SIGN, HANDLING), None, (HANDLE,), ("is_lead",), why="S §4 申请作废"),
    Move("agree_return", _("Agree to the return"), (PENDING_SIGN, HANDLING), RETURNED, (DECIDE,), why="S §3 退回"),
    Move("resume", _("Take on again"), (HANDED_DOWN,), HANDLING, (DECIDE, SYSTEM), why="P 下级退回后由上级接着办"),
    Move(
        "refuse_entry",
        _("Not in our list"),
        (PENDING_SIGN, HANDLING),
        RETURNED,
        (HANDLE,),
        ("is_lead", "may_return"),
        why="F §3 社区准入; 清单有此事项时转为退回申请",
    ),
    Move(
        "add_co",
        _("Add a co-handler"),
        (HANDLING, HANDED_DOWN),
        None,
        (HANDLE, HAND_DOWN),
        ("is_lead",),
        why="S §4 添加协办",
    ),
    Move(
        "order",
        _("Order to the spot"),
        (PENDING_SIGN, HANDLING, HANDED_DOWN),
        None,
        (ORDER,),
        ("is_lead",),
        why="F §3 发令 吹哨报到",
    ),
    Move(
        "arrive",
        _("Arrived"),
        (PENDING_SIGN, HANDLING),
        HANDLING,
        (HANDLE, ORDER),
        ("is_spot_order",),
        why="F §3 到场",
    ),
    Move(
        "accept_part",
        _("Accept the part"),
        (UNDER_REVIEW,),
        DONE,
        (HANDLE, REVIEW, SYSTEM),
        ("is_co_handler",),
        why="P 主办认定协办",
    ),
    Move(
        "close_spot",
        _("Close the order"),
        (HANDLING, UNDER_REVIEW),
        DONE,
        (ORDER,),
        ("is_spot_order", "has_arrived"),
        why="P 发令单位了结",
    ),
    Move(
        "refuse_part",
        pgettext_lazy("co-task", "Not accepted"),
        (UNDER_REVIEW,),
        HANDLING,
        (HANDLE, REVIEW, ORDER),
        ("is_part",),
        why="P 主办认定协办",
    ),
    Move(
        "take_back",
        _("Take the co-task back"),
        (PENDING_SIGN, HANDLING, UNDER_REVIEW),
        RECALLED,
        (HANDLE, HAND_DOWN, ORDER, SYSTEM),
        ("is_part",),
        why="P 撤回协办",
    ),
    Move(
        "recall",
        _("Take back"),
        (PENDING_SIGN, HANDLING, HANDED_DOWN),
        RECALLED,
        (DISPATCH, DECIDE, SYSTEM),
        why="S §4 撤回",
    ),
)
# fmt: on

WORK_ORDER = Workflow("work_order", states=STATES, start=PENDING_SIGN, moves=MOVES)

RULE_DRAFT, RULE_SUBMITTED, RULE_PUBLISHED = "draft", "submitted", "published"
RULE_REPLACED, RULE_WITHDRAWN, RULE_DROPPED = "replaced", "withdrawn", "dropped"
RULE_STATES = (
    (RULE_DRAFT, _("Draft")),
    (RULE_SUBMITTED, pgettext_lazy("rule", "Waits to be published")),
    (RULE_PUBLISHED, pgettext_lazy("rule", "Published")),
    (RULE_REPLACED, _("Replaced")),
    (RULE_WITHDRAWN, pgettext_lazy("rule", "Taken out of use")),
    (RULE_DROPPED, _("Discarded")),
)
EDIT, PUBLISH = Act.EDIT_RULES.value, Act.PUBLISH_RULES.value

# fmt: off  (one move, one row)
RULE_MOVES = (
    Move("submit", _("Submit"), (RULE_DRAFT,), RULE_SUBMITTED, (EDIT, SYSTEM), why="P 规则须先检查"),
    Move("take_back", _("Take back"), (RULE_SUBMITTED,), RULE_DRAFT, (EDIT,), why="P 录入人撤回"),
    Move("send_back", _("Send back"), (RULE_SUBMITTED,), RULE_DRAFT, (PUBLISH,), why="P 发布人退回"),
    Move(
        "publish",
        _("Publish"),
        (RULE_SUBMITTED,),
        RULE_PUBLISHED,
        (PUBLISH, SYSTEM),
        ("replay_agrees",),
        why="P 回放不下降, 第二人发布",
    ),
    Move("replace", _("Replace"), (RULE_PUBLISHED,), RULE_REPLACED, (PUBLISH, SYSTEM), why="P 新版本生效"),
    Move(
        "withdraw",
        pgettext_lazy("rule", "Take out of use"),
        (RULE_PUBLISHED,),
        RULE_WITHDRAWN,
        (PUBLISH,),
        why="P 规则停用",
    ),
    Move("discard", _("Discard"), (RULE_DRAFT,), RULE_DROPPED, (EDIT,), why="P 草稿作废"),
)
# fmt: on

RULE = Workflow("rule", states=RULE_STATES, start=RULE_DRAFT, moves=RULE_MOVES)

# --- calls after the end of a case (domain §4 回访) -----------------------------------------------------
CB_WAITING, CB_REACHED, CB_REFUSED = "waiting", "reached", "refused"
CB_UNREACHABLE, CB_LAPSED = "unreachable", "lapsed"

CALL_BACK_STATES = (
    (CB_WAITING, _("To be called")),
    (CB_REACHED, _("Reached")),
    (CB_REFUSED, _("Did not want to talk")),
    (CB_UNREACHABLE, _("Could not be reached")),
    (CB_LAPSED, _("No longer needed")),
)
CALL = Act.CALL_BACK.value

# fmt: off  (one move, one row)
CALL_BACK_MOVES = (
    Move("try", _("Try again later"), (CB_WAITING,), None, (CALL,), why="P 回访未接通再拨"),
    Move("reach", _("Record what was said"), (CB_WAITING,), CB_REACHED, (CALL,), why="F W22 回访"),
    Move("decline", _("Did not want to talk"), (CB_WAITING,), CB_REFUSED, (CALL,), why="P 拒访"),
    Move("give_up", _("Could not be reached"), (CB_WAITING,), CB_UNREACHABLE, (CALL,), why="P 多次未接通"),
    Move("lapse", _("No longer needed"), (CB_WAITING,), CB_LAPSED, (SYSTEM,), why="P 已评价、已重办或已归档"),
)
# fmt: on

CALL_BACK_FLOW = Workflow("call_back", states=CALL_BACK_STATES, start=CB_WAITING, moves=CALL_BACK_MOVES)

# --- doubts about a closing (issue 5: 虚假办结核查) --------------------------------------------------------
CHECK_OPEN, CHECK_CONFIRMED, CHECK_DISMISSED = "open", "confirmed", "dismissed"

CLOSURE_CHECK_STATES = (
    (CHECK_OPEN, _("To be checked")),
    (CHECK_CONFIRMED, _("Falsely closed")),
    (CHECK_DISMISSED, _("Rightly closed")),
)

# fmt: off  (one move, one row)
CLOSURE_CHECK_MOVES = (
    Move("confirm", _("Falsely closed"), (CHECK_OPEN,), CHECK_CONFIRMED, (REVIEW, DECIDE), why="P 虚假办结 核实"),
    Move("dismiss", _("Rightly closed"), (CHECK_OPEN,), CHECK_DISMISSED, (REVIEW, DECIDE), why="P 虚假办结 排除"),
)
# fmt: on

CLOSURE_CHECK = Workflow("closure_check", states=CLOSURE_CHECK_STATES, start=CHECK_OPEN, moves=CLOSURE_CHECK_MOVES)

# --- disputes about who is responsible (domain §3 快处快裁, 先办后议) ----------------------------------------
DOCKET_OPEN, DOCKET_ARGUED, DOCKET_RULED, DOCKET_WITHDRAWN = "open", "argued", "ruled", "withdrawn"

DOCKET_STATES = (
    (DOCKET_OPEN, _("Waits for arguments")),
    (DOCKET_ARGUED, _("Waits for the ruling")),
    (DOCKET_RULED, pgettext_lazy("docket", "Ruled")),
    (DOCKET_WITHDRAWN, pgettext_lazy("docket", "Withdrawn")),
)
DOCKET_OPEN_STATES = (DOCKET_OPEN, DOCKET_ARGUED)
ADJUDICATE = Act.RULE_DISPUTE.value

# fmt: off  (one move, one row)
DOCKET_MOVES = (
    Move("argue", _("Give the argument"), DOCKET_OPEN_STATES, None, (HANDLE,), why="P 双方举证"),
    Move("hear", _("All have argued"), (DOCKET_OPEN,), DOCKET_ARGUED, (SYSTEM,), why="P 各方意见已齐"),
    Move(
        "confer",
        _("Call a hard-case conference"),
        DOCKET_OPEN_STATES,
        None,
        (ADJUDICATE,),
        ("not_conferring",),
        why="P 疑难会商 10 个工作日",
    ),
    Move("rule", _("Rule"), DOCKET_OPEN_STATES, DOCKET_RULED, (ADJUDICATE,), why="F §3 快处快裁"),
    Move(
        "withdraw",
        pgettext_lazy("docket", "Withdraw"),
        DOCKET_OPEN_STATES,
        DOCKET_WITHDRAWN,
        (ADJUDICATE, DISPATCH, SYSTEM),
        ("has_handler",),
        why="P 各方协商一致或诉求已作废",
    ),
)
# fmt: on

DOCKET = Workflow("docket", states=DOCKET_STATES, start=DOCKET_OPEN, moves=DOCKET_MOVES)
