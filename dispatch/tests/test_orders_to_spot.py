"""Orders to the spot: who may call whom, the arrival clock counted by hand, who came, the result, absence."""

from datetime import datetime, timedelta

import pytest

from dispatch.models import Attendance, Clock, CoTask, SpotOrder, StageFact, WorkOrder
from dispatch.selectors import list_absent
from dispatch.services import (
    close_spot,
    dispatch_awaiting,
    dispatch_by_hand,
    note_arrival,
    order_to_spot,
    record_contact,
    refuse_part,
    report,
    sign,
    take_part_back,
)
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.worktime import SHANGHAI

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


@pytest.fixture
def crew(city):
    unit = city.enforcement[0][0]
    return Actor.staff(grant(make_staff("crew", unit), "handler", unit))


@pytest.fixture
def lead(city):
    new_case(city)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    return WorkOrder.objects.get()


def call(city, lead, secretary, *, now=NOON, units=None, **given):
    data = {"task": "现场处置占道经营", "place": "北站西广场"} | given
    ids = [unit.pk for unit in units or [city.enforcement[0][0]]]
    order_to_spot(lead.pk, unit_ids=ids, by=secretary, now=now, **data)
    return WorkOrder.objects.filter(role="order").order_by("-pk").first()


def arrival_due(order) -> str:
    due = Clock.objects.get(work_order=order, kind="arrival").due_at
    return due.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def test_the_arrival_limit_is_two_working_hours(city, lead, secretary):
    """Called on Wednesday at 11:00: one hour until the lunch break at 12:00, one from 14:00: 15:00."""
    assert arrival_due(call(city, lead, secretary, now=LATER)) == "11-18 15:00"


def test_the_arrival_limit_ends_with_the_day_of_the_call(city, lead, secretary):
    """Called on Friday at 17:30, two working hours would be Monday 10:30: the day ends first, at 23:59:59."""
    friday = datetime(2026, 11, 20, 17, 30, tzinfo=SHANGHAI)
    assert arrival_due(call(city, lead, secretary, now=friday)) == "11-20 23:59"


def test_late_in_the_evening_two_hours_are_left_to_come(city, lead, secretary):
    """Called at 23:30 the day would end in half an hour: two hours are always given, 01:30."""
    night = datetime(2026, 11, 18, 23, 30, tzinfo=SHANGHAI)
    assert arrival_due(call(city, lead, secretary, now=night)) == "11-19 01:30"


def test_in_an_emergency_they_come_within_half_an_hour(city, secretary):
    """Called on Wednesday at 11:00 in an emergency: 11:30, by the clock on the wall."""
    case = new_case(city, urgency="emergency")
    by = Actor.staff(city.staff["city_dispatcher"])
    lead = dispatch_by_hand(case.pk, unit_id=city.stations[0][0][0].pk, by=by, now=NOON, note="突发")
    assert arrival_due(call(city, lead, secretary, now=LATER)) == "11-18 11:30"


def test_a_call_is_a_sheet_with_a_work_order_for_each_department(city, lead, secretary):
    units = [city.enforcement[0][0], city.bureaus[0]["water"], city.company]
    call(city, lead, secretary, units=units)
    sheet = SpotOrder.objects.get()
    assert (sheet.caller, sheet.place, sheet.ordered_by) == (lead.unit, "北站西广场", secretary.name)
    orders = WorkOrder.objects.filter(role="order")
    assert {order.unit for order in orders} == set(units)
    assert {order.next_clock for order in orders} == {"arrival"}
    assert StageFact.objects.filter(case=lead.case, role="order", ended_at=None).count() == 3
    assert StageFact.objects.filter(case=lead.case, role="lead", ended_at=None).count() == 1


def test_the_community_of_the_place_calls_whoever_has_the_case(city, secretary):
    new_case(city, item="T02")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    lead = WorkOrder.objects.get()
    assert lead.unit == city.bureaus[0]["urban_management"]
    order = call(city, lead, secretary)
    assert order.co_task.caller == city.stations[0][0][0]


def test_nobody_else_calls_departments(city, lead, crew):
    with pytest.raises(NotAllowed):
        call(city, lead, Actor.staff(city.staff["grid_officer"]))
    for by in (crew, Actor.staff(city.staff["other_secretary"])):
        with pytest.raises(OutOfSight):
            call(city, lead, by)


def test_only_open_departments_around_the_place_can_be_called(city, lead, secretary):
    for units in ([city.bureaus[1]["water"]], [city.stations[0][0][1]], [city.centres[0]]):
        with pytest.raises(BadInput) as refused:
            call(city, lead, secretary, units=units)
        assert refused.value.field == "unit_ids"
    call(city, lead, secretary)
    with pytest.raises(BadInput) as refused:
        call(city, lead, secretary)  # it is called already
    assert refused.value.field == "unit_ids"


@pytest.mark.parametrize(
    ("given", "field"), [({"task": " "}, "task"), ({"place": ""}, "place"), ({"place": "长" * 201}, "place")]
)
def test_task_and_place_are_needed(city, lead, secretary, given, field):
    with pytest.raises(BadInput) as refused:
        call(city, lead, secretary, **given)
    assert refused.value.field == field
    assert not SpotOrder.objects.exists()


def test_who_came_and_when_is_written_down_by_name(city, lead, secretary, crew):
    order = call(city, lead, secretary)
    sign(order.pk, by=crew, now=NOON + timedelta(minutes=5))
    note_arrival(order.pk, names="杨帆、李强", by=crew, now=NOON + timedelta(minutes=40))
    order.refresh_from_db()
    rows = Attendance.objects.values_list("name", "arrived_at", "is_late", "noted_by")
    at = NOON + timedelta(minutes=40)
    assert list(rows) == [("杨帆", at, False, crew.name), ("李强", at, False, crew.name)]
    clock = Clock.objects.get(work_order=order, kind="arrival")
    assert (clock.outcome, clock.stopped_at, order.next_clock) == ("met", at, "handling")
    assert CoTask.objects.get().arrived_at == at


def test_the_department_cannot_write_itself_an_earlier_time_but_the_caller_can(city, lead, secretary, crew):
    order = call(city, lead, secretary)
    now = NOON + timedelta(hours=8)
    came = NOON + timedelta(minutes=30)
    with pytest.raises(BadInput) as refused:
        note_arrival(order.pk, names="杨帆", arrived_at=came, by=crew, now=now)
    assert refused.value.field == "arrived_at"
    note_arrival(order.pk, names="杨帆", arrived_at=came, by=secretary, now=now)
    assert Attendance.objects.get().is_late is False
    assert Clock.objects.get(work_order=order, kind="arrival").outcome == "met"


def test_a_late_arrival_shows_as_late(city, lead, secretary, crew):
    order = call(city, lead, secretary)
    note_arrival(order.pk, names="杨帆", by=crew, now=NOON + timedelta(hours=8))
    assert Attendance.objects.get().is_late is True
    assert Clock.objects.get(work_order=order, kind="arrival").outcome == "late"


@pytest.mark.parametrize("names", ["", " 、, ", "长" * 41, "、".join(f"人{n}" for n in range(21))])
def test_names_are_needed_and_short(city, lead, secretary, crew, names):
    order = call(city, lead, secretary)
    with pytest.raises(BadInput) as refused:
        note_arrival(order.pk, names=names, by=crew, now=LATER)
    assert refused.value.field == "names"


def test_an_arrival_lies_between_the_call_and_now(city, lead, secretary):
    order = call(city, lead, secretary, now=LATER)
    for at in (NOON, LATER + timedelta(hours=2)):
        with pytest.raises(BadInput) as refused:
            note_arrival(order.pk, names="杨帆", arrived_at=at, by=secretary, now=LATER + timedelta(hours=1))
        assert refused.value.field == "arrived_at"


def test_there_is_no_result_before_anybody_came(city, lead, secretary, crew):
    order = call(city, lead, secretary)
    sign(order.pk, by=crew, now=LATER)
    with pytest.raises(IllegalMove):
        report(order.pk, text="处理好了", by=crew, now=LATER)
    with pytest.raises(IllegalMove):
        close_spot(order.pk, result="好了", by=secretary, now=LATER)


def test_the_department_reports_and_the_caller_closes(city, lead, secretary, crew):
    order = call(city, lead, secretary)
    note_arrival(order.pk, names="杨帆", by=crew, now=LATER)
    report(order.pk, text="摊贩已劝离。", by=crew, now=LATER)
    order.refresh_from_db()
    assert (order.state, order.review_unit) == ("under_review", lead.unit)
    refuse_part(order.pk, reason="perfunctory", opinion="还有两个", by=secretary, now=LATER)
    report(order.pk, text="全部劝离。", by=crew, now=LATER)
    with pytest.raises(NotAllowed):
        close_spot(order.pk, by=crew, now=LATER)
    close_spot(order.pk, by=secretary, now=LATER)
    order.refresh_from_db()
    assert (order.state, order.ended_at, CoTask.objects.get().ended_at) == ("done", LATER, LATER)
    assert not Clock.objects.filter(work_order=order, outcome="running").exists()


def test_the_caller_may_write_the_result_itself(city, lead, secretary, crew):
    order = call(city, lead, secretary)
    note_arrival(order.pk, names="杨帆", by=secretary, now=LATER)
    with pytest.raises(BadInput) as refused:
        close_spot(order.pk, result=" ", by=secretary, now=LATER)
    assert refused.value.field == "result"
    close_spot(order.pk, result="当场清理完毕。", by=secretary, now=LATER)
    order.refresh_from_db()
    assert (order.state, order.reports.get().text) == ("done", "当场清理完毕。")


def test_a_department_that_never_came_is_absent_for_supervision(city, lead, secretary):
    order = call(city, lead, secretary)
    assert not list_absent(NOON + timedelta(minutes=30)).exists()
    evening = NOON + timedelta(hours=8)
    assert list_absent(evening).get().unit == order.unit
    take_part_back(order.pk, reason="无人到场", by=secretary, now=evening)
    assert CoTask.objects.get().is_absent is True
    assert list_absent(evening + timedelta(days=9)).get().unit == order.unit


def test_one_taken_back_in_time_was_not_absent(city, lead, secretary):
    order = call(city, lead, secretary)
    take_part_back(order.pk, reason="已自行解决", by=secretary, now=NOON + timedelta(minutes=10))
    assert CoTask.objects.get().is_absent is False


def test_the_lead_waits_for_the_departments_on_the_spot(city, lead, secretary):
    sign(lead.pk, by=secretary, now=NOON)
    record_contact(lead.pk, way="phone", result="reached", by=secretary, now=NOON)
    order = call(city, lead, secretary)
    with pytest.raises(IllegalMove, match="1"):
        report(lead.pk, text="好了", told_way="phone", by=secretary, now=LATER)
    note_arrival(order.pk, names="杨帆", by=secretary, now=LATER)
    close_spot(order.pk, result="清理完毕", by=secretary, now=LATER)
    report(lead.pk, text="好了", told_way="phone", by=secretary, now=LATER)
