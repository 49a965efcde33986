import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from intake.models import Case, Channel
from intake.services import add_attachment
from shenzhen_gov.core.models import AuditEntry

from .factories import SYSTEM, city_with_channels, make_case
from .test_attachments import picture, upload

REGISTER, ASSIST = reverse("intake:register"), reverse("intake:assist")
CALLER, AREAS = reverse("intake:caller"), reverse("intake:areas")
JSON = {"Accept": "application/json"}


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def as_(city, client):
    """Return a client signed in as the holder of a role, reading English."""

    def sign_in(role):
        client.force_login(city.staff[role])
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def filled(**given):
    """Return what the page sends."""
    values = {
        "key": uuid.uuid4().hex,
        "channel": "hotline",
        "content": "龙华区民治街道路灯整夜不亮",
        "request_type": "help",
        "urgency": "normal",
        "reply_way": "phone",
    }
    return values | given


class TestThePage:
    def test_offers_the_form_with_a_new_key_each_time(self, as_):
        pages = [as_("agent").get(REGISTER).content.decode() for _ in range(2)]
        keys = [re.search(r'name="key" value="(\w{32})"', page).group(1) for page in pages]
        assert keys[0] != keys[1]

    def test_puts_the_cursor_into_the_text(self, as_):
        assert re.search(r"<textarea[^>]*autofocus", as_("agent").get(REGISTER).content.decode())

    def test_registers_and_leads_to_the_number(self, as_, city):
        response = as_("agent").post(REGISTER, filled(item=city.item.item.code, phone="13912345678", name="陈立"))
        case = Case.objects.get()
        assert response.status_code == 302
        assert response.url == reverse("intake:registered", args=[case.number])
        assert case.item == city.item.item

    def test_sent_twice_registers_once(self, as_):
        data = filled()
        first, again = as_("agent").post(REGISTER, data), as_("agent").post(REGISTER, data)
        assert first.url == again.url
        assert Case.objects.count() == 1

    def test_sent_again_with_changes_is_refused_and_keeps_them(self, as_):
        data = filled()
        as_("agent").post(REGISTER, data)
        response = as_("agent").post(REGISTER, data | {"content": "改过的内容"})
        assert response.status_code == 409
        assert Case.objects.get().number in response.content.decode()
        assert "改过的内容" in response.content.decode()

    def test_keeps_everything_typed_when_something_is_wrong(self, as_):
        data = filled(phone="12", name="陈立", address="青松路口", wish="尽快修", house_code="123", urgency="urgent")
        response = as_("agent").post(REGISTER, data)
        page = response.content.decode()
        assert response.status_code == 400
        for text in ("陈立", "青松路口", "尽快修", "龙华区民治街道路灯整夜不亮"):
            assert text in page
        assert re.search(r'value="urgent" checked', page)
        assert data["key"] in page
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"content": ""}, "content"),
            ({"content": "长" * 200_000}, "content"),
            ({"phone": "12"}, "phone"),
            ({"house_code": "4" * 24}, "house_code"),
            ({"item": "gone"}, "item"),
            ({"area": "gone"}, "area"),
            ({"request_type": "x"}, "request_type"),
            ({"channel": "x"}, "channel"),
            ({"channel": ""}, "channel"),
            ({"channel": "hot\x00line"}, "channel"),
            ({"channel": "x" * 41}, "channel"),
            ({"key": ""}, "key"),
        ],
    )
    def test_tells_its_script_which_field_is_wrong(self, as_, given, field):
        response = as_("agent").post(REGISTER, filled(**given), headers=JSON)
        assert response.status_code == 400
        assert list(response.json()["errors"]) == [field]

    def test_refuses_a_channel_that_was_put_out_of_use_since(self, as_):
        Channel.objects.filter(code="hotline").update(is_active=False)
        response = as_("agent").post(REGISTER, filled(), headers={"accept": "application/json"})
        assert (response.status_code, list(response.json()["errors"])) == (400, ["channel"])

    def test_tells_every_wrong_field_at_once(self, as_):
        response = as_("agent").post(REGISTER, filled(content="", phone="12", house_code="4" * 24), headers=JSON)
        assert sorted(response.json()["errors"]) == ["content", "house_code", "phone"]

    def test_tells_its_script_where_to_go(self, as_):
        response = as_("agent").post(REGISTER, filled(), headers=JSON)
        assert response.status_code == 201
        number = Case.objects.get().number
        address = reverse("intake:registered", args=[number])
        assert response.json() == {"address": address, "number": number, "warning": ""}

    def test_takes_files_or_refuses_all(self, as_):
        files = [upload(picture()), SimpleUploadedFile("合同.pdf", b"%PDF-1.4")]
        as_("agent").post(REGISTER, filled(files=files))
        assert Case.objects.get().attachments.count() == 2
        response = as_("agent").post(REGISTER, filled(files=[upload(bytes(30 * 2**20), "大.jpg")]), headers=JSON)
        assert "大.jpg" in response.json()["errors"]["files"][0]["message"]
        assert Case.objects.count() == 1

    def test_is_for_agents(self, as_, client):
        assert as_("handler").get(REGISTER).status_code == 403
        assert "Register cases" in as_("handler").get(REGISTER).content.decode()
        client.logout()
        assert client.get(REGISTER).status_code == 302

    def test_lets_a_superuser_see_no_desk(self, as_):
        assert as_("root").get(REGISTER).status_code == 403


class TestTheHelpWhileTyping:
    def test_finds_the_place_and_says_so(self, as_):
        page = as_("agent").post(ASSIST, {"content": "坪山区坪山街道坪山甲社区路灯不亮"}).content.decode()
        assert "坪山区 › 坪山街道 › 坪山甲社区" in page

    def test_offers_the_places_of_a_contradiction(self, as_, city):
        page = as_("agent").post(ASSIST, {"content": "从坪山区到龙华区"}).content.decode()
        assert {city.districts[0].code, city.districts[1].code} == set(re.findall(r'data-area="(\d+)"', page))

    def test_offers_duty_items_labelled_as_sample(self, as_, city):
        page = as_("agent").post(ASSIST, {"content": "路灯不亮"}).content.decode()
        assert f'data-item="{city.item.item.code}"' in page
        assert 'class="sample"' in page

    def test_says_what_is_wrong_with_a_house_code(self, as_):
        page = as_("agent").post(ASSIST, {"content": "噪音", "house_code": "4" * 24}).content.decode()
        assert "24 characters" in page

    @pytest.mark.parametrize(
        "given", [{}, {"content": "x" * 200_000}, {"item": "gone", "area": "gone"}, {"item": "x" * 99}]
    )
    def test_refuses_nothing(self, as_, given):
        assert as_("agent").post(ASSIST, given).status_code == 200

    def test_finds_areas_by_any_of_their_words(self, as_, city):
        page = as_("agent").get(AREAS, {"area_words": "坪山 甲社区"}).content.decode()
        assert set(re.findall(r'data-area="(\d+)"', page)) == {areas[0].code for areas in city.communities[1]}
        assert "No area" in as_("agent").get(AREAS, {"area_words": "没有的地方"}).content.decode()
        assert as_("agent").get(AREAS).status_code == 200

    def test_is_for_agents(self, as_):
        client = as_("handler")
        answers = [client.post(ASSIST), client.get(AREAS), client.post(CALLER)]
        assert [answer.status_code for answer in answers] == [403] * 3


class TestTheCaller:
    def test_is_shown_masked_with_open_and_earlier_cases(self, as_, city):
        from intake.services import answer_case
        from shenzhen_gov.core.actor import Actor

        make_case(phone="13912345678", name="陈立", title="路灯不亮")
        old = make_case(phone="13912345678", title="咨询社保", accept=False)
        answer_case(old.pk, answer="已答复", by=Actor.staff(city.staff["agent"]), now=timezone.now())
        page = as_("agent").post(CALLER, {"phone": "139 1234 5678"}).content.decode()
        assert "139****5678" in page
        assert "陈**" in page
        assert "陈立" not in page
        assert "13912345678" not in page
        assert page.index("路灯不亮") < page.index("咨询社保")

    def test_is_new_when_never_seen(self, as_):
        assert "First call" in as_("agent").post(CALLER, {"phone": "13912345678"}).content.decode()

    @pytest.mark.parametrize("phone", ["", "1", "139123", "139123456789999"])
    def test_may_be_half_typed(self, as_, phone):
        assert as_("agent").post(CALLER, {"phone": phone}).status_code == 200

    def test_shows_a_district_agent_only_cases_in_sight(self, city, client):
        from grid.tests.factories import grant, make_staff

        make_case(phone="13912345678", title="别区的事", area=city.districts[0].code)
        make_case(phone="13912345678", title="本区的事", area=city.districts[1].code)
        client.force_login(grant(make_staff("window", city.centres[1]), "agent", city.centres[1]))
        page = client.post(CALLER, {"phone": "13912345678"}).content.decode()
        assert "本区的事" in page
        assert "别区的事" not in page


class TestTheNumberPage:
    def test_shows_number_place_and_masked_caller(self, as_, city):
        case = make_case(phone="13912345678", name="陈立", area=city.streets[0][0].code, item=city.item.item.code)
        page = as_("agent").get(reverse("intake:registered", args=[case.number])).content.decode()
        assert f'data-copy="{case.number}"' in page
        assert f"<span>{case.number[4:12]}</span>" in page
        assert "139****5678" in page
        assert "13912345678" not in page
        assert "龙华区 › 民治街道" in page

    def test_shows_a_script_as_text(self, as_):
        script, picture_script = "<script>alert(1)</script>坏了", '"><img src=x onerror=alert(1)>'
        case = make_case(content=script, title="<b>x</b>", address=picture_script)
        page = as_("agent").get(reverse("intake:registered", args=[case.number])).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>x</b>" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_does_not_exist_in_another_district_or_for_nobody(self, as_, city, client):
        case = make_case(area=city.communities[0][0][0].code)
        address = reverse("intake:registered", args=[case.number])
        assert as_("other_secretary").get(address).status_code == 404
        assert as_("community_secretary").get(address).status_code == 200
        assert as_("nobody").get(address).status_code == 404
        client.logout()
        assert client.get(address).status_code == 302


class TestAFile:
    def test_picture_is_shown_and_other_files_are_saved(self, as_, city):
        case = make_case()
        photo = add_attachment(case.pk, "evidence", upload(picture()), by=SYSTEM, now=timezone.now())
        paper = add_attachment(case.pk, "evidence", upload(b"%PDF-1.4", "合同.pdf"), by=SYSTEM, now=timezone.now())
        shown = as_("agent").get(reverse("intake:attachment", args=[photo.pk]))
        saved = as_("agent").get(reverse("intake:attachment", args=[paper.pk]))
        assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert shown["Content-Disposition"].startswith("inline")
        assert saved["Content-Disposition"].startswith("attachment")
        assert b"".join(saved.streaming_content) == b"%PDF-1.4"

    def test_does_not_exist_in_another_district(self, as_, city):
        case = make_case(area=city.communities[0][0][0].code)
        photo = add_attachment(case.pk, "evidence", upload(picture()), by=SYSTEM, now=timezone.now())
        address = reverse("intake:attachment", args=[photo.pk])
        assert as_("other_secretary").get(address).status_code == 404
        assert as_("community_secretary").get(address).status_code == 200
        assert as_("agent").get(reverse("intake:attachment", args=[0])).status_code == 404


class TestWhoCalled:
    @pytest.fixture
    def case(self, city):
        case = make_case(phone="13912345678", name="陈立")
        Case.objects.filter(pk=case.pk).update(holder=city.bureaus[0]["urban_management"])
        return case

    def test_is_shown_by_post_with_a_purpose_and_recorded(self, as_, case):
        address = reverse("intake:identity", args=[case.number])
        asked = as_("handler").get(address)
        assert "13912345678" not in asked.content.decode()
        shown = as_("handler").post(address, {"purpose": "联系诉求人核实"})
        assert "13912345678" in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert AuditEntry.objects.filter(action="citizen.viewed", object_id=case.pk).count() == 1

    def test_is_not_shown_without_a_purpose(self, as_, case):
        response = as_("handler").post(reverse("intake:identity", args=[case.number]), {"purpose": ""})
        assert response.status_code == 400
        assert "13912345678" not in response.content.decode()
        assert not AuditEntry.objects.filter(action="citizen.viewed").exists()

    def test_is_not_for_those_without_the_act(self, as_, case, city):
        Case.objects.filter(pk=case.pk).update(area=city.communities[0][0][0])
        assert as_("grid_officer").get(reverse("intake:identity", args=[case.number])).status_code == 403
        assert as_("other_handler").get(reverse("intake:identity", args=[case.number])).status_code == 404


class TestTheLanguage:
    def test_is_chinese_unless_chosen(self, city, client):
        client.force_login(city.staff["agent"])
        page = client.get(REGISTER)
        assert page["Content-Language"] == "zh-hans"
