"""Requests that come in without log-in."""

import json
import random
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from intake.forms.public import SALT, new_stamp
from intake.models import Case, Citizen, Tally
from intake.public_files import read_screening_words
from intake.services import (
    NewPoint,
    ScreeningRow,
    ThemeRow,
    create_point,
    forget_tallies,
    load_screening_words,
    load_themes,
    save_screening_word,
    set_point_active,
)
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.kept import forget_all
from shenzhen_gov.core.models import AuditEntry, Parameter

from .factories import SYSTEM, city_with_channels

NOW = timezone.now()
TEXT = "小区门口的路灯整夜不亮"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def city(db):
    found = city_with_channels()
    load_screening_words(read_screening_words(), by=SYSTEM, now=NOW)
    forget_all()
    return found


def stamp(seconds=30):
    """A form that was shown some seconds ago."""
    key, shown = signing.loads(new_stamp(), salt=SALT)
    return signing.dumps([key, shown - seconds], salt=SALT)


def send(client, to=None, **given):
    follow = given.pop("follow", False)
    data = {"stamp": stamp(), "content": TEXT, "phone": "13912345678"} | given
    return client.post(to or reverse("public:report"), data, follow=follow)


def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


def limit(key, value):
    Parameter.objects.filter(key=key).update(value=value)
    forget_all()


def only_case():
    return Case.objects.get()


class TestReporting:
    def test_is_one_screen_that_works_without_a_script(self, city, client):
        page = client.get(reverse("public:report"))
        body = page.content.decode()
        assert page.status_code == 200
        assert "<script>" not in body
        assert all(name in body for name in ('name="content"', 'name="files"', 'name="address"', 'name="phone"'))

    def test_makes_a_case_of_the_website_and_shows_its_number(self, city, client):
        answer = send(client, address="民治街道", name="陈立")
        case = only_case()
        assert answer.url == reverse("public:sent", args=[case.number])
        assert (case.channel.code, case.content, case.request_type) == ("website", TEXT, "help")
        assert (case.state, case.registered_by) == ("awaiting_dispatch", "channel:website")
        page = client.get(answer.url).content.decode()
        assert case.number in page
        assert "/track/link/" in page

    def test_keeps_the_phone_number_encrypted_and_shows_it_nowhere(self, city, client):
        page = send(client, follow=True).content.decode()
        assert Citizen.objects.get().phone == "13912345678"
        assert "13912345678" not in page

    def test_needs_no_phone_number(self, city, client):
        send(client, phone="")
        case = only_case()
        assert (case.citizen, case.reply_way) == (None, "not_needed")

    def test_takes_pictures_with_it(self, city, client):
        send(client, files=[SimpleUploadedFile("a.png", PNG, "image/png")])
        assert only_case().attachments.get().content_type == "image/png"

    def test_takes_the_position_only_as_a_whole(self, city, client):
        send(client, longitude="114.05", latitude="22.54")
        assert (only_case().longitude, only_case().latitude) == (114.05, 22.54)
        send(client, longitude="114.05", latitude="")
        assert Case.objects.latest("pk").longitude is None

    def test_twice_with_the_same_form_is_one_case(self, city, client):
        form = stamp()
        first, again = send(client, stamp=form), send(client, stamp=form)
        assert first.url == again.url
        assert Case.objects.count() == 1

    def test_of_something_else_with_a_used_form_is_asked_about_once(self, city, client):
        form = stamp()
        send(client, stamp=form)
        answer = send(client, stamp=form, content="还有井盖松动")
        assert answer.status_code == 409
        assert "还有井盖松动" in answer.content.decode()
        assert form not in answer.content.decode()

    def test_that_is_wrong_keeps_what_was_typed(self, city, client):
        answer = send(client, phone="12", address="民治大道")
        page = answer.content.decode()
        assert answer.status_code == 400
        assert all(words in page for words in (TEXT, "民治大道", 'value="12"', "error"))
        assert not Case.objects.exists()

    def test_by_the_script_gets_the_errors_by_field(self, city, client):
        data = {"stamp": stamp(), "content": "", "phone": "12"}
        answer = client.post(reverse("public:report"), data, headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert {"content", "phone"} <= answer.json()["errors"].keys()
        data |= {"content": TEXT, "phone": ""}
        answer = client.post(reverse("public:report"), data, headers={"Accept": "application/json"})
        assert answer.json()["address"] == reverse("public:sent", args=[only_case().number])

    def test_shows_the_number_to_this_browser_only(self, city, client):
        answer = send(client)
        assert type(client)().get(answer.url).url == reverse("public:track")

    def test_says_so_when_the_door_is_shut(self, city, client):
        Case._meta.get_field("channel").related_model.objects.filter(code="website").update(is_active=False)
        answer = send(client)
        assert answer.status_code == 409
        assert TEXT in answer.content.decode()


class TestScreening:
    def test_puts_a_request_with_a_screening_word_before_a_person(self, city, client):
        send(client, content="再不解决我就跳 楼了")
        case = only_case()
        assert case.is_sensitive
        entry = AuditEntry.objects.get(object_id=case.pk, action="case.screened")
        assert entry.changes["words"] == ["跳楼"]

    def test_leaves_other_requests_to_the_machine(self, city, client):
        send(client)
        assert not only_case().is_sensitive

    def test_never_loses_what_a_program_may_have_sent(self, city, client):
        send(client, homepage="http://spam.example")
        assert only_case().is_sensitive

    def test_asks_who_is_very_quick_to_press_again(self, city, client):
        answer = send(client, stamp=stamp(seconds=0))
        assert answer.status_code == 409
        assert TEXT in answer.content.decode()
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        "forged", ["", "x", "a:b:c", signing.dumps("x", salt="other")], ids=["none", "short", "shape", "salt"]
    )
    def test_gives_a_fresh_form_for_one_that_is_not_ours(self, city, client, forged):
        answer = send(client, stamp=forged)
        assert answer.status_code == 400
        assert TEXT in answer.content.decode()

    def test_follows_the_words_that_an_administrator_changes(self, city, client, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            save_screening_word(ScreeningRow("路灯", "试验", "P"), by=SYSTEM, now=NOW)
        send(client)
        assert only_case().is_sensitive


class TestBudgets:
    def test_refuse_kindly_and_keep_the_text(self, city, client):
        limit("public.reports_per_address_hour", 1)
        send(client)
        answer = send(client, content="第二件事：井盖松动")
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "第二件事：井盖松动" in answer.content.decode()
        assert Case.objects.count() == 1

    def test_hold_for_a_phone_number_whatever_the_address(self, city, client):
        limit("public.reports_per_phone_hour", 1)
        send(client)
        answer = client.post(
            reverse("public:report"),
            {"stamp": stamp(), "content": TEXT, "phone": "139 1234 5678"},
            REMOTE_ADDR="203.0.113.9",
        )
        assert answer.status_code == 429

    def test_hold_for_everybody_together(self, city, client):
        limit("public.reports_per_minute", 1)
        assert send(client).status_code == 302
        assert send(client).status_code == 429

    def test_keep_no_address_and_no_number(self, city, client):
        send(client)
        kept = json.dumps(list(Tally.objects.values_list("digest", flat=True)))
        assert "127.0.0.1" not in kept
        assert "13912345678" not in kept

    def test_are_forgotten_when_their_time_is_over(self, city, client):
        send(client)
        assert forget_tallies(now=NOW) == 0
        assert forget_tallies(now=NOW + timedelta(days=2)) == 3

    def test_believe_a_forwarded_address_only_from_a_proxy_of_ours(self, city, client, settings):
        limit("public.reports_per_address_hour", 1)
        assert send(client).status_code == 302
        data = {"stamp": stamp(), "content": TEXT}
        forged = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}
        assert client.post(reverse("public:report"), data, **forged).status_code == 429
        settings.PROXY_COUNT = 1
        assert client.post(reverse("public:report"), data, **forged).status_code == 302


class TestAQRPoint:
    @pytest.fixture
    def point(self, city):
        area = city.communities[0][0][0]
        return create_point(NewPoint("3 栋大堂", area.code, "翠竹苑 3 栋"), by=secretary(city), now=NOW)

    def test_fills_the_place_in(self, city, client, point):
        address = reverse("public:report_at", args=[point.code])
        assert "翠竹苑 3 栋" in client.get(address).content.decode()
        send(client, address, address="2 楼")
        case = Case.objects.get()
        assert (case.channel.code, case.area, case.address) == ("scan", point.area, "翠竹苑 3 栋 2 楼")

    def test_out_of_use_leads_to_the_page_without_a_place(self, city, client, point):
        set_point_active(point.pk, False, by=secretary(city), now=NOW)
        assert client.get(reverse("public:report_at", args=[point.code])).url == reverse("public:report")


class TestTheEnterpriseZone:
    @pytest.fixture
    def theme(self, city):
        row = ThemeRow("hiring", "招工", "Hiring", "招聘", "Recruiting", (city.item.item_id,), 1, "sample")
        load_themes([row], by=SYSTEM, now=NOW)

    def test_leads_from_a_theme_over_an_item_to_a_request(self, city, client, theme):
        assert "Hiring" in client.get(reverse("public:enterprise"), headers=ENGLISH).content.decode()
        assert city.item.name in client.get(reverse("public:theme", args=["hiring"])).content.decode()
        send(client, reverse("public:enterprise_item", args=["hiring", city.item.item.code]))
        case = only_case()
        assert (case.channel.code, case.item) == ("enterprise", city.item.item)

    def test_takes_a_request_about_something_else(self, city, client, theme):
        send(client, reverse("public:enterprise_report", args=["hiring"]))
        assert (only_case().channel.code, only_case().item) == ("enterprise", None)

    def test_offers_only_items_of_the_theme(self, city, client, theme):
        answer = client.get(reverse("public:enterprise_item", args=["hiring", "X999"]))
        assert answer.url == reverse("public:theme", args=["hiring"])
        assert client.get(reverse("public:theme", args=["nothing"])).status_code == 404


ENGLISH = {"Cookie": "django_language=en"}
HOSTILE = [
    "\x00",
    "a\x00b",
    "<script>alert(1)</script>路灯",
    '=HYPERLINK("http://x")路灯',
    "‮路灯不亮",
    "路" * 5_001,
    "'; DROP TABLE intake_case; --",
    "{{ 7*7 }}{% load x %}",
    "💥" * 500,
    "\r\n\r\nSet-Cookie: a=b",
    "%00%ff../../etc/passwd",
]


class TestHostileInput:
    @pytest.mark.parametrize("name", ["content", "address", "phone", "name", "stamp", "longitude", "homepage"])
    def test_is_never_an_error_of_ours_and_never_a_script(self, city, client, name):
        client.raise_request_exception = False
        for value in HOSTILE:
            answer = send(client, **{name: value})
            assert answer.status_code in (302, 400, 409, 429), (name, value)
            assert "<script>alert" not in answer.content.decode()

    def test_of_random_bytes_is_refused_whole(self, city, client):
        client.raise_request_exception = False
        dice = random.Random(4)  # noqa: S311 - the same bytes every time
        for _n in range(60):
            body = dice.randbytes(dice.randrange(1, 3000))
            kind = dice.choice(["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
            address = dice.choice(["public:report", "public:track"])
            answer = client.post(reverse(address), body, content_type=kind)
            assert answer.status_code < 500
        assert not Case.objects.exists()
