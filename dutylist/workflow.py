"""The life cycle of a batch of duty-list changes (domain §2). Data only; the engine is core/workflow.py."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid.choices import Act
from shenzhen_gov.core.actor import SYSTEM
from shenzhen_gov.core.workflow import Move, Workflow

DRAFT, PRE_REVIEW, REVIEW, SCHEDULED = "draft", "pre_review", "review", "scheduled"
PUBLISHED, ROLLED_BACK, DISCARDED = "published", "rolled_back", "discarded"

STATES = (
    (DRAFT, pgettext_lazy("batch", "Draft")),
    (PRE_REVIEW, _("Waits for the first review")),
    (REVIEW, _("Waits for approval")),
    (SCHEDULED, _("Waits for its date")),
    (PUBLISHED, pgettext_lazy("batch", "Published")),
    (ROLLED_BACK, _("Rolled back")),
    (DISCARDED, _("Discarded")),
)
OPEN_STATES = (DRAFT, PRE_REVIEW, REVIEW, SCHEDULED)

ENTER, FIRST, MANAGE = Act.ENTER_DUTY.value, Act.REVIEW_DUTY.value, Act.MANAGE_DUTY.value

# fmt: off  (one move, one row)
MOVES = (
    Move("edit", _("Change lines"), (DRAFT,), None, (ENTER, MANAGE, SYSTEM), why="S §2 录入; 裁决拟稿"),
    Move("submit", _("Submit"), (DRAFT,), PRE_REVIEW, (ENTER, MANAGE), ("has_lines",), why="S §2 草稿→待预审"),
    Move(
        "pre_approve",
        _("Pass the first review"),
        (PRE_REVIEW,),
        REVIEW,
        (FIRST, MANAGE),
        why="S §2 待预审→待审核; four eyes P",
    ),
    Move("approve", _("Approve"), (REVIEW,), SCHEDULED, (MANAGE,), why="S §2 待审核→发布; four eyes and gate P"),
    Move(
        "send_back",
        _("Send back"),
        (PRE_REVIEW, REVIEW),
        DRAFT,
        (FIRST, MANAGE),
        why="S §2 预审不通过, 审核不通过",
    ),
    Move("take_back", _("Take back"), (PRE_REVIEW, REVIEW, SCHEDULED), DRAFT, (ENTER, MANAGE), why="S §2 撤回"),
    Move(
        "discard",
        pgettext_lazy("batch", "Discard"),
        (DRAFT,),
        DISCARDED,
        (ENTER, MANAGE),
        why="P a draft may be given up",
    ),
    Move("publish", pgettext_lazy("batch", "Publish"), (SCHEDULED,), PUBLISHED, (MANAGE, SYSTEM), why="S §2 发布"),
    Move("hold_up", _("Hold up"), (SCHEDULED,), REVIEW, (SYSTEM,), why="P what cannot be published goes back"),
    Move("roll_back", _("Roll back"), (PUBLISHED,), ROLLED_BACK, (MANAGE, SYSTEM), why="P inverse batch"),
)
# fmt: on

BATCH = Workflow("batch", states=STATES, start=DRAFT, moves=MOVES)

# 异议: where it waits is who decides next; 待处理 is all four of them (domain §2).
DISTRICT_REVIEW, DISTRICT_MANAGE = "district_review", "district_manage"
CITY_REVIEW, CITY_MANAGE = "city_review", "city_manage"
AGREED, REFUSED, RETURNED = "agreed", "refused", "returned"

OBJECTION_STATES = (
    (DISTRICT_REVIEW, _("District review")),
    (DISTRICT_MANAGE, _("District duty management")),
    (CITY_REVIEW, _("City review")),
    (CITY_MANAGE, _("City duty management")),
    (AGREED, pgettext_lazy("objection", "Agreed")),
    (REFUSED, pgettext_lazy("objection", "Not agreed")),
    (RETURNED, pgettext_lazy("objection", "Returned")),
)
REVIEWS, MANAGEMENTS = (DISTRICT_REVIEW, CITY_REVIEW), (DISTRICT_MANAGE, CITY_MANAGE)
OBJECTION_OPEN_STATES = (DISTRICT_REVIEW, DISTRICT_MANAGE, CITY_REVIEW, CITY_MANAGE)

# fmt: off  (one move, one row)
OBJECTION_MOVES = (
    Move("support", _("Support"), (DISTRICT_REVIEW,), DISTRICT_MANAGE, (FIRST, MANAGE), why="S §2 区审核→区职责管理"),
    Move(
        "pass_on",
        _("Support and pass on to the city"),
        (DISTRICT_MANAGE,),
        CITY_REVIEW,
        (MANAGE,),
        ("on_the_city_list",),
        why="S §2 区职责管理→市审核",
    ),
    Move("support_at_city", _("Support"), (CITY_REVIEW,), CITY_MANAGE, (FIRST, MANAGE), why="S §2 市审核→市职责管理"),
    Move("agree", _("Agree"), MANAGEMENTS, AGREED, (MANAGE,), ("decided_here",), why="S §2 同意"),
    Move("oppose", _("Do not support"), REVIEWS, REFUSED, (FIRST, MANAGE), why="S §2 不同意"),
    Move("refuse", _("Do not agree"), MANAGEMENTS, REFUSED, (MANAGE,), why="S §2 不同意"),
    Move("return_early", _("Return"), REVIEWS, RETURNED, (FIRST, MANAGE), why="S §2 已退回"),
    Move("return", _("Return"), MANAGEMENTS, RETURNED, (MANAGE,), why="S §2 已退回"),
    Move(
        "take_into_batch",
        _("Take into a batch"),
        (AGREED,),
        None,
        (ENTER, MANAGE),
        ("not_taken",),
        why="P an agreed objection is one click from a line",
    ),
)
# fmt: on

OBJECTION = Workflow("objection", states=OBJECTION_STATES, start=DISTRICT_REVIEW, moves=OBJECTION_MOVES)
