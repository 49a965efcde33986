"""The life cycle of a work order (domain §4). Data only; the engine is core/workflow.py."""

from django.utils.translation import gettext_lazy as _

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
    Move("sign", _("Sign"), (PENDING_SIGN,), HANDLING, (HANDLE, SYSTEM), why="S §4 签收, 自动签收"),
    Move("contact", _("Contact the citizen"), (HANDLING,), None, (HANDLE,), why="F seeds 24 小时联系"),
    Move("hand_down", _("Hand down"), (HANDLING,), HANDED_DOWN, (HAND_DOWN,), why="S §4 转派"),
    Move(
        "report",
        _("Report done"),
        (HANDLING,),
        UNDER_REVIEW,
        (HANDLE,),
        ("citizen_contacted", "no_open_co_task", "photos_of_facility"),
        why="S §4 处置反馈; 城市部件须附照片",
    ),
    Move(
        "consolidate",
        _("Take over the report from below"),
        (HANDED_DOWN,),
        UNDER_REVIEW,
        (SYSTEM,),
        why="S §3 结果逐级上报",
    ),
    Move("approve", _("Approve"), (UNDER_REVIEW,), DONE, (REVIEW,), ("citizen_told",), why="S §3 部门审核→区终审"),
    Move("send_back", _("Send back"), (UNDER_REVIEW,), HANDLING, (REVIEW,), why="S §4 审核不通过"),
    Move("ask", _("Ask the level above"), (PENDING_SIGN, HANDLING), None, (HANDLE,), why="S §4 申请退回/延期/挂起/…"),
    Move("agree_return", _("Agree to the return"), (PENDING_SIGN, HANDLING), RETURNED, (DECIDE,), why="S §3 退回"),
    Move("resume", _("Take on again"), (HANDED_DOWN,), HANDLING, (DECIDE, SYSTEM), why="P 下级退回后由上级接着办"),
    Move("add_co", _("Add a co-handler"), (HANDLING, HANDED_DOWN), None, (HANDLE, HAND_DOWN), why="S §4 添加协办"),
    Move(
        "order", _("Order to the spot"), (PENDING_SIGN, HANDLING, HANDED_DOWN), None, (ORDER,), why="F §3 发令 吹哨报到"
    ),
    Move("arrive", _("Arrived"), (PENDING_SIGN, HANDLING), HANDLING, (HANDLE, ORDER), why="F §3 到场"),
    Move("accept_part", _("Accept the part"), (UNDER_REVIEW,), DONE, (HANDLE, REVIEW, SYSTEM), why="P 主办认定协办"),
    Move("refuse_part", _("Not accepted"), (UNDER_REVIEW,), HANDLING, (HANDLE, REVIEW), why="P 主办认定协办"),
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
