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
    Move("edit", _("Change lines"), (DRAFT,), None, (ENTER, MANAGE), why="S §2 录入"),
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
    Move("roll_back", _("Roll back"), (PUBLISHED,), ROLLED_BACK, (MANAGE, SYSTEM), why="P inverse batch"),
)
# fmt: on

BATCH = Workflow("batch", states=STATES, start=DRAFT, moves=MOVES)
