"""The life cycles of grid. Data only; the engine is core/workflow.py."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grid.choices import Act
from shenzhen_gov.core.actor import SYSTEM
from shenzhen_gov.core.workflow import Move, Workflow

# --- rounds of the grid (domain §5 网格巡查): to walk, done, or run out of time -------------------------
TO_WALK, UNDER_WAY, DONE, PARTLY, MISSED = "to_walk", "under_way", "done", "partly", "missed"

ROUND_STATES = (
    (TO_WALK, pgettext_lazy("round", "To walk")),
    (UNDER_WAY, pgettext_lazy("round", "Under way")),
    (DONE, pgettext_lazy("round", "Done")),
    (PARTLY, pgettext_lazy("round", "Partly done")),
    (MISSED, pgettext_lazy("round", "Missed")),
)
OPEN_ROUNDS = (TO_WALK, UNDER_WAY)
WALK, PLAN = Act.GRID_ROUND.value, Act.MANAGE_GRID.value

# fmt: off  (one move, one row)
ROUND_MOVES = (
    Move("check_in", _("I am here"), (TO_WALK, UNDER_WAY), UNDER_WAY, (WALK,), why="P 到点打卡"),
    Move("finish", _("Every point passed"), (UNDER_WAY,), DONE, (WALK,), why="P 各点到齐即完成"),
    Move("run_out", _("Out of time, partly done"), (UNDER_WAY,), PARTLY, (SYSTEM,), why="P 时段结束未到齐"),
    Move("miss", _("Out of time, nobody came"), (TO_WALK,), MISSED, (SYSTEM,), why="P 时段结束未到点"),
    Move("explain", _("Say why"), (PARTLY, MISSED), None, (WALK, PLAN), why="P 漏巡事后说明"),
)
# fmt: on

ROUND = Workflow("round", states=ROUND_STATES, start=TO_WALK, moves=ROUND_MOVES)
# What comes up at a meeting or visit (domain §7: 书记茶话会, 挂点联系, 提级).
ITEM_OPEN, ITEM_ANSWERED, ITEM_ESCALATED, ITEM_FILED = "open", "answered", "escalated", "filed"
ITEM_STATES = (
    (ITEM_OPEN, _("To be answered")),
    (ITEM_ANSWERED, _("Answered there")),
    (ITEM_ESCALATED, _("Escalated to the subdistrict")),
    (ITEM_FILED, _("Handed on")),
)
PLANS = Act.MANAGE_GRID.value
# fmt: off  (one move, one row)
ITEM_MOVES = (
    Move("answer", _("Answer"), (ITEM_OPEN, ITEM_ESCALATED), ITEM_ANSWERED, (PLANS,), why="P 当场答复"),
    Move("escalate", _("Escalate"), (ITEM_OPEN,), ITEM_ESCALATED, (PLANS,), why="F seeds 提级"),
    Move("file", _("Hand on"), (ITEM_OPEN, ITEM_ESCALATED), ITEM_FILED, (PLANS,), why="F seeds 茶话会事项转诉求"),
)
# fmt: on

GATHERING_ITEM = Workflow("gathering item", states=ITEM_STATES, start=ITEM_OPEN, moves=ITEM_MOVES)
