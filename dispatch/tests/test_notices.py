"""What dispatch tells people: in the transaction of the step, without personal data."""

from io import StringIO

import pytest
from django.core.management import call_command

from dispatch import services
from dispatch.models import WorkOrder
from grid import inbox
from grid.models import Message
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
