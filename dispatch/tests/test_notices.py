"""What dispatch tells people: in the transaction of the step, without personal data."""

from io import StringIO

import pytest
from django.core.management import call_command

from dispatch import services
from dispatch.models import GateCell, WorkOrder
from dispatch.services.gate_notices import tell_shut
from dispatch.tests.requests import load_request_reasons_of_the_file
from dutylist.models import ItemVersion
from grid import inbox
from grid.models import Message
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.actor import Actor

from .test_handling import LATER, handled
from .world import NOON, SYSTEM, make_world, new_case


@pytest.fixture
def city(db):
    call_command("load_message_templates", stdout=StringIO())
    return make_world()


def closed(city, order):
    handled(order, Actor.staff(city.staff["community_secretary"]))
    for reviewer in ("reviewer", "district_reviewer"):
        services.approve(order.pk, by=Actor.staff(city.staff[reviewer]), now=LATER)


def test_an_emergency_is_told_to_the_unit_at_once(city):
    case = new_case(city, urgency="emergency")
    services.dispatch_awaiting(by=SYSTEM, now=NOON)  # a person decides
    dispatcher = Actor.staff(city.staff["district_dispatcher"])
    station = city.stations[0][0][0]
    services.dispatch_by_hand(case.pk, unit_id=station.pk, by=dispatcher, now=NOON)
    told = inbox.get_inbox(city.staff["community_secretary"])
    assert [message.template.key for message in told] == ["emergency_assigned"]
    assert case.number in told[0].text
    assert told[0].link == f"/dispatch/cases/{case.number}/"


def test_an_ordinary_case_is_seen_in_the_queue_and_told_to_nobody(city):
    new_case(city)
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    assert not Message.objects.exists()


def test_whoever_asked_is_told_of_the_closing_by_sms(city):
    new_case(city, phone="13812342207", name="陈某")
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    closed(city, WorkOrder.objects.get())
    assert Case.objects.get().state == "closed"
    message = Message.objects.get(template__key="citizen_closed")
    assert (message.way, message.address, message.state) == ("sms", "13812342207", "waiting")
    assert "陈" not in message.text
    assert "2207" not in message.text
    assert Case.objects.get().number in message.text


def test_a_case_without_a_caller_tells_nobody(city):
    new_case(city, phone="", name="")
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    closed(city, WorkOrder.objects.get())
    assert not Message.objects.filter(template__key="citizen_closed").exists()


def told(user):
    return [message.template.key for message in inbox.get_inbox(user)]


def test_who_supervises_and_who_instructs_hears_what_the_unit_says(city):
    case = new_case(city)
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    by = {name: Actor.staff(person) for name, person in city.staff.items()}
    services.supervise(case.pk, text="请尽快", by=by["supervisor"], now=LATER)
    services.instruct(case.pk, text="请报结果", asks_reply=True, by=by["leader"], now=LATER)
    services.confirm_supervision(case.pk, text="已安排", by=by["community_secretary"], now=LATER)
    services.answer_instruction(case.pk, text="明日办结", by=by["community_secretary"], now=LATER)
    assert told(city.staff["supervisor"]) == ["supervision_confirmed"]
    assert told(city.staff["leader"]) == ["instruction_answered"]


def test_a_dispatcher_hears_that_the_case_before_them_was_taken_over(city):
    manager = grant(make_staff("manager", city.centre), "dispatch_manager", city.centre)
    case = new_case(city, item="")
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    services.claim_case(case.pk, by=Actor.staff(city.staff["city_dispatcher"]), now=NOON)
    services.claim_case(case.pk, by=Actor.staff(manager), now=NOON, take_over=True)
    assert told(city.staff["city_dispatcher"]) == ["claim_taken_over"]


def test_every_dispatch_desk_hears_of_the_switch(city):
    manager = Actor.staff(grant(make_staff("manager", city.centre), "dispatch_manager", city.centre))
    services.switch_gate(False, reason="名单有误", by=manager, now=NOON)
    services.switch_gate(True, reason="已更正", by=manager, now=LATER)
    for name in ("city_dispatcher", "district_dispatcher"):
        assert sorted(told(city.staff[name])) == ["gate_off", "gate_on"]
    assert told(city.staff["community_secretary"]) == []


def test_whoever_publishes_rules_hears_which_items_go_to_a_person_again(city):
    manager = grant(make_staff("manager", city.centre), "dispatch_manager", city.centre)
    cells = [GateCell(item_id=ItemVersion.objects.get(pk=pk).item_id) for pk in city.items.values()]
    tell_shut([*cells, cells[0]], now=NOON)
    (message,) = inbox.get_inbox(manager)
    assert "2" in message.text
    assert "T01、T02" in message.text
    tell_shut([], now=NOON)
    assert Message.objects.count() == 1


def test_a_unit_hears_that_its_request_is_overtaken(city):
    load_request_reasons_of_the_file()
    new_case(city)
    services.dispatch_awaiting(by=SYSTEM, now=NOON)
    secretary = Actor.staff(city.staff["community_secretary"])
    order = WorkOrder.objects.get()
    services.ask(order.pk, kind="extend", reason="需等材料到货", value={"days": 2}, by=secretary, now=NOON)
    handled(order, secretary)
    assert "request_overtaken" in told(city.staff["community_secretary"])
