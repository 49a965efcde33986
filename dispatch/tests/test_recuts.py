"""After a re-cut every open case lies where its house lies, at a unit that exists, with its clocks untouched."""

from datetime import timedelta

import pytest

from dispatch.models import Clock, WorkOrder
from dispatch.selectors.recuts import count_for_recut
from dispatch.services import follow_recuts, hand_down, rehome_some, sign
from dispatch.tests.desks import dispatched
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.services import carry_out_due_recuts
from grid.models import Area, AreaOutline, Building, Recut, Unit
from grid.services import NewCell, NewRecut, RecutTarget, create_cells, move_buildings, plan_recut
from grid.tests.factories import grant, make_staff
from intake.models import Case, Lead, ReportPoint
from intake.services import NewLead, NewPoint, create_point, report_lead
from intake.services import follow_recuts as follow_points
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
COMMUNITY = "440309001001"
OLD, OTHER, NEW, NEWER = (f"{COMMUNITY}0{n}" for n in (1, 2, 3, 4))
HOUSE, SECOND = f"{OLD}00001", f"{OLD}00002"


@pytest.fixture
def city():
    city = make_world()
    create_cells([NewCell(OLD, "一格", COMMUNITY), NewCell(OTHER, "二格", COMMUNITY)], source="t", by=SYSTEM, now=NOON)
    city.old = Area.objects.get(code=OLD)
    for code in (HOUSE, SECOND):
        Building.objects.create(code=code, name=code, area=city.old)
    planner = grant(make_staff("planner", city.centres[0]), ["manage_grid", "view_case"], city.centres[0])
    city.planner = Actor.staff(planner)
    return city


def team(code):
    return Unit.objects.get(home_area__code=code, kind="cell", closed_on=None)


def handed_to_the_team(city, **given):
    """Return the work order of a case in the old cell that the secretary handed to its team."""
    (order,) = dispatched(city, 1, now=NOON, area=OLD, **given)
    by = Actor.staff(city.staff["community_secretary"])
    sign(order.pk, by=by, now=NOON)
    hand_down(order.pk, unit_id=team(OLD).pk, note="请处理", by=by, now=NOON)
    return WorkOrder.objects.get(case=order.case_id, unit=team(OLD))


def recut(city, *targets, area=None, ends=True):
    area = area or city.old
    plan = NewRecut(area_id=area.pk, targets=targets, effective_on=NOON.date(), document="文号", ends=ends)
    return plan_recut(plan, by=city.planner, now=NOON)


def carry_out():
    done = carry_out_due_recuts(by=SYSTEM, now=NOON)
    while move_buildings(by=SYSTEM, now=NOON):
        pass
    while follow_recuts(by=SYSTEM, now=NOON, limit=1):
        pass
    rehome_some(by=SYSTEM, now=NOON)
    while follow_points():
        pass
    return done


def split(city):
    return recut(city, RecutTarget(NEW, "甲格", (HOUSE,)), RecutTarget(NEWER, "乙格", (SECOND,)))


def lead_of(case_id):
    return WorkOrder.objects.active().get(case=case_id, role="lead")


def clocks():
    return set(Clock.objects.filter(outcome="running").values_list("case", "kind", "started_at", "due_at"))


def test_open_cases_go_where_their_house_lies_and_to_the_team_there(city):
    first = handed_to_the_team(city, house_code=f"{HOUSE}000101")
    second = handed_to_the_team(city, house_code=f"{SECOND}000101", phone="13800138001")
    nowhere = handed_to_the_team(city, phone="13800138002")
    before = clocks()
    split(city)
    assert carry_out() == 1
    for order, code in ((first, NEW), (second, NEWER), (nowhere, NEW)):
        case, lead = Case.objects.get(pk=order.case_id), lead_of(order.case_id)
        assert (case.area.code, lead.area.code, lead.unit, case.holder) == (code, code, team(code), team(code))
    assert clocks() == before
    assert AuditEntry.objects.filter(action="case.area_recut").count() == 3


def draw(**shapes):
    """Draw outlines of cells: code → west and east end, in hundredths of a degree."""
    for code, (west, east) in shapes.items():
        x0, x1 = 114 + west / 100, 114 + east / 100
        ring = [[x0, 22.6], [x1, 22.6], [x1, 22.61], [x0, 22.61], [x0, 22.6]]
        AreaOutline.objects.create(
            area=Area.objects.get(code=code.removeprefix("c")), polygons=[[ring]], west=x0, south=22.6, east=x1,
            north=22.61, imported_at=NOON,
        )  # fmt: skip


def test_a_case_without_a_house_code_goes_where_its_point_lies(city):
    east = handed_to_the_team(city, longitude=114.008, latitude=22.605)
    beyond = handed_to_the_team(city, longitude=114.3, latitude=22.605, phone="13800138001")
    plan = split(city)
    draw(**{f"c{NEW}": (0, 0.5), f"c{NEWER}": (0.5, 1)})
    assert count_for_recut(city.planner.user, plan.pk).by_target == [("甲格", 1), ("乙格", 1)]
    carry_out()
    assert Case.objects.get(pk=east.case_id).area.code == NEWER
    assert lead_of(east.case_id).unit == team(NEWER)
    assert Case.objects.get(pk=beyond.case_id).area.code == NEW


def test_where_the_cell_lives_on_a_point_in_the_part_taken_moves(city):
    moved = handed_to_the_team(city, longitude=114.008, latitude=22.605)
    stays = handed_to_the_team(city, longitude=114.002, latitude=22.605, phone="13800138001")
    plan = recut(city, RecutTarget(OTHER, "", (HOUSE,)), ends=False)
    draw(**{f"c{OTHER}": (0.5, 1)})
    found = count_for_recut(city.planner.user, plan.pk)
    assert (found.by_target[0][1], found.staying) == (1, 1)
    carry_out()
    assert Case.objects.get(pk=moved.case_id).area.code == OTHER
    assert Case.objects.get(pk=stays.case_id).area.code == OLD


def test_every_open_case_has_an_accountable_unit_that_exists(city):
    handed_to_the_team(city)
    new_case(city, now=NOON, area=OLD, phone="13800138003")
    split(city)
    carry_out()
    cases = Case.objects.open()
    assert cases.count() == 2
    assert not cases.filter(holder=None).exists()
    assert not cases.filter(holder__closed_on__isnull=False).exists()
    assert not cases.filter(area__is_active=False).exists()


def test_what_was_closed_stays_where_it_was(city):
    order = handed_to_the_team(city)
    Case.objects.filter(pk=order.case_id).update(state="closed", closed_at=NOON)
    WorkOrder.objects.filter(case=order.case_id).update(state="done", ended_at=NOON)
    split(city)
    carry_out()
    assert Case.objects.get(pk=order.case_id).area == city.old


def test_where_the_cell_lives_on_only_the_cases_of_the_houses_taken_move(city):
    moved = handed_to_the_team(city, house_code=f"{HOUSE}000101")
    stays = handed_to_the_team(city, house_code=f"{SECOND}000101", phone="13800138001")
    recut(city, RecutTarget(OTHER, "", (HOUSE,)), ends=False)
    carry_out()
    assert Case.objects.get(pk=moved.case_id).area.code == OTHER
    assert Case.objects.get(pk=stays.case_id).area.code == OLD
    assert lead_of(stays.case_id).unit == team(OLD)


def test_following_twice_changes_nothing(city):
    handed_to_the_team(city)
    split(city)
    carry_out()
    before = AuditEntry.objects.count()
    assert carry_out() == 0
    assert AuditEntry.objects.count() == before


def test_points_and_leads_go_on_at_the_successor(city):
    create_point(NewPoint("大堂", OLD, "翠竹苑 3 栋"), by=Actor.staff(city.staff["community_secretary"]), now=NOON)
    report_lead(NewLead(channel="sensor", kind="sensor", content="井盖倾斜", area=OLD), by=SYSTEM, now=NOON)
    split(city)
    carry_out()
    assert ReportPoint.objects.get().area.code == NEW
    assert Lead.objects.get().area.code == NEW


def test_a_community_the_list_still_names_is_not_cut(city):
    community = city.communities[0][0][0]
    recut(city, RecutTarget("440309001009", "新社区"), area=community)
    assert carry_out() == 0
    assert "1" in Recut.objects.get().problem
    community.refresh_from_db()
    assert community.is_active


def test_before_its_day_nothing_moves(city):
    order = handed_to_the_team(city)
    tomorrow = NOON.date() + timedelta(days=1)
    plan = NewRecut(area_id=city.old.pk, targets=(RecutTarget(OTHER),), effective_on=tomorrow, document="文号")
    plan_recut(plan, by=city.planner, now=NOON)
    assert carry_out() == 0
    assert Case.objects.get(pk=order.case_id).area.code == OLD
