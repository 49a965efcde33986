"""到点打卡: being at a point of a round, proved by the phone's position or by the code that hangs there.

Nothing is refused for being too far away: it is kept, with the distance, and marked. Where the phone was is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import CheckInWay
from grid.models import RoundCheckIn, RoundPoint, RoundTask
from grid.workflow import ROUND
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, Refused
from shenzhen_gov.core.nearness import metres_between
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .plans import CODE_LENGTH, is_place
from .tasks import lock_task

NOTE_LENGTH = 300
FARTHEST = 2_000_000_000  # what the column holds; a point on the other side of the globe is still far nearer


@dataclass(frozen=True, kw_only=True)
class Here:
    """What the phone gives: its position, the code read from the wall, what was not in order, a note."""

    longitude: float | None = None
    latitude: float | None = None
    code: str = ""
    wrong: Sequence[str] = ()
    note: str = ""


@transaction.atomic
def check_in(task_id: int, point_id: int, here: Here, *, by: Actor, now: datetime) -> RoundCheckIn:
    """Note that `by` is at a point of a round; the last point ends the round.

    Raises BadInput naming the field (a code of another place, half a position), Refused before its hours and
    IllegalMove after them or for a point passed already, NotAllowed or OutOfSight for the territory.
    """
    task = lock_task(task_id)
    access.require(by, ROUND.moves["check_in"].acts, task)
    point = _point(task, point_id)
    move = ROUND.check("check_in", task)
    _check_hours(task, now)
    if RoundCheckIn.objects.filter(task=task, point=point).exists():
        raise IllegalMove(_("“%(point)s” is passed already.") % {"point": point})
    way, metres, doubtful = _proof(point, here, now)
    found = RoundCheckIn.objects.create(
        task=task, point=point, at=now, staff=by.user, way=way, metres=metres, is_doubtful=doubtful,
        wrong=[line for line in task.plan.checks if line in set(here.wrong)],
        note=checked_text(here.note, NOTE_LENGTH, field="note"),
    )  # fmt: skip
    task.state, task.passed, task.doubtful = move.to_state or task.state, task.passed + 1, task.doubtful + doubtful
    if task.passed >= task.points:
        task.state, task.ended_at = ROUND.check("finish", task).to_state or task.state, now
    task.save(update_fields=["state", "passed", "doubtful", "ended_at"])
    changes = {"point": point.name, "way": way, "metres": metres, "doubtful": doubtful, "state": task.state}
    audit.record("round.checked_in", task, by=by, now=now, changes=changes, note=found.note)
    return found


def _point(task: RoundTask, point_id: int) -> RoundPoint:
    point = RoundPoint.objects.filter(pk=point_id, pk__in=task.point_ids).select_related("building").first()
    if point is None:
        raise OutOfSight(_("Not found."))
    return point


def _check_hours(task: RoundTask, now: datetime) -> None:
    if now < task.opens_at:
        raise Refused(_("This round begins at %(at)s.") % {"at": f"{timezone.localtime(task.opens_at):%H:%M}"})
    if now >= task.closes_at:
        raise Refused(_("The time of this round is over."))


def _proof(point: RoundPoint, here: Here, now: datetime) -> tuple[str, int | None, bool]:
    """Return the way of the check-in, the distance in metres, and whether it is doubtful."""
    if not is_place(here.longitude, here.latitude):
        raise BadInput(_("Not a place on the globe."), field="longitude")
    code = checked_text(here.code, CODE_LENGTH, field="code")
    distance = metres_between((here.longitude, here.latitude), point.place)
    metres = None if distance is None else min(round(distance), FARTHEST)
    if code:
        if code.upper() not in {known.upper() for known in point.codes}:
            raise BadInput(_("This code does not belong to “%(point)s”.") % {"point": point}, field="code")
        return CheckInWay.CODE, metres, False
    if metres is None:
        return CheckInWay.HAND, None, True
    return CheckInWay.PLACE, metres, metres > get_parameter("round.tolerance_metres", timezone.localdate(now))
