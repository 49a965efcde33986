"""The place of a photo: offered on the pages that take photos, and used only after a press."""

import os

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from intake.models import Attachment, Case
from intake.services import NewPoint, create_point
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import Parameter

from .factories import city_with_channels
from .test_attachments import notes_with_place, picture, stored_files, upload
from .test_public_report import send, stamp

NOW = timezone.now()
POINT = {"longitude": "114.016667", "latitude": "22.6"}
ASK = reverse("public:photo_place")
OFFER = f'data-photo-place="{ASK}"'


@pytest.fixture
def city(db):
    yield city_with_channels()
    parameters.forget()


def ask(client, data=None):
    return client.post(ASK, {"file": upload(data or picture(exif=notes_with_place()))})


def register(client, **given):
    data = {"key": "k", "channel": "hotline", "content": "小区门口的路灯整夜不亮", "outcome": "dispatch"}
    choices = {"request_type": "help", "urgency": "normal", "reply_way": "phone"}
    return client.post(reverse("intake:register"), data | choices | given)


def place_of(case):
    return case.longitude, case.latitude


class TestTheQuestion:
    def test_needs_the_start_of_a_photo_only(self, client, city, tmp_path):
        noise = Image.frombytes("RGB", (800, 600), os.urandom(800 * 600 * 3))
        noise.save(tmp_path / "a.jpg", exif=notes_with_place(), quality=95)
        data = (tmp_path / "a.jpg").read_bytes()
        assert len(data) > 300 * 1024
        assert ask(client, data[: 256 * 1024]).json()["latitude"] == 22.6

    def test_stores_nothing(self, client, city):
        before = stored_files()
        assert ask(client).json()["latitude"] == 22.6
        assert stored_files() == before
        assert not Attachment.objects.exists()

    def test_without_log_in_is_throttled_and_uses_up_no_request(self, client, city):
        Parameter.objects.filter(key="public.reports_per_address_hour").update(value=1)
        parameters.forget()
        assert [ask(client).status_code for _ in range(2)] == [200, 429]
        assert send(client).status_code == 302

    def test_of_staff_is_not_throttled(self, client, city):
        Parameter.objects.filter(key="public.reports_per_address_hour").update(value=1)
        parameters.forget()
        client.force_login(city.staff["agent"])
        assert [ask(client).status_code for _ in range(2)] == [200, 200]


class TestTheDesk:
    @pytest.fixture(autouse=True)
    def agent(self, city, client):
        client.force_login(city.staff["agent"])

    def test_offers_the_place_and_fills_in_none(self, client):
        page = client.get(reverse("intake:register"))
        assert OFFER in page.text
        assert page.context["form"]["longitude"].value() is None

    def test_registers_the_place_that_was_taken(self, client):
        register(client, **POINT)
        assert place_of(Case.objects.get()) == (114.016667, 22.6)

    def test_takes_no_place_from_the_photo_itself(self, client):
        register(client, files=upload(picture(exif=notes_with_place())))
        case = Case.objects.get()
        assert place_of(case) == (None, None)
        assert place_of(case.attachments.get()) == (None, None)

    def test_drops_half_a_place(self, client):
        register(client, longitude="114.016667")
        assert place_of(Case.objects.get()) == (None, None)

    @pytest.mark.parametrize("wrong", ["nan", "181", "x\x00", "１"])
    def test_refuses_what_is_no_place(self, client, wrong):
        answer = register(client, longitude=wrong, latitude="22.6")
        assert answer.status_code in (302, 400)
        assert all(abs(case.longitude or 0) <= 180 for case in Case.objects.all())


class TestThePageWithoutLogIn:
    def test_offers_the_place(self, client, city):
        assert OFFER in client.get(reverse("public:report")).text

    def test_offers_none_where_the_place_is_known(self, client, city):
        by = Actor.staff(city.staff["administrator"])
        point = create_point(NewPoint("大堂", city.districts[0].code, "翠竹苑 3 栋"), by=by, now=NOW)
        assert OFFER not in client.get(reverse("public:report_at", args=[point.code])).text

    def test_registers_the_place_that_was_taken(self, client, city):
        send(client, stamp=stamp(), **POINT)
        assert place_of(Case.objects.get()) == (114.016667, 22.6)

    def test_takes_no_place_from_the_photo_itself(self, client, city):
        send(client, files=upload(picture(exif=notes_with_place())))
        case = Case.objects.get()
        assert place_of(case) == (None, None)
        assert place_of(case.attachments.get()) == (None, None)
