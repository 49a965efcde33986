"""双报到 seen by who reported: the tasks one may claim near where one reported, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from grid.choices import Audience
from grid.models import CommunityTask, Reporter, TaskClaim
from grid.services.party.volunteers import AUDIENCES

SHOWN = 50


@dataclass(frozen=True)
class OwnTasks:
    """Where somebody reported, what may be claimed, soonest first, and the own claims, newest first."""

    reporter: Reporter
    open: list[CommunityTask]
    claims: list[TaskClaim]


def reporter_of(user) -> Reporter | None:
    """Return as whom `user` reported at a community, None for who did not."""
    return Reporter.objects.filter(staff=user.pk, is_active=True).select_related("area").first()


def get_own_tasks(user, now: datetime) -> OwnTasks | None:
    """Return the tasks of one who reported: of their audience, around or below their community. None for others."""
    reporter = reporter_of(user)
    if reporter is None:
        return None
    line = [int(part) for part in reporter.area.path.strip("/").split("/")]
    near = Q(area__in=line) | Q(area__path__startswith=reporter.area.path)
    audiences = [audience for audience in Audience if reporter.kind in AUDIENCES[audience]]
    claimed = TaskClaim.objects.filter(task=OuterRef("pk"), reporter=reporter, withdrawn_at=None)
    rows = CommunityTask.objects.filter(near, audience__in=audiences, cancelled_at=None, ends_at__gt=now)
    rows = rows.filter(claimed__lt=F("wanted")).exclude(Exists(claimed)).select_related("area", "kind")
    claims = TaskClaim.objects.filter(reporter=reporter).select_related("task__area").order_by("-pk")
    return OwnTasks(reporter, list(rows.order_by("starts_at", "pk")[:SHOWN]), list(claims[:SHOWN]))
