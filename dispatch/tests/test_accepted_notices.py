"""受理告知: who is told by SMS that a request was taken on, once, and who is not."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from dispatch.models import Round, Telling
from dispatch.services import dispatch_awaiting, tell_accepted
from dispatch.tests.exchange import hand_over, make_peer
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.choices import MessageState, MessageWay
from grid.models import Message
from intake.models import Channel
from shenzhen_gov.core import parameters
from shenzhen_gov.core.kept import forget_all
from shenzhen_gov.core.models import AuditEntry, Parameter

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def city():
    made = make_world()
    call_command("load_message_templates", stdout=StringIO())
    call_command("load_parameters", stdout=StringIO())
    forget_all()
    return made


def dispatched_case(city, **given):
    case = new_case(city, **given)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    return case


def told() -> list[str]:
    return list(Message.objects.filter(template__key="citizen_accepted").values_list("about", flat=True))


def set_parameter(key, value):
    Parameter.objects.filter(key=key).update(value=value)
    parameters.forget()


def test_who_left_a_number_is_told_once_and_the_page_says_so(city):
    case = dispatched_case(city)
    assert tell_accepted(by=SYSTEM, now=SOON) == 1
    assert tell_accepted(by=SYSTEM, now=SOON) == 0
    message = Message.objects.get(template__key="citizen_accepted")
    assert (message.way, message.state, message.about) == (MessageWay.SMS, MessageState.WAITING, case.number)
    assert case.number in message.text
    telling = Telling.objects.get(work_order__case=case)
    assert (telling.kind, telling.way, telling.at) == ("accepted", "sms", SOON)
    entry = AuditEntry.objects.get(action="work_order.told", object_id=case.pk)
    assert "13800138000" not in f"{entry.changes} {entry.note} {message.title} {message.text}"


def test_a_case_that_waits_for_a_dispatcher_is_told_when_it_has_a_unit(city):
    new_case(city, item="")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    assert tell_accepted(by=SYSTEM, now=SOON) == 0


@pytest.mark.parametrize("given", [{"phone": "", "name": ""}, {"reply_way": "not_needed"}, {"reply_way": "letter"}])
def test_who_left_no_number_or_wishes_another_way_is_not_told(city, given):
    dispatched_case(city, **given)
    tell_accepted(by=SYSTEM, now=SOON)
    assert told() == []
    assert not Telling.objects.exists()


def test_parameters_ask_for_the_wish_and_switch_it_off(city):
    by_phone = dispatched_case(city, reply_way="phone")
    set_parameter("accepted_notice.only_sms_wished", True)
    tell_accepted(by=SYSTEM, now=SOON)
    assert by_phone.number not in told()
    by_sms = dispatched_case(city, reply_way="sms", phone="13800138001")
    tell_accepted(by=SYSTEM, now=SOON)
    assert told() == [by_sms.number]
    set_parameter("accepted_notice.active", False)
    dispatched_case(city, reply_way="sms", phone="13800138002")
    tell_accepted(by=SYSTEM, now=SOON)
    assert told() == [by_sms.number]


def test_channels_and_platforms_that_tell_their_own_are_left_to_it(city):
    Channel.objects.filter(code="hotline").update(callback_url="https://channel.example/told")
    dispatched_case(city)
    tell_accepted(by=SYSTEM, now=SOON)
    assert told() == []


def test_a_case_of_the_exchange_is_told_by_its_platform(city):
    make_peer(city)
    hand_over(city)
    tell_accepted(by=SYSTEM, now=SOON)
    assert told() == []


def test_what_was_dispatched_long_ago_is_no_longer_told(city):
    dispatched_case(city)
    assert tell_accepted(by=SYSTEM, now=NOON + timedelta(days=2)) == 1
    assert told() == []
    assert Round.objects.get().is_told
