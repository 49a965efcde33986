"""The two ways into the duty-list API: the session of a member of staff, and the key of a channel."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from dutylist.tests.world import NOON, SYSTEM, make_list
from intake.models import Channel
from intake.services import create_channel_token

pytestmark = pytest.mark.django_db
ADDRESSES = [
    reverse("dutylist_api:items"),
    reverse("dutylist_api:item", args=["T01"]),
    reverse("dutylist_api:versions", args=["T01"]),
    reverse("dutylist_api:changes"),
]


@pytest.fixture
def city():
    return make_list()


@pytest.fixture
def key(city):
    channel = Channel.objects.create(code="app", name="移动端", name_en="App", origin="AP")
    return create_channel_token(channel.pk, note="test", by=SYSTEM, now=NOON)[1]


def with_key(key):
    return Client(headers={"Authorization": f"Token {key}"})


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_is_asked_for_a_key(city, address):
    response = Client().get(address)
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Token"
    assert with_key("wrong").get(address).status_code == 401


@pytest.mark.parametrize("address", ADDRESSES)
def test_both_ways_lead_in_and_nothing_can_be_written(city, key, address):
    staff = Client()
    staff.force_login(city.staff["agent"])
    for client in (staff, with_key(key)):
        assert client.get(address).status_code == 200
        assert client.post(address, {}, content_type="application/json").status_code in {403, 405}


def test_a_key_calls_as_often_as_the_parameter_says(city, key, monkeypatch):
    monkeypatch.setattr("intake.throttling.get_parameter", lambda *_given: 0)
    response = with_key(key).get(ADDRESSES[0])
    assert (response.status_code, response.json()["code"]) == (429, "throttled")
    assert int(response["Retry-After"]) <= 60


def test_the_schema_describes_every_address(city):
    text = StringIO()
    call_command("spectacular", "--validate", stdout=text)
    assert "/api/v1/duty-changes" in text.getvalue()
