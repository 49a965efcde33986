"""Facts of stages: who had a case, for what, how long; they follow each other without a gap and add up to the case."""

from datetime import timedelta

import pytest

from dispatch import services
from dispatch.models import StageFact, WorkOrder
from dispatch.services.recalling import recall
from intake import services as intake
from intake.models import Case
from shenzhen_gov.core.actor import Actor

from .world import NOON, SYSTEM, make_world, new_case

MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(db):
    return make_world()


def by(city, role):
    return Actor.staff(city.staff[role])


def lead_facts(case):
    return list(StageFact.objects.filter(case=case.pk, role="lead").select_related("unit").order_by("id"))


def told(case):
    """Return (unit, stage, minutes, how it ended) of every fact of the lead chain."""
    return [
        (fact.unit, fact.stage, (fact.ended_at - fact.started_at) // MINUTE if fact.ended_at else None, fact.how)
        for fact in lead_facts(case)
    ]


def assert_adds_up(case):
    """The facts of the lead chain leave no gap from the registration to the end, or to now."""
    case.refresh_from_db()
    facts = lead_facts(case)
    assert facts[0].started_at == case.registered_at
    for before, after in zip(facts, facts[1:], strict=False):
        assert before.ended_at == after.started_at
    assert facts[-1].ended_at == case.closed_at


def test_of_a_case_that_was_closed_add_up_to_the_time_it_took(city):
    case = new_case(city)
    services.dispatch_awaiting(by=SYSTEM, now=NOON + 3 * MINUTE)
    order = WorkOrder.objects.get()
    secretary = by(city, "community_secretary")
    services.sign(order.pk, by=secretary, now=NOON + 10 * MINUTE)
    services.record_contact(order.pk, way="phone", result="reached", by=secretary, now=NOON + 20 * MINUTE)
    services.report(order.pk, text="纸箱已清走。", told_way="phone", by=secretary, now=NOON + 60 * MINUTE)
    services.approve(order.pk, by=by(city, "reviewer"), now=NOON + 90 * MINUTE)
    services.approve(order.pk, by=by(city, "district_reviewer"), now=NOON + 100 * MINUTE)
    station, office, centre = city.stations[0][0][0], city.offices[0][0], city.centres[0]
    assert told(case) == [
        (centre, "dispatch", 3, "passed"),
        (station, "sign", 7, "passed"),
        (station, "handling", 50, "passed"),
        (office, "review", 30, "passed"),
        (centre, "review", 10, "passed"),
    ]
    assert_adds_up(case)
    assert sum(row[2] for row in told(case)) == 100


def test_of_a_unit_that_lost_the_case_stay_visible(city):
    case = new_case(city)
    services.dispatch_awaiting(by=SYSTEM, now=NOON + 2 * MINUTE)
    order = WorkOrder.objects.get()
    services.sign(order.pk, by=by(city, "community_secretary"), now=NOON + 12 * MINUTE)
    order.refresh_from_db()
    recall([Case.objects.get()], [order], by=SYSTEM, now=NOON + 42 * MINUTE, notes={})
    intake.set_awaits_person([Case.objects.get()], True, action="case.needs_person", by=SYSTEM, now=NOON + 42 * MINUTE)
    bureau = city.bureaus[0]["urban_management"]
    dispatcher = by(city, "district_dispatcher")
    services.dispatch_by_hand(case.pk, unit_id=bureau.pk, note="占道", by=dispatcher, now=NOON + 50 * MINUTE)
    station, centre = city.stations[0][0][0], city.centres[0]
    assert told(case) == [
        (centre, "dispatch", 2, "passed"),
        (station, "sign", 10, "passed"),
        (station, "handling", 30, "taken_back"),
        (centre, "dispatch", 8, "passed"),
        (bureau, "sign", None, ""),
    ]
    assert_adds_up(case)


def test_of_a_case_handed_down_are_of_the_unit_that_works(city):
    case = new_case(city, item="T01", area=city.streets[0][0].code)
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    office, station = city.offices[0][0], city.stations[0][0][1]
    dispatcher = by(city, "district_dispatcher")
    services.dispatch_by_hand(case.pk, unit_id=office.pk, note="街道先办", by=dispatcher, now=NOON + 6 * MINUTE)
    order = WorkOrder.objects.get()
    services.sign(order.pk, by=dispatcher, now=NOON + 7 * MINUTE)
    services.hand_down(order.pk, unit_id=station.pk, by=dispatcher, now=NOON + 9 * MINUTE)
    assert told(case)[1:] == [
        (office, "sign", 1, "passed"),
        (office, "handling", 2, "passed"),
        (station, "sign", None, ""),
    ]
    assert_adds_up(case)


def test_of_a_report_that_was_sent_back_say_so(city):
    case = new_case(city)
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    order = WorkOrder.objects.get()
    secretary = by(city, "community_secretary")
    services.sign(order.pk, by=secretary, now=NOON + MINUTE)
    services.record_contact(order.pk, way="phone", result="reached", by=secretary, now=NOON + 2 * MINUTE)
    services.report(order.pk, text="纸箱已清走。", told_way="phone", by=secretary, now=NOON + 3 * MINUTE)
    services.send_back(
        order.pk, reason="perfunctory", opinion="请补照片", by=by(city, "reviewer"), now=NOON + 5 * MINUTE
    )
    assert told(case)[-2:] == [
        (city.offices[0][0], "review", 2, "sent_back"),
        (city.stations[0][0][0], "handling", None, ""),
    ]


def test_of_a_case_withdrawn_before_dispatch_are_one(city):
    case = new_case(city)
    intake.withdraw_case(case.pk, reason="已解决", via="agent", by=by(city, "agent"), now=NOON + 4 * MINUTE)
    assert told(case) == [(city.centres[0], "dispatch", 4, "ended")]
    assert_adds_up(case)


def test_bear_a_clock_that_goes_after_the_others(city):
    new_case(city)
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    order = WorkOrder.objects.get()
    services.sign(order.pk, by=by(city, "community_secretary"), now=NOON - timedelta(seconds=2))
    assert [fact.ended_at >= fact.started_at for fact in lead_facts(order.case) if fact.ended_at] == [True, True]
