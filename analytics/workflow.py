"""The life cycles of analytics. Data only; the engine is core/workflow.py."""

from django.utils.translation import pgettext_lazy

from grid.choices import Act
from shenzhen_gov.core.actor import SYSTEM
from shenzhen_gov.core.workflow import Move, Workflow

JUDGE, HANDLE = Act.JUDGE_WARNING.value, Act.HANDLE_CASE.value

# 专项治理: from an analyst's proposal to what came of it.
PROPOSED, RUNNING, ACHIEVED, ENDED = "proposed", "running", "achieved", "ended"

THEME_STATES = (
    (PROPOSED, pgettext_lazy("theme", "Proposed")),
    (RUNNING, pgettext_lazy("theme", "Under way")),
    (ACHIEVED, pgettext_lazy("theme", "Target reached")),
    (ENDED, pgettext_lazy("theme", "Ended")),
)

THEME_MOVES = (
    Move("start", pgettext_lazy("theme", "Start"), (PROPOSED,), RUNNING, (JUDGE,), ("has_plan",), why="F 治未病; P"),
    Move(
        "plan",
        pgettext_lazy("theme", "Plan and link"),
        (PROPOSED, RUNNING),
        None,
        (JUDGE,),
        why="P steps, cases, batches of the list",
    ),
    Move(
        "change",
        pgettext_lazy("theme", "Change title, plan and target"),
        (PROPOSED, RUNNING),
        None,
        (JUDGE,),
        why="P title, who is in charge, plan, target, dates; with the reason",
    ),
    Move(
        "report",
        pgettext_lazy("theme", "Tick steps, write reviews"),
        (RUNNING,),
        None,
        (JUDGE, HANDLE),
        why="P 每月评估",
    ),
    Move(
        "achieve",
        pgettext_lazy("theme", "Close: target reached"),
        (RUNNING,),
        ACHIEVED,
        (JUDGE,),
        why="P with what came of it",
    ),
    Move(
        "end",
        pgettext_lazy("theme", "End without the target"),
        (PROPOSED, RUNNING),
        ENDED,
        (JUDGE,),
        why="P with the reason",
    ),
)

THEME = Workflow("theme", states=THEME_STATES, start=PROPOSED, moves=THEME_MOVES)

# 治未病: an early warning, from the detector to what was done about it. Found again much stronger, a false alarm is
# judged again.
WARNING_OPEN, WARNING_TRUE, WARNING_FALSE = "open", "accepted", "false_alarm"
WARNING_ACTED, WARNING_CLOSED = "acted", "closed"
WARNING_LIVE = (WARNING_OPEN, WARNING_TRUE, WARNING_ACTED)
WARNING_JUDGED_TRUE = (WARNING_TRUE, WARNING_ACTED, WARNING_CLOSED)

WARNING_STATES = (
    (WARNING_OPEN, pgettext_lazy("early warning", "To be judged")),
    (WARNING_TRUE, pgettext_lazy("early warning", "Found true")),
    (WARNING_FALSE, pgettext_lazy("early warning", "False alarm")),
    (WARNING_ACTED, pgettext_lazy("early warning", "Acted on")),
    (WARNING_CLOSED, pgettext_lazy("early warning", "Closed")),
)

# fmt: off  (one move, one row)
WARNING_MOVES = (
    Move(
        "accept",
        pgettext_lazy("early warning", "Found true"),
        (WARNING_OPEN,),
        WARNING_TRUE,
        (JUDGE,),
        why="F 治未病 成立",
    ),
    Move(
        "reject",
        pgettext_lazy("early warning", "False alarm"),
        (WARNING_OPEN,),
        WARNING_FALSE,
        (JUDGE,),
        why="F 治未病 误报",
    ),
    Move(
        "assign", pgettext_lazy("early warning", "Name the owner"), WARNING_LIVE[1:], None, (JUDGE,), why="P 责任单位"
    ),
    Move(
        "take_on", pgettext_lazy("early warning", "Take it on"), WARNING_LIVE[1:], None, (JUDGE, HANDLE), why="P 责任人"
    ),
    Move(
        "act",
        pgettext_lazy("early warning", "Record what was done"),
        WARNING_LIVE[1:],
        WARNING_ACTED,
        (JUDGE, HANDLE),
        why="P 措施",
    ),
    Move(
        "close", pgettext_lazy("early warning", "Close"), (WARNING_ACTED,), WARNING_CLOSED, (JUDGE,), why="P 措施见效"
    ),
    Move(
        "reopen",
        pgettext_lazy("early warning", "Judge again"),
        (WARNING_TRUE, WARNING_FALSE),
        WARNING_OPEN,
        (JUDGE, SYSTEM),
        why="P 误报再升高",
    ),
)
# fmt: on

WARNING = Workflow("warning", states=WARNING_STATES, start=WARNING_OPEN, moves=WARNING_MOVES)

# 考核台账: a month is open, proposed, frozen. The needs are answered in services/ledger.
KEEP, HANDLE = Act.KEEP_ASSESSMENT.value, Act.HANDLE_CASE.value
MONTH_OPEN, MONTH_PROPOSED, MONTH_FROZEN = "open", "proposed", "frozen"

MONTH_STATES = (
    (MONTH_OPEN, pgettext_lazy("assessment", "Open")),
    (MONTH_PROPOSED, pgettext_lazy("assessment", "Proposed")),
    (MONTH_FROZEN, pgettext_lazy("assessment", "Frozen")),
)
PUBLISHING = ("window_over", "all_decided")

MONTH_MOVES = (
    Move(
        "propose",
        pgettext_lazy("assessment", "Propose"),
        (MONTH_OPEN,),
        MONTH_PROPOSED,
        (KEEP,),
        ("month_over",),
        "P 公示",
    ),
    Move(
        "reopen",
        pgettext_lazy("assessment", "Take back"),
        (MONTH_PROPOSED,),
        MONTH_OPEN,
        (KEEP,),
        ("not_asked",),
        "P 公示有误",
    ),
    Move(
        "freeze",
        pgettext_lazy("assessment", "Freeze"),
        (MONTH_PROPOSED,),
        MONTH_FROZEN,
        (KEEP, SYSTEM),
        PUBLISHING,
        "P 按月固化",
    ),
    Move("correct", pgettext_lazy("assessment", "Correct"), (MONTH_FROZEN,), None, (KEEP,), why="P 更正只以可见的条目"),
)

ASSESSMENT = Workflow("assessment month", states=MONTH_STATES, start=MONTH_OPEN, moves=MONTH_MOVES)

# 剔除申请: the unit asks, who keeps the assessment above it decides.
EXCLUSION_OPEN, EXCLUSION_AGREED, EXCLUSION_REFUSED, EXCLUSION_WITHDRAWN = "open", "agreed", "refused", "withdrawn"

EXCLUSION_STATES = (
    (EXCLUSION_OPEN, pgettext_lazy("exclusion", "To be decided")),
    (EXCLUSION_AGREED, pgettext_lazy("exclusion", "Agreed")),
    (EXCLUSION_REFUSED, pgettext_lazy("exclusion", "Refused")),
    (EXCLUSION_WITHDRAWN, pgettext_lazy("exclusion", "Withdrawn")),
)

EXCLUSION_MOVES = (
    Move(
        "agree",
        pgettext_lazy("exclusion", "Agree"),
        (EXCLUSION_OPEN,),
        EXCLUSION_AGREED,
        (KEEP,),
        why="P 由上级考核部门裁定",
    ),
    Move(
        "refuse",
        pgettext_lazy("exclusion", "Refuse"),
        (EXCLUSION_OPEN,),
        EXCLUSION_REFUSED,
        (KEEP,),
        why="P 由上级考核部门裁定",
    ),
    Move(
        "withdraw",
        pgettext_lazy("exclusion", "Withdraw"),
        (EXCLUSION_OPEN,),
        EXCLUSION_WITHDRAWN,
        (HANDLE,),
        why="P 申请单位撤回",
    ),
)

EXCLUSION = Workflow("exclusion", states=EXCLUSION_STATES, start=EXCLUSION_OPEN, moves=EXCLUSION_MOVES)
