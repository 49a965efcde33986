"""Batches of the duty list that take effect in the small city, so that tests can look at its cases afterwards."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

from django.utils import timezone

from dispatch.models import FollowUp, WorkOrder
from dispatch.services import begin_following, dispatch_awaiting, follow_some
from dispatch.workflow import OPEN_STATES
from dutylist import services as dutylist
from dutylist.models import Batch
from dutylist.services import NewBatch, NewLine
from dutylist.workflow import SCHEDULED
from grid.models import Area
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, IN_HANDLING
from shenzhen_gov.core.actor import Actor

from .world import NOON, SYSTEM, new_case


def open_batch(city: SimpleNamespace, *lines: NewLine, area: Area | None = None, now: datetime = NOON) -> Batch:
    """Open a batch of the city's list (or an area's) with these lines."""
    by = Actor.staff(city.staff["duty_manager"])
    data = NewBatch(
        title="调整", reason="测试", owner_area_id=(area or city.city).pk, effective_on=timezone.localdate(now)
    )
    batch = dutylist.open_batch(data, by=by, now=now)
    dutylist.set_lines(batch.pk, lines, by=by, now=now)
    return Batch.objects.get(pk=batch.pk)


def publish(batch: Batch, now: datetime = NOON) -> Batch:
    """Let a batch pass its reviews and take effect."""
    Batch.objects.filter(pk=batch.pk).update(state=SCHEDULED, effective_on=timezone.localdate(now))
    dutylist.publish_batch(batch.pk, by=SYSTEM, now=now)
    return Batch.objects.get(pk=batch.pk)


def change(city: SimpleNamespace, *lines: NewLine, area: Area | None = None, now: datetime = NOON) -> Batch:
    """Open, publish and follow a batch at once."""
    batch = publish(open_batch(city, *lines, area=area, now=now), now)
    follow(now)
    return batch


def roll_back(city: SimpleNamespace, batch: Batch, now: datetime = NOON) -> Batch:
    """Publish the inverse batch and follow it."""
    inverse = dutylist.roll_back(batch.pk, reason="有误", by=Actor.staff(city.staff["duty_manager"]), now=now)
    inverse = publish(inverse, now)
    follow(now)
    return inverse


def follow(now: datetime = NOON) -> int:
    """Work off every follow-up; returns how many."""
    begin_following(by=SYSTEM, now=now)
    done = 0
    while count := follow_some(by=SYSTEM, now=now):
        done += count
    return done


def row(area: Area, unit) -> dict:
    """Return one responsibility row of a line."""
    return {"area": area.pk, "lead": unit.pk, "co": [], "fallback": None, "note": ""}


def dispatched(city: SimpleNamespace, **given) -> Case:
    """Return a case about litter that its community has to sign."""
    case = new_case(city, **given)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    return Case.objects.get(pk=case.pk)


def transfer(city: SimpleNamespace, policy: str, **more) -> NewLine:
    """Give litter to the district bureaus."""
    rows = [row(area, city.bureaus[d]["urban_management"]) for d, area in enumerate(city.districts)]
    return NewLine(kind="transfer", code="T01", changes={"rows": rows, **more}, policy=policy)


def lead(case: Case) -> WorkOrder:
    """Return the open work order by which a case was dispatched."""
    return WorkOrder.objects.get(case=case, state__in=OPEN_STATES, parent=None)


def the_row(case: Case) -> FollowUp:
    """Return the newest follow-up of a case."""
    return FollowUp.objects.filter(case=case).latest("id")


def secretary(city: SimpleNamespace) -> Actor:
    """Return the community secretary of the first community."""
    return Actor.staff(city.staff["community_secretary"])


def is_reachable(case: Case) -> bool:
    """Whether somebody has the case: one unit that is accountable, or the dispatch desk."""
    case = Case.objects.get(pk=case.pk)
    leads = WorkOrder.objects.open().filter(case=case, parent=None)
    if case.state == IN_HANDLING:
        return leads.count() == 1 and case.holder_id is not None
    return case.state == AWAITING_DISPATCH and not leads.exists() and case.holder_id is not None


def added(city) -> dict:
    """Return the content of a new item that the bureaus answer for."""
    rows = [row(area, city.bureaus[d]["water"]) for d, area in enumerate(city.districts)]
    return {"level1": "市容环卫", "level2": "环境", "name": "阳台堆物", "limit_normal": 3, "rows": rows}
