"""A community with two cells and a team that walks the first: what tests of work handed to the grid share."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatch.models import WorkOrder
from dispatch.services import hand_down, record_contact, report, sign
from dispatch.tests.desks import dispatched
from dispatch.tests.world import NOON, SYSTEM, make_world
from grid.models import Unit
from grid.services import NewCell, create_cells
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor


def make_team_world():
    """Make the city of `make_world` with `team` (of the first cell), its `officer`, and the actors around them."""
    city = make_world()
    community = city.communities[0][0][0]
    rows = [NewCell(f"{community.code}0{n}", f"第{n}网格", community.code) for n in (1, 2)]
    city.cells = create_cells(rows, source="test", by=SYSTEM, now=NOON - timedelta(days=30))
    city.team = Unit.objects.get(code=f"cell-{city.cells[0].code}")
    city.staff["officer"] = grant(make_staff("officer", city.team, first_name="小军"), "grid_officer", city.team)
    city.officer = Actor.staff(city.staff["officer"])
    city.secretary = Actor.staff(city.staff["community_secretary"])
    city.street = Actor.staff(city.staff["reviewer"])
    city.district = Actor.staff(city.staff["district_reviewer"])
    return city


def handed_to_team(city, *, now: datetime = NOON, count: int = 1) -> list[tuple[WorkOrder, WorkOrder]]:
    """Return (work order of the community, work order of its team) of cases that the secretary handed down."""
    pairs = []
    for order in dispatched(city, count, now=now - timedelta(hours=1)):
        sign(order.pk, by=city.secretary, now=now)
        child = hand_down(order.pk, unit_id=city.team.pk, by=city.secretary, now=now)
        order.refresh_from_db()
        pairs.append((order, child))
    return pairs


def reported_by_team(child: WorkOrder, by: Actor, *, now: datetime) -> WorkOrder:
    """Let the team sign, contact and report."""
    sign(child.pk, by=by, now=now)
    record_contact(child.pk, way="phone", result="reached", note="已联系", by=by, now=now)
    report(child.pk, text="纸箱已清走，楼道通畅。", told_way="phone", by=by, now=now)
    child.refresh_from_db()
    return child
