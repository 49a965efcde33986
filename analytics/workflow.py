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
