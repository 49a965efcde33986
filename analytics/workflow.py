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
    Move("start", pgettext_lazy("theme", "Start"), (PROPOSED,), RUNNING, (JUDGE,), ("has_plan",), why="seeds 治未病; P"),
    Move(
        "work",
        pgettext_lazy("theme", "Work on it"),
        (PROPOSED, RUNNING),
        None,
        (JUDGE,),
        why="P plan, cases, batches, reviews",
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
    Move("accept", pgettext_lazy("early warning", "Found true"), (WARNING_OPEN,), WARNING_TRUE, (JUDGE,), why="F 治未病 成立"),
    Move("reject", pgettext_lazy("early warning", "False alarm"), (WARNING_OPEN,), WARNING_FALSE, (JUDGE,), why="F 治未病 误报"),
    Move("assign", pgettext_lazy("early warning", "Name the owner"), WARNING_LIVE[1:], None, (JUDGE,), why="P 责任单位"),
    Move("take_on", pgettext_lazy("early warning", "Take it on"), WARNING_LIVE[1:], None, (JUDGE, HANDLE), why="P 责任人"),
    Move("act", pgettext_lazy("early warning", "Record what was done"), WARNING_LIVE[1:], WARNING_ACTED, (JUDGE, HANDLE), why="P 措施"),
    Move("close", pgettext_lazy("early warning", "Close"), (WARNING_ACTED,), WARNING_CLOSED, (JUDGE,), why="P 措施见效"),
    Move("reopen", pgettext_lazy("early warning", "Judge again"), (WARNING_TRUE, WARNING_FALSE), WARNING_OPEN, (JUDGE, SYSTEM), why="P 误报再升高"),
)
# fmt: on

WARNING = Workflow("warning", states=WARNING_STATES, start=WARNING_OPEN, moves=WARNING_MOVES)
