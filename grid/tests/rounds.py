"""A patrol plan for tests of other apps."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from grid.files import read_round_kinds
from grid.models import RoundKind, RoundPlan
from grid.services import NewPlan, NewRoundPoint, create_plan, load_round_kinds
from shenzhen_gov.core.actor import Actor


def make_plan(city, *, now: datetime, **given) -> RoundPlan:
    """Make a daily plan from 8 to 12 with two points for the first community, by its secretary."""
    if not RoundKind.objects.exists():
        load_round_kinds(read_round_kinds(), by=Actor.system("test"), now=now)
    data = {
        "area": city.communities[0][0][0].code, "kind": "fire", "name": "楼道晨巡", "opens_at": time(8),
        "closes_at": time(12), "valid_from": timezone.localdate(now),
        "points": [NewRoundPoint("大堂", longitude=114.03, latitude=22.61), NewRoundPoint("东门", code="abc23456")],
    }  # fmt: skip
    return create_plan(NewPlan(**data | given), by=Actor.staff(city.staff["community_secretary"]), now=now)
