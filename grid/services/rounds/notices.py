"""What is told of rounds: those that ended without every point passed. Each ends once, so each is told once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from grid.choices import Act, UnitKind
from grid.models import RoundTask
from grid.services.messages import Receiver, send_message
from grid.workflow import MISSED, PARTLY


def tell_missed(tasks: Iterable[RoundTask], *, now: datetime) -> int:
    """漏巡提醒: tell the team that walks the round, and the community it belongs to; returns the messages written.

    Silent where the portal itself was away until the round was over (`made_at`): nobody could have walked it.
    """
    missed = [task for task in tasks if task.state in (MISSED, PARTLY) and task.made_at < task.closes_at]
    return sum(
        send_message("round_missed", _receivers(task), facts=_facts(task), now=now, link=f"/grid/rounds/{task.pk}/")
        for task in missed
    )


def _receivers(task: RoundTask) -> list[Receiver]:
    """Return the officers of the team, and above a team whoever plans its rounds; a community walks its own."""
    to = [Receiver(unit_id=task.unit_id, act=Act.GRID_ROUND.value)]
    if task.unit.kind == UnitKind.CELL and task.unit.parent_id:
        to.append(Receiver(unit_id=task.unit.parent_id, act=Act.MANAGE_GRID.value))
    return to


def _facts(task: RoundTask) -> dict:
    hours = [f"{timezone.localtime(at):%H:%M}" for at in (task.opens_at, task.closes_at)]
    return {
        "plan": task.plan.name, "area": task.area.name, "day": f"{task.day:%Y-%m-%d}", "hours": "–".join(hours),
        "passed": task.passed, "points": task.points,
    }  # fmt: skip
