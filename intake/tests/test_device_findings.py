"""Findings of devices: signed, within a quota, one lead for one matter at one place however many report at once."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from intake.models import Lead
from intake.services import NewLead, report_lead
from intake.tests.api_client import ChannelClient
from intake.tests.factories import SYSTEM, city_with_channels
from intake.throttling import meter

LEADS = "/api/v1/leads"
FINDING = {"kind": "sensor", "content": "水位超限", "longitude": 114.03, "latitude": 22.61}


@pytest.fixture
def device(db):
    city_with_channels()
    meter.forget()
    return ChannelClient("sensor")


def test_a_device_has_to_sign(device):
    assert device.send(LEADS, FINDING).status_code == 401
    assert device.signed(LEADS, FINDING, secret="another").status_code == 401
    assert device.signed(LEADS, FINDING, body=b'{"kind": "drone", "content": "xx"}').status_code == 401
    assert not Lead.objects.exists()
    assert device.signed(LEADS, FINDING).status_code == 201


def test_an_old_message_is_not_taken(device):
    assert device.signed(LEADS, FINDING, at=1_500_000_000).status_code == 401


def test_the_same_message_once_more_is_the_same_lead(device):
    for expected in (201, 200):
        assert device.signed(LEADS, FINDING | {"external_id": "D-1"}).status_code == expected
    assert Lead.objects.get().times_seen == 1


def test_beyond_its_quota_a_device_is_put_off(device, db):
    device = ChannelClient("sensor", quota=2)
    meter.forget()
    answers = [device.signed(LEADS, FINDING).status_code for _n in range(4)]
    meter.forget()
    assert answers[:2] == [201, 200]
    assert answers[-1] == 429


@pytest.mark.parametrize("wrong", [{"longitude": "x"}, {"latitude": 91}, {"kind": []}, {"content": "水\x00位"}])
def test_nonsense_is_refused_naming_the_field(device, wrong):
    answer = device.signed(LEADS, FINDING | wrong)
    assert answer.status_code == 400
    assert next(iter(wrong)) in answer.content.decode()
    assert not Lead.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_the_same_moment_make_one_lead():
    city_with_channels()
    first_is_in, made = threading.Event(), []

    def tell(*, first: bool):
        try:
            with transaction.atomic():
                made.append(report_lead(NewLead(channel="sensor", **FINDING), by=SYSTEM, now=timezone.now()).created)
                if first:
                    first_is_in.set()
                    threading.Event().wait(0.5)  # its transaction is still open: the other one has to wait
        finally:
            connection.close()

    devices = [threading.Thread(target=tell, kwargs={"first": first}) for first in (True, False)]
    devices[0].start()
    assert first_is_in.wait(20)
    devices[1].start()
    for device in devices:
        device.join(20)
    assert made == [True, False]
    assert Lead.objects.get().times_seen == 2
