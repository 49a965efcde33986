"""What grid holds follows a re-cut: patrol plans by their points, party and partners, outlines; the rest is named."""

import json
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from grid.geometry import current
from grid.models import AreaOutline, Building, Reporter, RoundKind, RoundPlan, RoundPoint, RoundTask, ServiceSite
from grid.selectors import area_at
from grid.selectors.recuts import get_touched
from grid.services import RecutTarget
from grid.services.outlines import import_outlines
from grid.tests.test_outlines import box, feature
from grid.tests.test_recut import NEW, NEWER, NOW, OLD, OTHER, SYSTEM, carry_out, city, split, team
from shenzhen_gov.core.models import AuditEntry, Parameter

pytestmark = pytest.mark.django_db
__all__ = ["city"]
HALVES = {NEW: box(0, 0, 0.5, 1), NEWER: box(0.5, 0, 1, 1)}


@pytest.fixture(autouse=True)
def tolerance():
    Parameter.objects.create(key="outlines.tolerance", value=0.01, effective_from="2018-01-01", source="test")
    current.drop()
    yield
    current.drop()


def draw(*features):
    data = json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
    import_outlines(data, source="test", by=SYSTEM, now=NOW)


def round_plan(city, *points, name="巡查"):
    """Make a plan in the old cell past these buildings and points, with a round that is not walked yet."""
    kind, _made = RoundKind.objects.get_or_create(
        code="fire", defaults={"name": "消防", "name_en": "Fire", "source": "t"}
    )
    plan = RoundPlan.objects.create(
        area=city.old, kind=kind, name=name, opens_at=time(8), closes_at=time(18), valid_from=date(2018, 1, 1),
        made_until=date(2018, 10, 14), made_by="t",
    )  # fmt: skip
    for order, point in enumerate(points):
        on_map = not isinstance(point, Building)
        where = {"longitude": point[0], "latitude": point[1]} if on_map else {"building": point}
        RoundPoint.objects.create(plan=plan, order=order, name=str(order), **where)
    task = RoundTask.objects.create(
        plan=plan, day=NOW.date(), area=city.old, unit=team(OLD), opens_at=NOW, closes_at=NOW + timedelta(hours=5),
        points=len(points), made_at=NOW,
    )  # fmt: skip
    return plan, task


def site(area, name="党群服务站"):
    return ServiceSite.objects.create(area=area, name=name, address="龙华路 1 号", source="样例")


def area_of(row):
    row.refresh_from_db()
    return row.area.code


def by_hand(plan):
    return [(one.row, one.into.code if one.into else None, one.ends) for one in get_touched(plan, NOW).by_hand]


def test_a_patrol_plan_goes_where_its_buildings_go_with_its_round_under_way(city):
    first, task = round_plan(city, city.houses[0], city.houses[1])
    second, _task = round_plan(city, city.houses[2])
    plan = split(city)
    assert by_hand(plan) == []
    assert carry_out(plan), plan.problem
    assert (area_of(first), area_of(second)) == (NEW, NEWER)
    task.refresh_from_db()
    assert (task.area.code, task.unit) == (NEW, team(NEW))


def test_a_round_that_is_over_stays_as_history(city):
    _plan, task = round_plan(city, city.houses[0])
    RoundTask.objects.update(state="done", ended_at=NOW)
    carry_out(split(city))
    assert area_of(task) == OLD


def test_a_plan_over_several_parts_goes_to_the_successor_and_is_named_before(city):
    mixed, _task = round_plan(city, city.houses[0], city.houses[2])
    plan = split(city)
    assert by_hand(plan) == [(mixed, NEW, False)]
    carry_out(plan)
    assert area_of(mixed) == NEW


def test_a_plan_with_points_only_goes_by_the_outlines(city):
    east, _task = round_plan(city, (114.008, 22.605))
    plan = split(city)
    draw(*(feature(code, shape) for code, shape in HALVES.items()))
    assert by_hand(plan) == []
    carry_out(plan)
    assert area_of(east) == NEWER


def test_where_the_area_lives_on_only_what_lies_in_the_part_goes(city):
    goes, _task = round_plan(city, city.houses[0])
    stays, _task = round_plan(city, city.houses[1])
    office = site(city.old)
    target = RecutTarget(OTHER, "", (city.houses[0].code,))
    plan = split(city, ends=False, targets=(target,))
    assert by_hand(plan) == []
    carry_out(plan)
    assert (area_of(goes), area_of(stays), area_of(office)) == (OTHER, OLD, OLD)


def test_party_and_partners_go_to_the_successor_and_are_named_where_nothing_places_them(city):
    office = site(city.old)
    given = {"kind": "organisation", "organisation": "税务局党支部", "reported_on": date(2018, 1, 1)}
    reporter = Reporter.objects.create(area=city.old, **given)
    plan = split(city)
    assert by_hand(plan) == [(office, NEW, False), (reporter, NEW, False)]
    assert carry_out(plan), plan.problem
    assert (area_of(office), area_of(reporter)) == (NEW, NEW)
    entry = AuditEntry.objects.get(action="recut.cut")
    assert (entry.changes["servicesite"], entry.changes["reporter"]) == (1, 1)


def test_what_the_taker_has_already_ends_and_is_named(city):
    site(city.other)
    ours = site(city.old)
    plan = split(city, targets=(RecutTarget(OTHER),))
    assert by_hand(plan) == [(ours, OTHER, True)]
    assert carry_out(plan), plan.problem
    ours.refresh_from_db()
    assert (ours.area, ours.is_active) == (city.old, False)


def test_outlines_of_planned_cells_may_lie_over_the_old_one_and_hold_no_point_before_the_day(city):
    draw(feature(OLD))
    plan = split(city)
    assert {area.code for area in get_touched(plan, NOW).missing_outlines} == {NEW, NEWER}
    draw(*(feature(code, shape) for code, shape in HALVES.items()))
    assert get_touched(plan, NOW).missing_outlines == []
    assert area_at(114.008, 22.605).code == OLD
    carry_out(plan)
    current.drop()
    assert area_at(114.008, 22.605).code == NEWER


def test_a_merge_joins_the_outlines(city):
    draw(feature(OLD, box(0, 0, 0.5, 1)), feature(OTHER, box(0.5, 0, 1, 1)))
    plan = split(city, targets=(RecutTarget(OTHER),))
    assert get_touched(plan, NOW).missing_outlines == []
    carry_out(plan)
    assert area_at(114.001, 22.605).code == area_at(114.009, 22.605).code == OTHER
    row = AreaOutline.objects.get(area=city.other)
    assert (row.west, round(row.east, 2)) == (114.0, 114.01)


def test_a_neighbour_without_an_outline_does_not_get_that_of_a_part(city):
    draw(feature(OLD))
    carry_out(split(city, targets=(RecutTarget(OTHER),)))
    assert not AreaOutline.objects.filter(area=city.other).exists()


def test_the_page_names_what_is_to_be_settled_by_hand(city, client):
    site(city.old, "北站党群服务站")
    draw(feature(OLD))
    plan = split(city)
    client.force_login(city.planner.user, backend="grid.backends.StaffBackend")
    page = client.get(reverse("grid:recut", args=[plan.pk])).content.decode()
    assert "北站党群服务站" in page
    assert reverse("grid:outlines") in page
